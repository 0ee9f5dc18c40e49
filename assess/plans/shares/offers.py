"""The mail to a recipient: whether it goes, what name stands in it, and how a mailbox wants no more of them.

Anybody may share without an account, so it could become a letter of theirs to a stranger, signed by our server. Whoever shares is
told the same whether or not a mail left.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.assessments.models import Assessment
from assess.kit.clock import today
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.limits import Limit, count
from assess.kit.mail.addresses import mailbox_of
from assess.kit.mail.models import Outgoing
from assess.kit.mail.sending import last_look
from assess.people.models import Organisation
from assess.people.organisations.names import standing_of
from assess.plans.shares.looking import name_note
from assess.plans.shares.models import EVENTS, ShareGrant, StoppedOffers
from assess.plans.shares.wording import Sharer
from assess.suppliers.messages import has_numbers, leads_away

TO_MAILBOX = Limit("share-to", 5, 86_400)
"""From all who share together, whether or not their name is confirmed."""
_MARK, _SEAL = 64, 32
"""Hexadecimal digits of the two parts of a token."""


def sharer_of(session: Session, assessment_id: uuid.UUID, name: str) -> Sharer | None:
    """Who shares, where the name is that of an organisation whose name is confirmed, and nothing in it leads elsewhere; else None."""
    of = select(Organisation).join(Assessment, Assessment.organisation_id == Organisation.id)
    organisation = session.scalars(of.where(Assessment.id == assessment_id)).first()
    if organisation is None or name_note(name, organisation) is not None or leads_away(name) or has_numbers(name):
        return None
    domains = standing_of(session, organisation, today()).domains
    return Sharer(organisation.name, domains[0] if domains else "")


def may_offer(address: str, settings: Settings, session: Session) -> bool:
    """Whether a mail may go to this address; it counts. Call it before the request's own session has begun to write."""
    if is_stopped(session, address, *settings.honoured_keys):
        return False
    try:
        count(TO_MAILBOX, mailbox_of(address))
    except TooManyRequests:
        return False
    return True


def stop_path(address: str, secret: str) -> str:
    """Where the last link of such a mail leads. It is made of the mailbox, so that nothing has to be kept until somebody presses."""
    mark = _mark(address, secret)
    return f"/shared/stop/{mark}{_seal(mark, secret)}"


def mark_in(token: str, *secrets: str) -> str | None:
    """The mailbox that a link to stop is about, as its mark; None when the link is of none of these keys."""
    mark, seal = token[:_MARK], token[_MARK:].encode()
    return mark if any(hmac.compare_digest(seal, _seal(mark, secret).encode()) for secret in secrets) else None


def stop(session: Session, mark: str, now: datetime) -> None:
    """No more mails about shares to this mailbox. Stopping twice changes nothing."""
    if session.get(StoppedOffers, mark) is None:
        session.add(StoppedOffers(mark=mark, at=now))
        session.flush()


def is_stopped(session: Session, address: str, *secrets: str) -> bool:
    """Whether this mailbox wants no more of them. `secrets`: every key that is honoured, as it may have stopped them under an earlier one."""
    marks = [_mark(address, secret) for secret in secrets]
    return session.scalars(select(StoppedOffers.mark).where(StoppedOffers.mark.in_(marks))).first() is not None


@last_look
def look_whether_to_offer(database: Database, settings: Settings, mail: Outgoing, _now: datetime) -> bool:
    """Whether a mail about a share is still wanted."""
    if not mail.event.startswith(EVENTS):
        return True
    grant_id = mail.event.removeprefix(EVENTS).partition(" ")[0]
    with database.reading() as look:
        grant = look.get(ShareGrant, uuid.UUID(grant_id))
        return grant is not None and not is_stopped(look, grant.email, *settings.honoured_keys)


def _mark(address: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"share mails to {mailbox_of(address)}".encode(), hashlib.sha256).hexdigest()


def _seal(mark: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"stop share mails to {mark}".encode(), hashlib.sha256).hexdigest()[:_SEAL]

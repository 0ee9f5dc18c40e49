"""The mail to a recipient: whether it goes, what name stands in it, and how a mailbox wants no more of them.

Anybody may share without an account, so it could become a letter of theirs to a stranger, signed by our server. Whoever shares is
told the same whether or not a mail left.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.assessments.models import Assessment
from assess.kit.clock import today
from assess.kit.config import Settings
from assess.kit.limits import Limit, count
from assess.kit.mail.addresses import mailbox_of
from assess.kit.mail.events import MailMayLeave
from assess.kit.mail.unsubscribe import MailKind
from assess.people.models import Organisation
from assess.people.organisations.names import standing_of
from assess.plans.shares.looking import name_note
from assess.plans.shares.models import EVENTS, ShareGrant
from assess.plans.shares.wording import Sharer
from assess.suppliers.messages import has_numbers, leads_away

TO_MAILBOX = Limit("share-to", 5, 86_400)
"""From all who share together, whether or not their name is confirmed."""
OFFERS = MailKind(
    "share mails",
    "/shared/stop/",
    "a business wants to share something with it. A business can still send you a link itself.",
)


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
    if OFFERS.is_stopped(session, address, settings.honoured_keys):
        return False
    try:
        count(TO_MAILBOX, mailbox_of(address))
    except TooManyRequests:
        return False
    return True


def is_share_mail_wanted(asked: MailMayLeave) -> bool:
    """Whether a mail about a share is still wanted."""
    if not asked.mail.event.startswith(EVENTS):
        return True
    grant_id = asked.mail.event.removeprefix(EVENTS).partition(" ")[0]
    with asked.database.reading() as look:
        grant = look.get(ShareGrant, uuid.UUID(grant_id))
        return grant is not None and not OFFERS.is_stopped(look, grant.email, asked.settings.honoured_keys)

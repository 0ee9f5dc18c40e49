"""What stops the letters of a buyer: people who do not know it, and mail servers that refuse it. An administrator lets them go on."""

from __future__ import annotations

import math
import uuid
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.clock import now as moment
from assess.kit.config import Settings
from assess.kit.mail.foot import foot
from assess.kit.mail.outbox import Mail, queue
from assess.people.models import Organisation, Person
from assess.people.organisations.names import standing_of
from assess.suppliers.models import Because, LetterPause, NotKnown, SupplierLetter

FEWEST_PRESSES = 3
"""From so many mailboxes. More letters take more: `SHARE_OF_LETTERS` of those of `COUNTED_FOR`, above 150 letters."""
SHARE_OF_LETTERS = 0.02
COUNTED_FOR = timedelta(days=30)
FIRST_LETTERS = 50
MOST_REFUSED = 5
"""A tenth of the first letters: whoever knows its suppliers knows their addresses."""
PAGE = "/desk/letters"
_SUBJECT = "The letters of an organisation are on hold"


def is_paused(session: Session, buyer_id: uuid.UUID, domain: str | None = None) -> bool:
    """Whether no letter of this buyer may go. `domain`: of government, while its name waits; whatever holds another one there holds it.

    A buyer that deletes itself and begins again is held by what was said of its letters.
    """
    own = LetterPause.buyer_id == buyer_id
    if domain is not None:
        own |= LetterPause.buyer_id.in_(select(Organisation.id).where(Organisation.domain == domain))
    if session.scalar(select(exists().where(own, LetterPause.lifted_at.is_(None)))):
        return True
    if domain is None:
        return False
    return _is_held_at(session, domain, moment())


def note_not_known(session: Session, buyer_id: uuid.UUID, mark: str, settings: Settings, now: datetime) -> None:
    """A mailbox pressed “I do not know them”. Pressing again changes nothing."""
    buyer = _hold(session, buyer_id)
    if buyer is None or session.get(NotKnown, (buyer_id, mark)) is not None:
        return
    session.add(NotKnown(buyer_id=buyer_id, mark=mark, at=now))
    session.flush()
    since = _counted_since(session, buyer_id, now - COUNTED_FOR)
    presses = select(func.count()).select_from(NotKnown).where(NotKnown.buyer_id == buyer_id, NotKnown.at > since)
    letters = select(func.count()).where(
        SupplierLetter.buyer_id == buyer_id, SupplierLetter.made_at > now - COUNTED_FOR
    )
    enough = max(FEWEST_PRESSES, math.ceil(SHARE_OF_LETTERS * (session.scalar(letters) or 0)))
    if (session.scalar(presses) or 0) >= enough or _waits_where_held(session, buyer, now):
        _pause(session, buyer_id, Because.NOT_KNOWN, settings, now)


def note_refused(session: Session, event: str, settings: Settings, now: datetime) -> None:
    """A mail server refused this letter for good."""
    letter = session.scalars(select(SupplierLetter).where(SupplierLetter.event == event)).first()
    buyer = None if letter is None else _hold(session, letter.buyer_id)
    if letter is None or buyer is None:
        return
    letter.refused_at = now
    session.flush()
    since = _counted_since(session, letter.buyer_id, None)
    first = select(SupplierLetter.refused_at).where(SupplierLetter.buyer_id == letter.buyer_id)
    if since is not None:
        first = first.where(SupplierLetter.made_at > since)
    first = first.order_by(SupplierLetter.made_at, SupplierLetter.number).limit(FIRST_LETTERS)
    if sum(refused is not None for refused in session.scalars(first)) >= MOST_REFUSED or _waits_where_held(
        session, buyer, now
    ):
        _pause(session, letter.buyer_id, Because.REFUSED, settings, now)


def lift(session: Session, pause: LetterPause, person_id: uuid.UUID, reason: str, now: datetime) -> None:
    """Let the letters go on. What was counted before counts no more. Lifting twice changes nothing."""
    if pause.lifted_at is None:
        pause.lifted_at, pause.lifted_by, pause.reason = now, person_id, reason
        session.flush()


def tell_desks(
    session: Session,
    event: str,
    subject: str,
    sentence: str,
    settings: Settings,
    now: datetime,
) -> None:
    """A mail to everybody with a desk: a sentence and a link, and nothing of any supplier."""
    if settings.mail_server is None:
        return
    wanted = select(Person).where(
        Person.desk.is_not(None), Person.disabled_at.is_(None), Person.confirmed_at.is_not(None)
    )
    text = f"{sentence}\n\n{settings.base_url}{PAGE}\n\n{foot(settings)}\n"
    for person in session.scalars(wanted.order_by(Person.email)):
        queue(session, Mail(f"{event}:{person.id.hex}", person.email, subject, text, None), now)


def _pause(session: Session, buyer_id: uuid.UUID, because: Because, settings: Settings, now: datetime) -> None:
    if is_paused(session, buyer_id):
        return
    made = LetterPause(buyer_id=buyer_id, because=because, at=now)
    session.add(made)
    session.flush()
    sentence = "The letters of an organisation to its suppliers are on hold. Please look at it and decide:"
    tell_desks(session, f"letters on hold:{made.id.hex}", _SUBJECT, sentence, settings, now)


def _waits_where_held(session: Session, buyer: Organisation, now: datetime) -> bool:
    domain = standing_of(session, buyer, date_at(now)).government_domain
    return domain is not None and _is_held_at(session, domain, now)


def _is_held_at(session: Session, domain: str, now: datetime) -> bool:
    """Whether what was said of all letters of names that waited at this domain is enough to hold them."""
    at_domain = select(Organisation.id).where(Organisation.domain == domain)
    lifted = session.scalar(select(func.max(LetterPause.lifted_at)).where(LetterPause.buyer_id.in_(at_domain)))
    since = max(filter(None, [lifted, now - COUNTED_FOR]))
    theirs = SupplierLetter.asked_from == domain
    presses = select(func.count(SupplierLetter.mark.distinct())).where(theirs, SupplierLetter.not_known_at > since)
    refused = select(func.count()).where(theirs, SupplierLetter.refused_at > since)
    return (session.scalar(presses) or 0) >= FEWEST_PRESSES or (session.scalar(refused) or 0) >= MOST_REFUSED


def _hold(session: Session, buyer_id: uuid.UUID) -> Organisation | None:
    """The buyer, held: of several who press at once each one counts, and the letters pause once."""
    return session.get(Organisation, buyer_id, with_for_update=True)


def _counted_since(session: Session, buyer_id: uuid.UUID, at_least: datetime | None) -> datetime | None:
    lifted = session.scalar(select(func.max(LetterPause.lifted_at)).where(LetterPause.buyer_id == buyer_id))
    found = [moment for moment in (lifted, at_least) if moment is not None]
    return max(found) if found else None

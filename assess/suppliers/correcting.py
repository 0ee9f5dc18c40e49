"""When a name is taken back: what waits is not sent, and everybody who was written to hears of it, once a second person has looked.

Letters that have left cannot be called back; their links say that we can no longer confirm who asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from assess.kit.clock import now as moment
from assess.kit.config import Settings
from assess.kit.jobs.ordering import LONG, defer
from assess.kit.jobs.registry import Work
from assess.kit.mail.foot import foot
from assess.kit.mail.models import Outgoing
from assess.kit.mail.outbox import Mail, queue, withdraw_all
from assess.people.models import Organisation
from assess.people.organisations.events import NameRevoked, OrganisationDeleted
from assess.people.organisations.models import NameDecision
from assess.suppliers import letter_words
from assess.suppliers.asker import is_over
from assess.suppliers.letters import ADDRESS_KEPT, CHECK_PAGE
from assess.suppliers.models import LetterCorrection, SupplierLetter

SENDING = "correct_letters"
AT_ONCE = 50
"""Mails in one transaction."""


class SamePersonError(Exception):
    """Whoever took the name back does not send the letter about it: a second person looks."""


class NothingToCorrectError(Exception):
    """It was sent already, or the name counts again."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A correcting letter that waits for a second person. `mailboxes`: to how many it goes."""

    correction: LetterCorrection
    mailboxes: int
    names: tuple[str, ...]
    """The names that stood in the letters."""


def take_letters_back(session: Session, event: NameRevoked) -> None:
    """No letter that waits is sent, and a correcting letter is drafted: also for a name that its own people gave up."""
    organisation, at = event.organisation, moment()
    own = select(SupplierLetter.event).where(SupplierLetter.buyer_id == organisation.id)
    withdraw_all(session, Outgoing.event.in_(own), at)
    decided = select(NameDecision.by_id).where(NameDecision.organisation_id == organisation.id)
    by = session.scalars(decided.order_by(NameDecision.id.desc()).limit(1)).first()
    unsent = _unsent(session, organisation.id)
    if unsent is not None:
        # it may be from a time that was undone: whoever takes the name back now is not the second person
        unsent.taken_back_by = by or unsent.taken_back_by
    elif session.scalar(select(func.count()).select_from(_mailboxes(organisation.id, at).subquery())):
        session.add(LetterCorrection(buyer_id=organisation.id, taken_back_by=by, drafted_at=at))
    session.flush()


def forget_addresses(session: Session, event: OrganisationDeleted) -> Generator[None]:
    """Forget whom a buyer wrote to when it is deleted, unless they are still to hear that its name was taken back."""
    if _unsent(session, event.organisation_id) is None:
        for letter in session.scalars(select(SupplierLetter).where(SupplierLetter.buyer_id == event.organisation_id)):
            letter.address = ""
    yield


def drafts(session: Session) -> list[Draft]:
    """The correcting letters that wait, the oldest first. They wait until they are sent, or every name in the letters is confirmed again."""
    waiting = select(LetterCorrection).where(LetterCorrection.sent_at.is_(None)).order_by(LetterCorrection.drafted_at)
    return [
        Draft(one, _count(session, one), _names(session, one))
        for one in session.scalars(waiting)
        if _is_due(session, one)
    ]


def draft_of(session: Session, correction_id: uuid.UUID) -> Draft | None:
    """One that waits."""
    return next((one for one in drafts(session) if one.correction.id == correction_id), None)


def text_of(names: Sequence[str], settings: Settings) -> str:
    """What it says. `names`: that stood in the letters."""
    return letter_words.correction(names, f"{settings.base_url}{CHECK_PAGE}", foot(settings))


def send(session: Session, correction_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> int:
    """Have it sent, also to those who wanted no more mail from that buyer: once. Returns to how many mailboxes.

    Raises:
        NothingToCorrectError, SamePersonError
    """
    correction = session.get(LetterCorrection, correction_id, with_for_update=True, populate_existing=True)
    if correction is None or correction.sent_at is not None or not _is_due(session, correction):
        raise NothingToCorrectError
    if correction.taken_back_by == person_id:
        raise SamePersonError
    correction.sent_at, correction.sent_by, correction.emails = now, person_id, _count(session, correction)
    session.flush()
    defer(session, SENDING, key=f"{SENDING}:{correction.id}", rank=LONG, now=now, correction_id=str(correction.id))
    return correction.emails


def correct_letters(work: Work, *, correction_id: str) -> None:
    """Write to each mailbox. However often it is begun, each gets one."""
    with work.database.reading() as look:
        correction = look.get(LetterCorrection, uuid.UUID(correction_id))
        if correction is None or correction.sent_at is None:
            return
        rows: Sequence[tuple[str, str]] = [
            (row.mark, row.address) for row in look.execute(_mailboxes(correction.buyer_id, correction.drafted_at))
        ]
        names = _names(look, correction)
    text, subject = text_of(names, work.settings), letter_words.CORRECTION_SUBJECT
    for start in range(0, len(rows), AT_ONCE):
        with work.database.writing() as session:
            for mark, address in rows[start : start + AT_ONCE]:
                event = f"letter correction {correction.id.hex} {mark[:32]}"
                queue(session, Mail(event, address, subject, text, None), work.now())
        work.progress(min(start + AT_ONCE, len(rows)), len(rows))


def _is_due(session: Session, correction: LetterCorrection) -> bool:
    names = _names(session, correction)
    buyer = session.get(Organisation, correction.buyer_id)
    return bool(names) and (buyer is None or any(is_over(session, buyer, name) for name in names))


def _unsent(session: Session, buyer_id: uuid.UUID) -> LetterCorrection | None:
    wanted = select(LetterCorrection).where(LetterCorrection.buyer_id == buyer_id, LetterCorrection.sent_at.is_(None))
    return session.scalars(wanted.limit(1)).first()


def _count(session: Session, correction: LetterCorrection) -> int:
    found = _mailboxes(correction.buyer_id, correction.drafted_at).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _names(session: Session, correction: LetterCorrection) -> tuple[str, ...]:
    of = _went(correction.buyer_id, correction.drafted_at)
    wanted = select(SupplierLetter.buyer).join(Outgoing, Outgoing.event == SupplierLetter.event).where(*of).distinct()
    return tuple(session.scalars(wanted.order_by(SupplierLetter.buyer)))


def _mailboxes(buyer_id: uuid.UUID, drafted_at: datetime) -> Select[str, str]:
    """The mailboxes to which a letter of this buyer went in the 90 days before, each once, with an address of each."""
    return (
        select(SupplierLetter.mark, func.max(SupplierLetter.address).label("address"))
        .join(Outgoing, Outgoing.event == SupplierLetter.event)
        .where(*_went(buyer_id, drafted_at))
        .group_by(SupplierLetter.mark)
        .order_by(SupplierLetter.mark)
    )


def _went(buyer_id: uuid.UUID, drafted_at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SupplierLetter.buyer_id == buyer_id,
        SupplierLetter.made_at > drafted_at - ADDRESS_KEPT,
        SupplierLetter.address != "",
        Outgoing.sent_at.is_not(None),
    )

"""When a buyer's name is revoked: cancel queued emails and send a correction to everyone it wrote to, after a second person has approved it."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from assess.core import clock
from assess.core.config import Settings
from assess.core.errors import NotFoundError
from assess.core.jobs.services import ORDER_LONG, JobContext, enqueue
from assess.core.mail.services import Mail, enqueue_mail, mail_footer, withdraw_mails_where
from assess.core.models import OutgoingMail
from assess.identity.events import NameRevoked, OrganisationDeleted
from assess.identity.models import Organisation, OrganisationNameEvent
from assess.suppliers import emails as suppliers_emails
from assess.suppliers.emails import ADDRESS_RETENTION, CHECK_EMAIL_PATH, is_name_invalid
from assess.suppliers.models import EmailCorrection, SupplierEmail

CORRECTION_JOB = "correct_letters"
CORRECTIONS_PER_TRANSACTION = 50


class SamePersonError(Exception):
    """The person who took the name back does not send the email about it: a second person looks."""


class NothingToCorrectError(NotFoundError):
    """It was sent already, or the name counts again."""


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """A correcting email that waits for a second person. `mailboxes`: to how many it goes."""

    correction: EmailCorrection
    mailboxes: int
    names: tuple[str, ...]


def withdraw_emails_and_draft_correction(session: Session, event: NameRevoked) -> None:
    """No email that waits is sent, and a correcting email is drafted: also for a name that its own people gave up."""
    organisation, at = event.organisation, clock.now()
    own = select(SupplierEmail.event).where(SupplierEmail.buyer_id == organisation.id)
    withdraw_mails_where(session, OutgoingMail.event.in_(own), at)
    decided = select(OrganisationNameEvent.by_id).where(OrganisationNameEvent.organisation_id == organisation.id)
    by = session.scalars(decided.order_by(OrganisationNameEvent.id.desc()).limit(1)).first()
    unsent = _unsent(session, organisation.id)
    if unsent is not None:
        # it may be from a time that was undone: the person who takes the name back now is not the second person
        unsent.taken_back_by = by or unsent.taken_back_by
    elif session.scalar(select(func.count()).select_from(_mailboxes(organisation.id, at).subquery())):
        session.add(EmailCorrection(buyer_id=organisation.id, taken_back_by=by, drafted_at=at))
    session.flush()


def delete_email_addresses(session: Session, event: OrganisationDeleted) -> Generator[None]:
    """Forget whom a buyer wrote to when it is deleted, unless they are still to hear that its name was taken back."""
    if _unsent(session, event.organisation_id) is None:
        for email in session.scalars(select(SupplierEmail).where(SupplierEmail.buyer_id == event.organisation_id)):
            email.address = ""
    yield


def list_correction_drafts(session: Session) -> list[CorrectionDraft]:
    """The correcting emails that wait, the oldest first. They wait until they are sent, or every name in the emails is confirmed again."""
    waiting = select(EmailCorrection).where(EmailCorrection.sent_at.is_(None)).order_by(EmailCorrection.drafted_at)
    return [
        CorrectionDraft(one, _count_mailboxes(session, one), _sender_names(session, one))
        for one in session.scalars(waiting)
        if _is_due(session, one)
    ]


def get_correction_draft(session: Session, correction_id: uuid.UUID) -> CorrectionDraft | None:
    return next((one for one in list_correction_drafts(session) if one.correction.id == correction_id), None)


def correction_text(names: Sequence[str], settings: Settings) -> str:
    return suppliers_emails.correction_email_text(
        names, f"{settings.base_url}{CHECK_EMAIL_PATH}", mail_footer(settings)
    )


def queue_correction(session: Session, correction_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> int:
    """Have it sent, also to those who wanted no more mail from that buyer: once. Returns to how many mailboxes.

    Raises:
        NothingToCorrectError, SamePersonError
    """
    correction = session.get(EmailCorrection, correction_id, with_for_update=True, populate_existing=True)
    if correction is None or correction.sent_at is not None or not _is_due(session, correction):
        raise NothingToCorrectError
    if correction.taken_back_by == person_id:  # two pairs of eyes: who took the name back does not send it too
        raise SamePersonError
    correction.sent_at, correction.sent_by, correction.emails = now, person_id, _count_mailboxes(session, correction)
    session.flush()
    enqueue(
        session,
        CORRECTION_JOB,
        key=f"{CORRECTION_JOB}:{correction.id}",
        rank=ORDER_LONG,
        now=now,
        correction_id=str(correction.id),
    )
    return correction.emails


def send_correction_emails(context: JobContext, *, correction_id: str) -> None:
    """Write to each mailbox. However often it is begun, each gets one."""
    with context.database.reading() as session:
        correction = session.get(EmailCorrection, uuid.UUID(correction_id))
        if correction is None or correction.sent_at is None:
            return
        rows: Sequence[tuple[str, str]] = [
            (row.mark, row.address) for row in session.execute(_mailboxes(correction.buyer_id, correction.drafted_at))
        ]
        names = _sender_names(session, correction)
    text, subject = correction_text(names, context.settings), suppliers_emails.CORRECTION_SUBJECT
    for start in range(0, len(rows), CORRECTIONS_PER_TRANSACTION):
        with context.database.writing() as session:
            for mark, address in rows[start : start + CORRECTIONS_PER_TRANSACTION]:
                event = f"letter correction {correction.id.hex} {mark[:32]}"
                enqueue_mail(session, Mail(event, address, subject, text, None), context.now())
        context.progress(min(start + CORRECTIONS_PER_TRANSACTION, len(rows)), len(rows))


def _is_due(session: Session, correction: EmailCorrection) -> bool:
    names = _sender_names(session, correction)
    buyer = session.get(Organisation, correction.buyer_id)
    return bool(names) and (buyer is None or any(is_name_invalid(session, buyer, name) for name in names))


def _unsent(session: Session, buyer_id: uuid.UUID) -> EmailCorrection | None:
    return session.scalars(
        select(EmailCorrection).where(EmailCorrection.buyer_id == buyer_id, EmailCorrection.sent_at.is_(None)).limit(1)
    ).first()


def _count_mailboxes(session: Session, correction: EmailCorrection) -> int:
    found = _mailboxes(correction.buyer_id, correction.drafted_at).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _sender_names(session: Session, correction: EmailCorrection) -> tuple[str, ...]:
    of = _sent_conditions(correction.buyer_id, correction.drafted_at)
    query = (
        select(SupplierEmail.buyer).join(OutgoingMail, OutgoingMail.event == SupplierEmail.event).where(*of).distinct()
    )
    return tuple(session.scalars(query.order_by(SupplierEmail.buyer)))


def _mailboxes(buyer_id: uuid.UUID, drafted_at: datetime) -> Select[str, str]:
    """The mailboxes to which an email of this buyer went in the 90 days before, each once, with an address of each."""
    return (
        select(SupplierEmail.mark, func.max(SupplierEmail.address).label("address"))
        .join(OutgoingMail, OutgoingMail.event == SupplierEmail.event)
        .where(*_sent_conditions(buyer_id, drafted_at))
        .group_by(SupplierEmail.mark)
        .order_by(SupplierEmail.mark)
    )


def _sent_conditions(buyer_id: uuid.UUID, drafted_at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SupplierEmail.buyer_id == buyer_id,
        SupplierEmail.made_at > drafted_at - ADDRESS_RETENTION,
        SupplierEmail.address != "",
        OutgoingMail.sent_at.is_not(None),
    )

"""Daily job that sends first emails and reminders around the due date, and reminders sent by hand. Safe to run twice: each email has a unique event name."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.clock import UK_ZONE, uk_date
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.events import publish
from assess.core.jobs.services import JobContext
from assess.core.logs import code_location, log
from assess.core.mail.services import MailMayBeSent, MailRefused
from assess.core.models import OutgoingMail
from assess.identity.models import Organisation
from assess.suppliers import emails
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import BuyerUnsubscribe, InvitationStatus, Supplier, SupplierEvent, SupplierInvitation
from assess.suppliers.send_limits import mark_email_refused
from assess.suppliers.services import active_invitations

REMINDER_DAYS = (-14, -7, -1, 1, 7, 14)
"""When a reminder goes: days before the date, and after it."""

MIN_DAYS_AFTER_FIRST = 3
"""Days for which a supplier has peace after the first email."""
_CATCH_UP_DAYS = 1
"""Days for which a reminder may be late, when no worker was there."""


class ReminderRunError(Exception):
    """One supplier or more could not be looked at."""


def send_due_emails(context: JobContext) -> None:
    """Write the emails of this day. Run twice on a day it writes nothing more."""
    number = send_all_due_emails(context.database, context.settings, context.now(), context.progress)
    if number:
        log("supplier_letters_written", number=number)


def count_mail_refusal(session: Session, event: MailRefused) -> None:
    mark_email_refused(session, event.mail_event, event.settings, event.now)


def is_email_still_wanted(asked: MailMayBeSent) -> bool:
    with asked.database.reading() as session:
        return emails.may_email_leave(session, asked.mail.event, asked.settings, uk_date(asked.now))


def send_all_due_emails(
    database: Database, settings: Settings, now: datetime, progress: Callable[[int, int], None] | None = None
) -> int:
    """Look at every supplier to whom something may be due, and write. Returns how many emails were written.

    Raises:
        ReminderRunError: at the end, when one failed; the round may be run again.
    """
    with database.writing() as session:
        emails.delete_old_emails(session, now)
    with database.reading() as session:
        wanted = _invitations_to_check(session, settings, uk_date(now))
    keys = AuditKeys.of(settings)
    written = failed = 0
    for done, invitation_id in enumerate(wanted):
        try:
            written += _check_invitation(database, settings, keys, invitation_id, now)
        except Exception as error:  # noqa: BLE001  # whatever it is, the others get their email; it is raised at the end
            failed += 1
            log("supplier_letter_failed", error=type(error).__name__, where=code_location(error.__traceback__))
        if progress is not None:
            progress(done + 1, len(wanted))
    if failed:
        raise ReminderRunError
    return written


def send_manual_reminder(
    session: Session, supplier_id: uuid.UUID, settings: Settings, now: datetime, *, by: uuid.UUID | None
) -> bool:
    """Remind this supplier at once, because a buyer says so. False when nothing may be sent."""
    supplier = session.get(Supplier, supplier_id)
    found = active_invitations(session, supplier_id) if supplier is not None else ()
    if supplier is None or not found or no_reminder_reason(session, supplier, found[0], settings, now) is not None:
        return False
    return emails.queue_reminder(
        session, supplier, found[0], emails.manual_reminder_name(uk_date(now)), settings, now, by=by
    )


def no_reminder_reason(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, settings: Settings, now: datetime
) -> str | None:
    reason = emails.no_email_reason(
        session, supplier, session.get_one(Organisation, supplier.buyer_id), settings, uk_date(now)
    )
    if reason is not None:
        return emails.NO_EMAIL_MESSAGES[reason]
    if invitation.status not in emails.REMINDABLE_STATUSES:
        return "There is nothing to remind of."
    if invitation.status is InvitationStatus.SUBMITTED and emails.was_email_queued(
        session, invitation, emails.FINISHED_EMAIL
    ):
        return "They have finished, and we have written once that they can share it. That is theirs to decide."
    if emails.was_emailed_today(session, supplier.id, now):
        return "An email went today. There is never a second one on the same day."
    count = select(func.count()).where(
        OutgoingMail.event.startswith(f"{invitation.events}{emails.MANUAL_REMINDER_PREFIX}", autoescape=True)
    )
    if (session.scalar(count) or 0) >= emails.MAX_MANUAL_REMINDERS:
        return f"You have reminded them {emails.MAX_MANUAL_REMINDERS} times. Call them instead: a call helps more than a fourth email."
    return None


def reminder_due_on(due: date, first_sent: date, today: date) -> int | None:
    """Which reminder is due today, as days from the date of the buyer; None on most days."""
    for days in reversed(REMINDER_DAYS):  # the later one first, so that after a pause only that one is made up for
        nominal = due + timedelta(days=days)
        if nominal <= today <= nominal + timedelta(days=_CATCH_UP_DAYS):
            return days if days in possible_reminders(due, first_sent) else None
    return None


def possible_reminders(due: date, first_sent: date) -> list[int]:
    """Which reminders can come after a first email of this day, as days from the date of the buyer, in their order."""
    earliest = first_sent + timedelta(days=MIN_DAYS_AFTER_FIRST)
    return [days for days in REMINDER_DAYS if due + timedelta(days=days) >= earliest]


def _invitations_to_check(session: Session, settings: Settings, today: date) -> list[uuid.UUID]:
    """The invitations to look at today. Whose buyer may not write is left out, but for those whose day of waiting is over."""
    waits = SupplierInvitation.status == InvitationStatus.WAITING
    mails = Supplier.email != ""
    unsent = SupplierInvitation.sent_at.is_(None) & (SupplierInvitation.status == InvitationStatus.INVITED) & mails
    near = SupplierInvitation.sent_at.is_not(None) & SupplierInvitation.status.in_(emails.REMINDABLE_STATUSES) & mails
    # rather too many than too few: `reminder_due_on` decides
    near &= SupplierInvitation.due.between(
        today + timedelta(days=REMINDER_DAYS[0] - 2), today - timedelta(days=REMINDER_DAYS[0] - 2)
    )
    sendable = (unsent | near) if settings.mail_server is not None else waits
    rows = session.execute(
        select(SupplierInvitation.id, SupplierInvitation.status, Supplier.buyer_id)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .where(SupplierInvitation.ended_at.is_(None), Supplier.archived_at.is_(None))
        .where(SupplierInvitation.send_on <= today, waits | sendable)
        .order_by(SupplierInvitation.made_at, SupplierInvitation.id)
    ).all()
    write = {
        buyer.id
        for buyer in session.scalars(select(Organisation).where(Organisation.id.in_({row.buyer_id for row in rows})))
        if emails.may_send_emails(session, buyer, settings, today)
    }
    return [row.id for row in rows if row.status is InvitationStatus.WAITING or row.buyer_id in write]


def _check_invitation(
    database: Database, settings: Settings, keys: AuditKeys, invitation_id: uuid.UUID, now: datetime
) -> bool:
    today = uk_date(now)
    with database.writing() as session:
        invitation = session.get(SupplierInvitation, invitation_id, with_for_update=True, populate_existing=True)
        if invitation is None or not invitation.lives:
            return False
        supplier = session.get_one(Supplier, invitation.supplier_id)
        waited = invitation.status is InvitationStatus.WAITING and invitation.send_on <= today
        if waited:
            invitation.status = InvitationStatus.INVITED
        written = _send_due_email(session, supplier, invitation, settings, now)
        if waited or written:
            publish(session, SupplierChanged(supplier.id, now))
            event = NewAuditEvent(
                action="suppliers.manage",
                # a first email sets `sent_at` in this very transaction
                verb="reminded" if written and invitation.sent_at != now else "sent",
                who=job_actor("chase"),
                about=("supplier", supplier.id),
                organisation_id=supplier.buyer_id,
            )
            append_event(session, keys, event, now)
    return written


def _send_due_email(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, settings: Settings, now: datetime
) -> bool:
    if invitation.sent_at is None:
        return invitation.status in emails.REMINDABLE_STATUSES and emails.send_first_email_if_due(
            session, supplier, invitation, settings, now
        )
    days = reminder_due_on(invitation.due, uk_date(invitation.sent_at), uk_date(now))
    return days is not None and emails.queue_reminder(
        session, supplier, invitation, f"{emails.DUE_REMINDER_PREFIX}{days:+d}", settings, now
    )


def find_remindable_suppliers(
    session: Session, buyer: Organisation, roots: Select[Any], settings: Settings, now: datetime
) -> frozenset[uuid.UUID]:
    """Which of these suppliers of this buyer a reminder would reach now. Each stands for all entries that are shown as one with it."""
    if not emails.may_send_emails(session, buyer, settings, uk_date(now)):
        return frozenset()
    today = (
        select(SupplierEvent.id)
        .where(
            SupplierEvent.supplier_id == Supplier.id,
            SupplierEvent.what.in_(emails.EMAIL_EVENTS),
            SupplierEvent.at >= datetime.combine(uk_date(now), time(), UK_ZONE),
        )
        .exists()
    )
    found = session.execute(
        select(Supplier.merged_into, Supplier.id, Supplier.email, SupplierInvitation)
        .join(SupplierInvitation, SupplierInvitation.supplier_id == Supplier.id)
        .where(
            Supplier.buyer_id == buyer.id,
            func.coalesce(Supplier.merged_into, Supplier.id).in_(roots),
            Supplier.archived_at.is_(None),
            Supplier.email != "",
            SupplierInvitation.ended_at.is_(None),
            SupplierInvitation.status.in_(emails.REMINDABLE_STATUSES),
            ~today,
        )
    ).all()
    stopped = frozenset(session.scalars(select(BuyerUnsubscribe.mark).where(BuyerUnsubscribe.buyer_id == buyer.id)))
    written = _count_emails(session, (row.SupplierInvitation for row in found))
    return frozenset(
        row.merged_into or row.id
        for row in found
        if stopped.isdisjoint(emails.mailbox_hash(row.email, secret) for secret in settings.honoured_keys)
        and _may_be_reminded(row.SupplierInvitation, written)
    )


def _may_be_reminded(invitation: SupplierInvitation, written: Mapping[str, int]) -> bool:
    if invitation.status is InvitationStatus.SUBMITTED and written[f"{invitation.events}{emails.FINISHED_EMAIL}"]:
        return False
    return written[f"{invitation.events}{emails.MANUAL_REMINDER_PREFIX}"] < emails.MAX_MANUAL_REMINDERS


def _count_emails(session: Session, invitations: Iterable[SupplierInvitation]) -> Mapping[str, int]:
    first = min((one.made_at for one in invitations), default=None)
    if first is None:
        return Counter()
    names = or_(
        OutgoingMail.event.contains(f" {emails.MANUAL_REMINDER_PREFIX}", autoescape=True),
        OutgoingMail.event.endswith(f" {emails.FINISHED_EMAIL}"),
    )
    found = session.scalars(select(OutgoingMail.event).where(OutgoingMail.made_at >= first, names))
    return Counter(
        before + emails.MANUAL_REMINDER_PREFIX if by_hand else before
        for before, by_hand, _ in (name.partition(emails.MANUAL_REMINDER_PREFIX) for name in found)
    )

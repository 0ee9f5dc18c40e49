"""What a worker does each morning for every buyer: letters whose day has come, and reminders around the date; and one by hand.

Each supplier has a transaction of its own, and a letter is known by its name, so the round may be run twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.clock import date_at
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.events import publish
from assess.kit.jobs.registry import Work
from assess.kit.logs import log, where
from assess.kit.mail.events import MailMayLeave, MailRefused
from assess.kit.mail.models import Outgoing
from assess.people.models import Organisation
from assess.suppliers.brakes import note_refused
from assess.suppliers.events import SupplierChanged
from assess.suppliers.inviting import living
from assess.suppliers.letter_words import SAYS
from assess.suppliers.letters import (
    AROUND,
    BY_HAND,
    FINISHED,
    MAY_BE_REMINDED,
    MOST_BY_HAND,
    by_hand,
    forget_letters,
    may_leave,
    may_write,
    remind,
    send_if_due,
    silence,
    was_written,
    written_today,
)
from assess.suppliers.models import Status, Supplier, SupplierInvitation
from assess.suppliers.rationing import forget_rations

DAYS = (-14, -7, -1, 1, 7, 14)
"""When a reminder goes: days before the date, and after it."""

LEAST_AFTER_FIRST = 3
"""Days for which a supplier has peace after the first letter."""
_STILL_GOES = 1
"""Days for which a reminder may be late, when no worker was there."""


class ChaseUnfinishedError(Exception):
    """One supplier or more could not be looked at."""


def chase(work: Work) -> None:
    """Write the letters of this day. Run twice on a day it writes nothing more."""
    number = chase_all(work.database, work.settings, work.now(), work.progress)
    if number:
        log("supplier_letters_written", number=number)


def look_at_refusal(session: Session, event: MailRefused) -> None:
    """Whether too many letters of a buyer are refused."""
    note_refused(session, event.mail_event, event.settings, event.now)


def is_letter_wanted(asked: MailMayLeave) -> bool:
    """Whether a letter to a supplier may leave after all that happened since it was written."""
    with asked.database.reading() as look:
        return may_leave(look, asked.mail.event, asked.settings, date_at(asked.now))


def chase_all(
    database: Database, settings: Settings, now: datetime, progress: Callable[[int, int], None] | None = None
) -> int:
    """Look at every supplier to whom something may be due, and write. Returns how many letters were written.

    Raises:
        ChaseUnfinishedError: at the end, when one failed; the round may be run again.
    """
    with database.writing() as session:
        forget_rations(session, date_at(now))
        forget_letters(session, now)
    with database.reading() as look:
        wanted = _wanted(look, settings, date_at(now))
    keys = Keys.of(settings)
    written = failed = 0
    for done, invitation_id in enumerate(wanted):
        try:
            written += _look_at(database, settings, keys, invitation_id, now)
        except Exception as error:  # noqa: BLE001  # whatever it is, the others get their letter; it is raised at the end
            failed += 1
            log("supplier_letter_failed", error=type(error).__name__, where=where(error.__traceback__))
        if progress is not None:
            progress(done + 1, len(wanted))
    if failed:
        raise ChaseUnfinishedError
    return written


def remind_now(
    session: Session, supplier_id: uuid.UUID, settings: Settings, now: datetime, *, by: uuid.UUID | None
) -> bool:
    """Remind this supplier at once, because somebody who buys says so. False when nothing may be sent."""
    supplier = session.get(Supplier, supplier_id)
    found = living(session, supplier_id) if supplier is not None else ()
    if supplier is None or not found or why_not(session, supplier, found[0], settings, now) is not None:
        return False
    return remind(session, supplier, found[0], by_hand(date_at(now)), settings, now, by=by)


def why_not(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, settings: Settings, now: datetime
) -> str | None:
    """Why no reminder may be sent by hand now, in a sentence for the buyer; None when one may."""
    because = silence(session, supplier, session.get_one(Organisation, supplier.buyer_id), settings, date_at(now))
    if because is not None:
        return SAYS[because]
    if invitation.status not in MAY_BE_REMINDED:
        return "There is nothing to remind of."
    if invitation.status is Status.SUBMITTED and was_written(session, invitation, FINISHED):
        return "They have finished, and we have written once that they can share it. That is theirs to decide."
    if written_today(session, supplier.id, now):
        return "A letter went today. There is never a second one on the same day."
    count = select(func.count()).where(Outgoing.event.startswith(f"{invitation.events}{BY_HAND}", autoescape=True))
    if (session.scalar(count) or 0) >= MOST_BY_HAND:
        return (
            f"You have reminded them {MOST_BY_HAND} times. Call them instead: a call helps more than a fourth letter."
        )
    return None


def reminder_on(due: date, first_sent: date, today: date) -> int | None:
    """Which reminder is due today, as days from the date of the buyer; None on most days."""
    for days in reversed(DAYS):
        nominal = due + timedelta(days=days)
        if nominal <= today <= nominal + timedelta(days=_STILL_GOES):
            return days if days in reminders_after(due, first_sent) else None
    return None


def reminders_after(due: date, first_sent: date) -> list[int]:
    """Which reminders can come after a first letter of this day, as days from the date of the buyer, in their order."""
    earliest = first_sent + timedelta(days=LEAST_AFTER_FIRST)
    return [days for days in DAYS if due + timedelta(days=days) >= earliest]


def _wanted(session: Session, settings: Settings, today: date) -> list[uuid.UUID]:
    """The invitations to look at today. Whose buyer may not write is left out, but for those whose day of waiting is over."""
    waits = SupplierInvitation.status == Status.WAITING
    mails = Supplier.email != ""
    unsent = SupplierInvitation.sent_at.is_(None) & (SupplierInvitation.status == Status.INVITED) & mails
    near = SupplierInvitation.sent_at.is_not(None) & SupplierInvitation.status.in_(MAY_BE_REMINDED) & mails
    near &= SupplierInvitation.due.between(today + timedelta(days=DAYS[0] - 2), today - timedelta(days=DAYS[0] - 2))
    sendable = (unsent | near) if settings.mail_server is not None else waits
    wanted = (
        select(SupplierInvitation.id, SupplierInvitation.status, Supplier.buyer_id)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .where(SupplierInvitation.ended_at.is_(None), Supplier.archived_at.is_(None))
        .where(SupplierInvitation.send_on <= today, waits | sendable)
        .order_by(SupplierInvitation.made_at, SupplierInvitation.id)
    )
    rows = session.execute(wanted).all()
    write = {
        buyer.id
        for buyer in session.scalars(select(Organisation).where(Organisation.id.in_({row.buyer_id for row in rows})))
        if may_write(session, buyer, settings, today)
    }
    return [row.id for row in rows if row.status is Status.WAITING or row.buyer_id in write]


def _look_at(database: Database, settings: Settings, keys: Keys, invitation_id: uuid.UUID, now: datetime) -> bool:
    today = date_at(now)
    with database.writing() as session:
        invitation = session.get(SupplierInvitation, invitation_id, with_for_update=True, populate_existing=True)
        if invitation is None or not invitation.lives:
            return False
        supplier = session.get_one(Supplier, invitation.supplier_id)
        waited = invitation.status is Status.WAITING and invitation.send_on <= today
        if waited:
            invitation.status = Status.INVITED
        written = _write(session, supplier, invitation, settings, now)
        if waited or written:
            publish(session, SupplierChanged(supplier.id, now))
            deed = Deed(
                action="suppliers.manage",
                verb="reminded" if written and invitation.sent_at != now else "sent",
                who=by_job("chase"),
                about=("supplier", supplier.id),
                organisation_id=supplier.buyer_id,
            )
            record(session, keys, deed, now)
    return written


def _write(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, settings: Settings, now: datetime
) -> bool:
    if invitation.sent_at is None:
        return invitation.status in MAY_BE_REMINDED and send_if_due(session, supplier, invitation, settings, now)
    days = reminder_on(invitation.due, date_at(invitation.sent_at), date_at(now))
    return days is not None and remind(session, supplier, invitation, f"{AROUND}{days:+d}", settings, now)

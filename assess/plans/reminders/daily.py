"""What the worker does: the daily round, in which a mail is written where something came near, and the last look at first mails."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import select

from assess.assessments.submitting import NothingSubmittedError, submission_of
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.clock import date_at
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.registry import Work
from assess.kit.logs import log, where
from assess.kit.mail.events import MailMayLeave
from assess.kit.mail.outbox import Mail, queue
from assess.plans.actions import register_of
from assess.plans.copies import Record, business_record
from assess.plans.register.keeping import state_of
from assess.plans.reminders.asking import may_still_ask, new_stop, remove_unconfirmed
from assess.plans.reminders.models import Reminder, asked_by
from assess.plans.reminders.quiet import forget_quiet
from assess.plans.reminders.reminding import Notice, notice_on
from assess.plans.reminders.wording import reminding


class RoundUnfinishedError(Exception):
    """One reminder or more could not be looked at."""


def remind(work: Work) -> None:
    """Write the mails of this day. Run twice on a day it writes nothing more."""
    number = remind_all(work.database, work.settings, work.now())
    if number:
        log("reminders_written", number=number)


def forget_unconfirmed(work: Work) -> None:
    """Delete the addresses that nobody confirmed, and the marks of mailboxes whose time in peace is over."""
    with work.database.writing() as session:
        removed = remove_unconfirmed(session, work.now())
        forget_quiet(session, work.now())
        if removed:
            deed = Deed(
                action="reminder.manage",
                verb="removed",
                who=by_job("forget_unconfirmed"),
                details={"count": removed},
            )
            record(session, Keys.of(work.settings), deed, work.now())


def is_first_mail_wanted(asked: MailMayLeave) -> bool:
    """Whether a first mail may leave: not to a mailbox that pressed stop while it waited."""
    reminder_id = asked_by(asked.mail.event)
    if reminder_id is None:
        return True
    with asked.database.writing() as session:
        return may_still_ask(session, reminder_id, asked.settings.honoured_keys, asked.now)


def remind_all(database: Database, settings: Settings, now: datetime) -> int:
    """Look at every reminder that runs and write the mails of this day. Returns how many were written.

    Each is a transaction of its own, and one that fails keeps none of the others from their mail.

    Raises:
        RoundUnfinishedError: at the end, when one failed; the round may be run again.
    """
    running = (Reminder.confirmed_at.is_not(None), Reminder.stopped_at.is_(None))
    keys = Keys.of(settings)
    with database.reading() as look:
        wanted = list(look.scalars(select(Reminder.id).where(*running).order_by(Reminder.made_at, Reminder.id)))
    written = failed = 0
    for reminder_id in wanted:
        try:
            written += _remind(database, reminder_id, settings.base_url, keys, now)
        except Exception as error:  # noqa: BLE001  # whatever it is, the others get their mail; it is raised at the end
            failed += 1
            log("reminder_failed", error=type(error).__name__, where=where(error.__traceback__))
    if failed:
        raise RoundUnfinishedError
    return written


def _remind(database: Database, reminder_id: uuid.UUID, base_url: str, keys: Keys, now: datetime) -> bool:
    today = date_at(now)
    found = _look(database, reminder_id, today)
    if found is None:
        return False
    plan, notice = found
    with database.writing() as session:
        reminder = session.get(Reminder, reminder_id, with_for_update=True, populate_existing=True)
        if reminder is None or not reminder.runs or reminder.last_sent == today:
            return False
        stop = new_stop(session, reminder, base_url, now)
        text = reminding(plan, notice, stop, today.isoformat())
        event = f"{reminder.events}{today.isoformat()}"
        queue(session, Mail(event, reminder.address, text.subject, text.body, reminder.assessment_id, stop), now)
        reminder.last_sent = today
        reminder.told = dict(notice.told)
        deed = Deed(
            action="reminder.manage",
            verb="reminded",
            who=by_job("remind"),
            about=("reminder", reminder.id),
            assessment_id=reminder.assessment_id,
        )
        record(session, keys, deed, now)
    return True


def _look(database: Database, reminder_id: uuid.UUID, today: date) -> tuple[Record, Notice] | None:
    """The latest record and what is to be told of it today, worked out before anything is locked."""
    with database.reading() as look:
        reminder = look.get(Reminder, reminder_id)
        if reminder is None or reminder.last_sent == today:
            return None
        try:
            submission = submission_of(look, reminder.assessment_id)
        except NothingSubmittedError:
            return None
        state = state_of(look, submission.id)
    plan = submission.record
    register = register_of(business_record(plan), state)
    notice = notice_on(register, plan, reminder.told, today)
    return None if notice is None else (plan, notice)

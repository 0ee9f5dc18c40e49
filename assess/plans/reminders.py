"""Reminders by email: double opt-in, daily run, send limits and suppressed mailboxes. Mails say nothing about signs or scores."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.assessments.services import lock_assessment
from assess.assessments.submissions import NothingSubmittedError, get_submission
from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.clock import uk_date
from assess.core.config import Settings
from assess.core.db import Database, dialect_insert, erase_after_commit
from assess.core.jobs.services import JobContext
from assess.core.links import LinkUnknownError, find_link, hash_token, new_token
from assess.core.logs import code_location, log
from assess.core.mail.addresses import PUBLIC_MAIL_PROVIDERS, clean_address, normalise_mailbox, registered_domain
from assess.core.mail.services import Mail, MailMayBeSent, enqueue_mail, join_paragraphs, withdraw_mails
from assess.core.pages import counted
from assess.core.rate_limits import Limit, by_address, enforce_limit
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.actions import ActionList, PlanItem, action_list_of, notification_safe_items
from assess.plans.copies import Record, business_record
from assess.plans.first_page import help_contacts_of
from assess.plans.models import Reminder, ReminderSuppression, UnsubscribeToken, reminder_id_of_confirm_mail
from assess.plans.words import format_day

CONFIRM_DAYS = 7
MAX_REMINDERS = 5
"""Addresses that one assessment may remind. Those that nobody confirmed do not count: else the person who asks could count which ones were
not written to."""

CONFIRM_PATH = "/reminders/confirm/"
STOP_PATH = "/reminders/stop/"


class TooManyRemindersError(Exception):
    """This assessment reminds as many addresses as it may."""


def create_reminder(
    session: Session, assessment_id: uuid.UUID, typed: str, base_url: str, secrets: tuple[str, ...], now: datetime
) -> None:
    """Write to this address and ask whether it wants reminders.

    An address that was asked, is reminded already or pressed stop lately gets no mail. `base_url` is the address of
    the site, for the links of the mail; `secrets` every key of the installation that is honoured. Raises
    InvalidAddressError when it is no address; TooManyRemindersError whatever the address is, when the assessment has
    as many as it may; AssessmentUnknownError when the assessment is not there.
    """
    address = clean_address(typed)
    lock_assessment(session, assessment_id)
    if count_active(session, assessment_id) >= MAX_REMINDERS:
        raise TooManyRemindersError
    live = {normalise_mailbox(reminder.address) for reminder in _live_reminders(session, assessment_id, now)}
    if normalise_mailbox(address) in live or is_suppressed(session, address, secrets, now):
        return
    token = new_token()
    reminder = Reminder(
        id=uuid.uuid4(),
        assessment_id=assessment_id,
        address=address,
        confirm_hash=hash_token(token),
        made_at=now,
        told={},
    )
    session.add(reminder)
    session.flush()
    stop = create_unsubscribe_url(session, reminder, base_url, now)
    text = confirmation_email(f"{base_url}{CONFIRM_PATH}{token}", stop, CONFIRM_DAYS)
    enqueue_mail(session, Mail(reminder.first_mail, address, text.subject, text.body, assessment_id, stop), now)


def create_unsubscribe_url(session: Session, reminder: Reminder, base_url: str, now: datetime) -> str:
    token = new_token()
    session.add(UnsubscribeToken(token_hash=hash_token(token), reminder_id=reminder.id, made_at=now))
    session.flush()
    return f"{base_url}{STOP_PATH}{token}"


def find_unconfirmed(session: Session, token: str, now: datetime, *, locked: bool = False) -> Reminder:
    """Changes nothing. Raises LinkUnknownError: there is none, it was stopped, or not confirmed in time."""
    found = find_link(session, Reminder, Reminder.confirm_hash, token, lock=locked)
    if not _is_confirmable(found, now):
        raise LinkUnknownError
    return found


def activate_reminder(session: Session, token: str, now: datetime) -> Reminder:
    """From now on this reminder runs. Confirming twice changes nothing more. Returns the reminder.

    Raises LinkUnknownError as for `find_unconfirmed`; TooManyRemindersError: others of this assessment were
    confirmed before it, as many as it may have.
    """
    lock_assessment(session, find_unconfirmed(session, token, now).assessment_id)
    # again, since another may have confirmed or stopped it while this one waited
    reminder = find_unconfirmed(session, token, now, locked=True)
    if reminder.confirmed_at is not None:
        return reminder
    if count_active(session, reminder.assessment_id) >= MAX_REMINDERS:
        raise TooManyRemindersError
    reminder.confirmed_at = now
    session.flush()
    return reminder


def stop_by_token(session: Session, token: str, secret: str, now: datetime) -> None:
    """End the reminder of this token at once: nothing more is sent, its address is deleted, and its mailbox is left in peace.

    So are all questions that mailbox was asked for other plans and never confirmed. What it confirmed for another
    plan goes on. Twice is as good as once. Raises LinkUnknownError when there is none; its assessment may have
    been deleted, which ended it too.
    """
    reminder = find_by_stop_token(session, token)
    wanted = [reminder.id]
    if reminder.address:
        suppress_mailbox(session, reminder.address, secret, now)
        waits = Reminder.confirmed_at.is_(None) & Reminder.stopped_at.is_(None)
        rows = session.execute(
            select(Reminder.id, Reminder.address).where(waits | (Reminder.id == reminder.id)).order_by(Reminder.id)
        )
        # addresses are encrypted: the database cannot compare them
        mailbox = normalise_mailbox(reminder.address)
        wanted = [row.id for row in rows if row.id == reminder.id or normalise_mailbox(row.address) == mailbox]
    for reminder_id in wanted:
        _end_reminder(session, reminder_id, now, even_confirmed=reminder_id == reminder.id)


def confirm_mail_still_wanted(
    session: Session, reminder_id: uuid.UUID, secrets: tuple[str, ...], now: datetime
) -> bool:
    """Whether the first mail of this reminder may leave now. If its mailbox pressed stop since it was written, the reminder ends.

    The part that asked cannot know of a stop in the same moment, so this is looked at once more, right before the mail leaves.
    """
    reminder = session.get(Reminder, reminder_id)
    if reminder is None or not _is_confirmable(reminder, now):
        return False
    if not is_suppressed(session, reminder.address, secrets, now):
        return True
    _end_reminder(session, reminder_id, now, even_confirmed=False)
    return False


def find_by_stop_token(session: Session, token: str) -> Reminder:
    """The reminder that this token ends. Changes nothing. Raises LinkUnknownError when there is none."""
    found = find_link(session, UnsubscribeToken, UnsubscribeToken.token_hash, token)
    reminder = session.get(Reminder, found.reminder_id)
    if reminder is None:
        raise LinkUnknownError
    return reminder


def stop_all_reminders(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End all reminders of an assessment, those that wait to be confirmed too."""
    lock_assessment(session, assessment_id)
    wanted = select(Reminder.id).where(Reminder.assessment_id == assessment_id, Reminder.stopped_at.is_(None))
    for reminder_id in session.scalars(wanted.order_by(Reminder.id)).all():
        _end_reminder(session, reminder_id, now, even_confirmed=True)


def count_active(session: Session, assessment_id: uuid.UUID) -> int:
    running = (
        Reminder.assessment_id == assessment_id,
        Reminder.confirmed_at.is_not(None),
        Reminder.stopped_at.is_(None),
    )
    return session.scalar(select(func.count()).select_from(Reminder).where(*running)) or 0


def delete_unconfirmed(session: Session, now: datetime) -> int:
    """Delete what nobody confirmed in a week, the address with it. Returns how many went."""
    old = Reminder.made_at < now - timedelta(days=CONFIRM_DAYS)
    wanted = select(Reminder).where(Reminder.confirmed_at.is_(None), Reminder.stopped_at.is_(None), old)
    found = session.scalars(wanted.order_by(Reminder.id).with_for_update()).all()
    for reminder in found:
        withdraw_mails(session, reminder.events, now)
        session.execute(delete(Reminder).where(Reminder.id == reminder.id, Reminder.confirmed_at.is_(None)))
    if found:
        erase_after_commit(session)
    return len(found)


def _end_reminder(session: Session, reminder_id: uuid.UUID, now: datetime, *, even_confirmed: bool) -> None:
    reminder = session.get(Reminder, reminder_id, with_for_update=True, populate_existing=True)
    if reminder is None or reminder.stopped_at is not None or (reminder.confirmed_at and not even_confirmed):
        return
    reminder.stopped_at = now
    reminder.address = ""  # at once, not with the next clean-up
    reminder.told = {}
    session.flush()
    withdraw_mails(session, reminder.events, now)


def _live_reminders(session: Session, assessment_id: uuid.UUID, now: datetime) -> list[Reminder]:
    there = select(Reminder).where(Reminder.assessment_id == assessment_id, Reminder.stopped_at.is_(None))
    return [reminder for reminder in session.scalars(there) if _is_confirmable(reminder, now)]


def _is_confirmable(reminder: Reminder, now: datetime) -> bool:
    fresh = now < reminder.made_at + timedelta(days=CONFIRM_DAYS)
    return reminder.stopped_at is None and (reminder.confirmed_at is not None or fresh)


class ReminderRunError(Exception):
    """One reminder or more could not be looked at."""


def send_daily_reminders(context: JobContext) -> None:
    """Write the mails of this day. Run twice on a day it writes nothing more."""
    number = send_all_due(context.database, context.settings, context.now())
    if number:
        log("reminders_written", number=number)


def clean_up_reminders(context: JobContext) -> None:
    """Delete the addresses that nobody confirmed, and the marks of mailboxes whose time in peace is over."""
    with context.database.writing() as session:
        removed = delete_unconfirmed(session, context.now())
        delete_expired_suppressions(session, context.now())
        if removed:
            who = job_actor("forget_unconfirmed")
            event = NewAuditEvent(action="reminder.manage", verb="removed", who=who, details={"count": removed})
            append_event(session, AuditKeys.of(context.settings), event, context.now())


def may_confirm_mail_leave(asked: MailMayBeSent) -> bool:
    """Whether a first mail may leave: not to a mailbox that pressed stop while it waited."""
    reminder_id = reminder_id_of_confirm_mail(asked.mail.event)
    if reminder_id is None:
        return True
    with asked.database.writing() as session:
        return confirm_mail_still_wanted(session, reminder_id, asked.settings.honoured_keys, asked.now)


def send_all_due(database: Database, settings: Settings, now: datetime) -> int:
    """Look at every reminder that runs and write the mails of this day. Returns how many were written.

    Each is a transaction of its own, and one that fails keeps none of the others from their mail. Raises
    ReminderRunError at the end, when one failed; the round may be run again.
    """
    running = (Reminder.confirmed_at.is_not(None), Reminder.stopped_at.is_(None))
    keys = AuditKeys.of(settings)
    with database.reading() as session:
        wanted = list(session.scalars(select(Reminder.id).where(*running).order_by(Reminder.made_at, Reminder.id)))
    written = failed = 0
    for reminder_id in wanted:
        try:
            written += _send_if_due(database, reminder_id, settings.base_url, keys, now)
        except Exception as error:  # noqa: BLE001  # whatever it is, the others get their mail; it is raised at the end
            failed += 1
            log("reminder_failed", error=type(error).__name__, where=code_location(error.__traceback__))
    if failed:
        raise ReminderRunError
    return written


def _send_if_due(database: Database, reminder_id: uuid.UUID, base_url: str, keys: AuditKeys, now: datetime) -> bool:
    today = uk_date(now)
    found = _find_notice(database, reminder_id, today)
    if found is None:
        return False
    record, notice = found
    with database.writing() as session:
        reminder = session.get(Reminder, reminder_id, with_for_update=True, populate_existing=True)
        # looked at again under the lock: it may have been stopped since, or another round was faster
        if reminder is None or not reminder.runs or reminder.last_sent == today:
            return False
        stop = create_unsubscribe_url(session, reminder, base_url, now)
        text = reminder_email(record, notice, stop, today.isoformat())
        name = f"{reminder.events}{today.isoformat()}"
        enqueue_mail(session, Mail(name, reminder.address, text.subject, text.body, reminder.assessment_id, stop), now)
        reminder.last_sent = today
        reminder.told = dict(notice.told)
        event = NewAuditEvent(
            action="reminder.manage",
            verb="reminded",
            who=job_actor("remind"),
            about=("reminder", reminder.id),
            assessment_id=reminder.assessment_id,
        )
        append_event(session, keys, event, now)
    return True


def _find_notice(database: Database, reminder_id: uuid.UUID, today: date) -> tuple[Record, ReminderNotice] | None:
    """The latest record and what is to be told of it today, worked out before anything is locked."""
    with database.reading() as session:
        reminder = session.get(Reminder, reminder_id)
        if reminder is None or reminder.last_sent == today:
            return None
        try:
            submission = get_submission(session, reminder.assessment_id)
        except NothingSubmittedError:
            return None
        state = get_tracker_state(session, submission.id)
    record = submission.record
    notice = reminder_notice_on(action_list_of(business_record(record), state), record, reminder.told, today)
    return None if notice is None else (record, notice)


SUPPRESSION_DAYS = 180


def suppress_mailbox(session: Session, address: str, secret: str, now: datetime) -> None:
    """From now on nobody can have this mailbox asked, for `SUPPRESSION_DAYS`. Stopping once more counts from then."""
    until = now + timedelta(days=SUPPRESSION_DAYS)
    row = dialect_insert(session, ReminderSuppression).values(mark=_mailbox_hash(address, secret), until=until)
    session.execute(row.on_conflict_do_update(index_elements=["mark"], set_={"until": until}))


def is_suppressed(session: Session, address: str, secrets: tuple[str, ...], now: datetime) -> bool:
    """Whether this mailbox pressed stop lately. `secrets`: every key that is honoured, as it may have done so under an earlier one."""
    marks = [_mailbox_hash(address, secret) for secret in secrets]
    untils = session.scalars(select(ReminderSuppression.until).where(ReminderSuppression.mark.in_(marks)))
    return any(now < until for until in untils)


def delete_expired_suppressions(session: Session, now: datetime) -> None:
    session.execute(delete(ReminderSuppression).where(ReminderSuppression.until <= now))


def _mailbox_hash(address: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"quiet mailbox {normalise_mailbox(address)}".encode(), hashlib.sha256).hexdigest()


_DAY_SECONDS = 86_400
CALLER_LIMIT = Limit("reminder-ask-address", 10, _DAY_SECONDS)
"""For each address that calls: assessments are made without an account, so a limit for each of them alone holds nobody."""

ASSESSMENT_LIMIT = Limit("reminder-ask", 5, _DAY_SECONDS)
MAILBOX_LIMIT = Limit("reminder-mailbox", 2, _DAY_SECONDS)
MAILBOX_MONTH_LIMIT = Limit("reminder-mailbox-month", 4, 30 * _DAY_SECONDS)
DOMAIN_LIMIT = Limit("reminder-domain", 10, _DAY_SECONDS)
"""For each domain that one firm or family has: it may hold any number of mailboxes, all read by the same people. At a provider shared by
many each mailbox counts for itself alone."""

INSTALLATION_LIMIT = Limit("reminder-installation", 300, _DAY_SECONDS)
"""For the installation: what goes beyond it is not people asking, and a server that is known for unasked mail reaches nobody."""


def count_request(assessment_id: uuid.UUID) -> None:
    """Raises TooManyRequests: this caller or this assessment asked too often, whatever the address was."""
    enforce_limit(CALLER_LIMIT, by_address())
    enforce_limit(ASSESSMENT_LIMIT, str(assessment_id))


def may_send_confirm_mail(address: str) -> bool:
    """Count one first mail to this address; whether it may go out. Nobody is told."""
    mailbox, domain = normalise_mailbox(address), registered_domain(address)
    try:
        enforce_limit(MAILBOX_LIMIT, mailbox)
        enforce_limit(MAILBOX_MONTH_LIMIT, mailbox)
        if domain not in PUBLIC_MAIL_PROVIDERS:
            enforce_limit(DOMAIN_LIMIT, domain)
    except TooManyRequests:
        return False
    try:
        enforce_limit(INSTALLATION_LIMIT, "all")
    except TooManyRequests:
        log("reminder_mails_used_up", number=INSTALLATION_LIMIT.most)  # the operator should know, it may be an attack
        return False
    return True


REMINDER_STAGES: Mapping[Literal["action", "duty", "year"], tuple[int, ...]] = MappingProxyType(
    {"action": (14, 1), "duty": (30, 14, 1), "year": (30,)}
)
"""Days before a date on which mails tell of it and calendars ring. What came nearer without a look, or is over already, the next mail tells of.

In calendars the end of the year of the answers rings as a duty does.
"""

_AGE_KEY = ":year"
"""What `told` calls the age of the answers. No question, check or duty is called so."""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    do: str
    due: str


@dataclass(frozen=True, slots=True)
class ReminderNotice:
    """What is told on one day. `stale_on` is the ISO date on which the answers are a year old, if that is near or over.

    `told` is what will have been told then, for the next look.
    """

    coming: tuple[NoticeLine, ...]
    overdue: tuple[NoticeLine, ...]
    stale_on: str | None
    told: Mapping[str, Any]


def reminder_notice_on(
    action_list: ActionList, record: Mapping[str, Any], told: Mapping[str, Any], today: date
) -> ReminderNotice | None:
    """What is to be told today; None while nothing new has come near.

    `record` is that of the submission the list was drawn from. `told` is what earlier notices told: for each key [ISO date, days before it].
    """
    valid_until = record["valid_until"]
    items = [item for item in notification_safe_items(action_list, record) if not item.state.is_closed]
    near = {item.key: (item, due, stage) for item in items for due, stage in _due_stage(item, today)}
    stages: dict[str, list[Any]] = {key: [due, stage] for key, (_, due, stage) in near.items()}
    year = _stage(valid_until, "year", today)
    if year is not None:
        stages[_AGE_KEY] = [valid_until, year]
    # one that is new is reason enough; then all that are near are told again
    if all(_was_reminded(told.get(key), stage) for key, stage in stages.items()):
        return None
    lines = sorted(near.values(), key=lambda found: (found[1], found[0].question_number or 0, found[0].key))
    return ReminderNotice(
        coming=tuple(NoticeLine(item.name, due) for item, due, _ in lines if not _is_late(item, today)),
        overdue=tuple(NoticeLine(item.name, due) for item, due, _ in lines if _is_late(item, today)),
        stale_on=valid_until if year is not None else None,
        told=stages,
    )


def _is_late(item: PlanItem, today: date) -> bool:
    return item.late_after is not None and item.late_after < today.isoformat()


def _due_stage(item: PlanItem, today: date) -> list[tuple[str, int]]:
    """The date of an item and its stage, in a list of one; empty while it is far off or has no date."""
    due = item.due_date
    stage = None if due is None else _stage(due, item.what, today)
    return [] if due is None or stage is None else [(due, stage)]


def _stage(due: str, what: Literal["action", "duty", "year"], today: date) -> int | None:
    left = (date.fromisoformat(due) - today).days
    return min((days for days in REMINDER_STAGES[what] if left <= days), default=None)


def _was_reminded(before: Sequence[Any] | None, stage: Sequence[Any]) -> bool:
    return before is not None and before[0] == stage[0] and before[1] <= stage[1]


MAX_LINES = 10
"""More than that nobody reads in a mail; the plan has them all."""


@dataclass(frozen=True, slots=True)
class ReminderEmail:
    subject: str
    body: str


def confirmation_email(confirm: str, stop: str, days: int) -> ReminderEmail:
    """The first mail to an address: does it want reminders? `confirm` and `stop` are full addresses of pages.

    It may reach a stranger, so it does not say what the plan is about; the helpline stands in mails that were confirmed.
    """
    return ReminderEmail(
        "Please confirm: reminders of dates",
        join_paragraphs(
            "Hello,",
            "Somebody asked us to send reminders of the dates in an action plan to this address.",
            f"If it was you, open this page and press the button. It works for {counted(days, 'day')}:",
            confirm,
            f"If it was not you, you can leave it. No reminders come, and we delete this address after {counted(days, 'day')}. "
            "If somebody asks us again, an email like this one may come once more.",
            f"If you want no such email for {counted(SUPPRESSION_DAYS, 'day')}, whoever asks, open this page and press the button. "
            "It also deletes this address now:",
            stop,
        ),
    )


def reminder_email(record: Mapping[str, Any], notice: ReminderNotice, stop: str, today: str) -> ReminderEmail:
    """A reminder of what comes near. `today` is an ISO date, `stop` the full address of the page that ends it."""
    coming = notice.coming[:MAX_LINES]
    overdue = notice.overdue[: MAX_LINES - len(coming)]
    more = len(notice.coming) + len(notice.overdue) - len(coming) - len(overdue)
    calls = help_contacts_of(record)
    reach = calls.helpline.number or calls.helpline.web
    return ReminderEmail(
        "Your action plan: dates coming up",
        join_paragraphs(
            "Hello,",
            *_dated_list("These dates in your action plan are coming up:", coming),
            *_dated_list("These dates have passed. What is done, please mark as done in your plan:", overdue),
            f"We left out {counted(more, 'date')} like these. Your plan has them." if more else "",
            _age_text(notice.stale_on, today),
            "Some steps stand only in your plan. To see it, open it with the link you kept. We never send that link by email.",
            f"If somebody is in danger, call {calls.emergency.number}. For advice: {calls.helpline.who}, {reach}.",
            "You get this because this address was confirmed for reminders. To stop them, open this page and press the button. "
            "It also deletes this address:",
            stop,
        ),
    )


def _dated_list(title: str, lines: Sequence[NoticeLine]) -> Iterator[str]:
    if lines:
        yield title
        yield "\n".join(f"- {format_day(line.due)}: {' '.join(line.do.split())}" for line in lines)


def _age_text(stale_on: str | None, today: str) -> str:
    if stale_on is None:
        return ""
    if stale_on < today:
        return f"Your answers have been more than a year old since {format_day(stale_on)}. Please answer again."
    return f"Your answers will be a year old on {format_day(stale_on)}. Please answer again by then."

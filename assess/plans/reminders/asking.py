"""Who is reminded: asking, confirming and stopping.

Nobody gets a reminder who did not press the button behind the link of the first mail. Whoever asks learns nothing about an
address: neither whether it is known here nor whether a mail went out.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.assessments.answering import lock
from assess.kit.db import erase_after_commit
from assess.kit.mail.addresses import fit_address, mailbox_of
from assess.kit.mail.outbox import Mail, queue, withdraw
from assess.kit.tokens import hash_token, looks_like_token, new_token
from assess.plans.reminders.models import Reminder, ReminderStop
from assess.plans.reminders.quiet import is_left_in_peace, leave_in_peace
from assess.plans.reminders.wording import confirming

CONFIRM_DAYS = 7
MOST_RUNNING = 5
"""Addresses that one assessment may remind. Those that nobody confirmed do not count: else whoever asks could count which ones were
not written to."""

CONFIRM_PATH = "/reminders/confirm/"
STOP_PATH = "/reminders/stop/"


class ReminderUnknownError(Exception):
    """No such reminder, or its link is too old."""


class TooManyRemindersError(Exception):
    """This assessment reminds as many addresses as it may."""


def ask(
    session: Session, assessment_id: uuid.UUID, typed: str, base_url: str, secrets: tuple[str, ...], now: datetime
) -> None:
    """Write to this address and ask whether it wants reminders.

    An address that was asked, is reminded already or pressed stop lately gets no mail. `base_url` is the address of the site, for
    the links of the mail; `secrets` every key of the installation that is honoured.

    Raises:
        AddressUnfitError: when it is no address.
        TooManyRemindersError: whatever the address is, when the assessment has as many as it may.
        AssessmentUnknownError: when the assessment is not there.
    """
    address = fit_address(typed)
    lock(session, assessment_id)
    if count_running(session, assessment_id) >= MOST_RUNNING:
        raise TooManyRemindersError
    live = {mailbox_of(reminder.address) for reminder in _live(session, assessment_id, now)}
    if mailbox_of(address) in live or is_left_in_peace(session, address, secrets, now):
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
    stop = new_stop(session, reminder, base_url, now)
    text = confirming(f"{base_url}{CONFIRM_PATH}{token}", stop, CONFIRM_DAYS)
    queue(session, Mail(reminder.first_mail, address, text.subject, text.body, assessment_id, stop), now)


def new_stop(session: Session, reminder: Reminder, base_url: str, now: datetime) -> str:
    """One more address that ends this reminder, for the next mail."""
    token = new_token()
    session.add(ReminderStop(token_hash=hash_token(token), reminder_id=reminder.id, made_at=now))
    session.flush()
    return f"{base_url}{STOP_PATH}{token}"


def to_confirm(session: Session, token: str, now: datetime) -> Reminder:
    """The reminder that this link confirms. Changes nothing.

    Raises:
        ReminderUnknownError: when there is none, it was stopped, or it was not confirmed in time.
    """
    return _to_confirm(session, token, now, locked=False)


def confirm(session: Session, token: str, now: datetime) -> Reminder:
    """From now on this reminder runs. Confirming twice changes nothing more. Returns the reminder.

    Raises:
        ReminderUnknownError: as for `to_confirm`.
        TooManyRemindersError: others of this assessment were confirmed before it, as many as it may have.
    """
    lock(session, _to_confirm(session, token, now, locked=False).assessment_id)
    reminder = _to_confirm(session, token, now, locked=True)
    if reminder.confirmed_at is not None:
        return reminder
    if count_running(session, reminder.assessment_id) >= MOST_RUNNING:
        raise TooManyRemindersError
    reminder.confirmed_at = now
    session.flush()
    return reminder


def stop(session: Session, token: str, secret: str, now: datetime) -> None:
    """End the reminder of this token at once: nothing more is sent, its address is deleted, and its mailbox is left in peace.

    So are all questions that mailbox was asked for other plans and never confirmed. What it confirmed for another plan goes on.
    Twice is as good as once.

    Raises:
        ReminderUnknownError: when there is none; its assessment may have been deleted, which ended it too.
    """
    reminder = to_stop(session, token)
    wanted = [reminder.id]
    if reminder.address:
        leave_in_peace(session, reminder.address, secret, now)
        wanted = _and_unconfirmed(session, reminder)
    for reminder_id in wanted:
        _end(session, reminder_id, now, even_confirmed=reminder_id == reminder.id)


def may_still_ask(session: Session, reminder_id: uuid.UUID, secrets: tuple[str, ...], now: datetime) -> bool:
    """Whether the first mail of this reminder may leave now. If its mailbox pressed stop since it was written, the reminder ends.

    Whoever asked cannot know of a stop in the same moment, so this is looked at once more, right before the mail leaves.
    """
    reminder = session.get(Reminder, reminder_id)
    if reminder is None or not _may_confirm(reminder, now):
        return False
    if not is_left_in_peace(session, reminder.address, secrets, now):
        return True
    _end(session, reminder_id, now, even_confirmed=False)
    return False


def to_stop(session: Session, token: str) -> Reminder:
    """The reminder that this token ends. Changes nothing.

    Raises:
        ReminderUnknownError: when there is none.
    """
    if not looks_like_token(token):
        raise ReminderUnknownError
    found = session.get(ReminderStop, hash_token(token))
    reminder = session.get(Reminder, found.reminder_id) if found else None
    if reminder is None:
        raise ReminderUnknownError
    return reminder


def stop_all(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End all reminders of an assessment, those that wait to be confirmed too."""
    lock(session, assessment_id)
    wanted = select(Reminder.id).where(Reminder.assessment_id == assessment_id, Reminder.stopped_at.is_(None))
    for reminder_id in session.scalars(wanted.order_by(Reminder.id)).all():
        _end(session, reminder_id, now, even_confirmed=True)


def count_running(session: Session, assessment_id: uuid.UUID) -> int:
    """How many addresses are reminded of this plan."""
    running = (
        Reminder.assessment_id == assessment_id,
        Reminder.confirmed_at.is_not(None),
        Reminder.stopped_at.is_(None),
    )
    return session.scalar(select(func.count()).select_from(Reminder).where(*running)) or 0


def remove_unconfirmed(session: Session, now: datetime) -> int:
    """Delete what nobody confirmed in a week, the address with it. Returns how many went."""
    old = Reminder.made_at < now - timedelta(days=CONFIRM_DAYS)
    wanted = select(Reminder).where(Reminder.confirmed_at.is_(None), Reminder.stopped_at.is_(None), old)
    found = session.scalars(wanted.order_by(Reminder.id).with_for_update()).all()
    for reminder in found:
        withdraw(session, reminder.events, now)
        session.execute(delete(Reminder).where(Reminder.id == reminder.id, Reminder.confirmed_at.is_(None)))
    if found:
        erase_after_commit(session)
    return len(found)


def _and_unconfirmed(session: Session, stopped: Reminder) -> list[uuid.UUID]:
    """This reminder and all that wait for its mailbox to confirm, in an order that is always the same: they are locked one by one."""
    waits = Reminder.confirmed_at.is_(None) & Reminder.stopped_at.is_(None)
    rows = session.execute(
        select(Reminder.id, Reminder.address).where(waits | (Reminder.id == stopped.id)).order_by(Reminder.id)
    )
    mailbox = mailbox_of(stopped.address)
    return [row.id for row in rows if row.id == stopped.id or mailbox_of(row.address) == mailbox]


def _end(session: Session, reminder_id: uuid.UUID, now: datetime, *, even_confirmed: bool) -> None:
    reminder = session.get(Reminder, reminder_id, with_for_update=True, populate_existing=True)
    if reminder is None or reminder.stopped_at is not None:
        return
    if reminder.confirmed_at is not None and not even_confirmed:
        return
    reminder.stopped_at = now
    reminder.address = ""
    reminder.told = {}
    session.flush()
    withdraw(session, reminder.events, now)


def _to_confirm(session: Session, token: str, now: datetime, *, locked: bool) -> Reminder:
    if not looks_like_token(token):
        raise ReminderUnknownError
    wanted = select(Reminder).where(Reminder.confirm_hash == hash_token(token))
    if locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(wanted).first()
    if found is None or not _may_confirm(found, now):
        raise ReminderUnknownError
    return found


def _live(session: Session, assessment_id: uuid.UUID, now: datetime) -> list[Reminder]:
    there = select(Reminder).where(Reminder.assessment_id == assessment_id, Reminder.stopped_at.is_(None))
    return [reminder for reminder in session.scalars(there) if _may_confirm(reminder, now)]


def _may_confirm(reminder: Reminder, now: datetime) -> bool:
    fresh = now < reminder.made_at + timedelta(days=CONFIRM_DAYS)
    return reminder.stopped_at is None and (reminder.confirmed_at is not None or fresh)

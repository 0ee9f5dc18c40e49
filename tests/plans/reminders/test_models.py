from __future__ import annotations

import uuid
from datetime import datetime

from assess.plans.reminders.models import Reminder, ReminderStop


def test_a_reminder_runs_between_confirming_and_stopping(now: datetime) -> None:
    reminder = Reminder(id=uuid.uuid4(), address="jo@farm.example", made_at=now)
    assert not reminder.runs
    reminder.confirmed_at = now
    assert reminder.runs
    reminder.stopped_at = now
    assert not reminder.runs


def test_the_names_of_its_mails_begin_with_it_alone() -> None:
    one, other = Reminder(id=uuid.uuid4()), Reminder(id=uuid.uuid4())
    assert one.events != other.events
    assert not one.events.startswith(other.events)
    assert one.events.endswith(":")


def test_only_hashes_of_tokens_are_stored() -> None:
    assert "token" not in {column.name for column in (*Reminder.__table__.columns, *ReminderStop.__table__.columns)}

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.plans.reminders.models import QuietMailbox
from assess.plans.reminders.quiet import QUIET_DAYS, forget_quiet, is_left_in_peace, leave_in_peace

pytestmark = pytest.mark.both_databases

ADDRESS, SECRET = "jo@farm.example", "the key of a test"
TIME = timedelta(days=QUIET_DAYS)
SECOND = timedelta(seconds=1)


def test_it_lasts_to_the_second_and_stopping_once_more_counts_from_then(session: Session, now: datetime) -> None:
    assert not is_left_in_peace(session, ADDRESS, (SECRET,), now)
    leave_in_peace(session, ADDRESS, SECRET, now)
    assert is_left_in_peace(session, "JO+x@farm.example", (SECRET,), now + TIME - SECOND)
    assert not is_left_in_peace(session, ADDRESS, (SECRET,), now + TIME)
    leave_in_peace(session, ADDRESS, SECRET, now + SECOND)
    assert is_left_in_peace(session, ADDRESS, (SECRET,), now + TIME)


def test_only_a_mark_is_kept_and_without_the_key_no_address_can_be_tried_on_it(session: Session, now: datetime) -> None:
    leave_in_peace(session, ADDRESS, SECRET, now)
    (row,) = session.scalars(select(QuietMailbox))
    assert set(QuietMailbox.__table__.columns.keys()) == {"mark", "until"}
    assert set(row.mark) <= set("0123456789abcdef")
    assert not is_left_in_peace(session, ADDRESS, ("another key",), now)


def test_a_mark_is_deleted_when_its_time_is_over(session: Session, now: datetime) -> None:
    leave_in_peace(session, ADDRESS, SECRET, now)
    leave_in_peace(session, "al@farm.example", SECRET, now + SECOND)
    forget_quiet(session, now + TIME)
    assert [row.until for row in session.scalars(select(QuietMailbox))] == [now + SECOND + TIME]


def test_whoever_stopped_before_the_key_was_changed_is_still_left_in_peace(session: Session, now: datetime) -> None:
    leave_in_peace(session, ADDRESS, SECRET, now)
    assert is_left_in_peace(session, ADDRESS, ("the key of today", SECRET), now)
    assert not is_left_in_peace(session, "al@farm.example", ("the key of today", SECRET), now)

"""What a locked screen may show: the themes that hang on no wall stay out of mails and alarms, in every scenario."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from assess.plans.calendar.events import Moment, entries_of
from assess.plans.document import business_plan
from assess.plans.reminders.reminding import notice_on
from assess.plans.unasked import LABOUR_SUPPLY, shown_unasked
from tests.plans.records import SCENARIOS, scenario

MOMENT = Moment(uuid.UUID(int=54), 1, datetime(2026, 11, 24, 9, 30, tzinfo=UTC), {})


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_who_brings_workers_is_in_no_mail_and_no_calendar_and_all_other_ordinary_things_are(
    bank: str, title: str
) -> None:
    record = scenario(bank, title)
    plan = business_plan(record)
    themes = {action["question"]: action["dimension"] for action in record["actions"]}
    ordinary = plan.register.ordinary
    quiet = {item.do for item in ordinary if themes.get(item.key) in LABOUR_SUPPLY}
    told: dict[str, Any] = {}
    mailed: set[str] = set()
    for day in range(0, 370, 5):
        notice = notice_on(plan.register, record, told, date(2026, 11, 25) + timedelta(days=day))
        mailed |= {line.do for line in (*notice.coming, *notice.overdue)} if notice else set()
    shown = {entry.title for entry in entries_of(plan.register, record, plan.help, {}, MOMENT)}
    others = {" ".join(item.do.split()) for item in ordinary} - {" ".join(do.split()) for do in quiet}
    assert quiet.isdisjoint(mailed | shown)
    assert others <= shown
    assert {item.do for item in shown_unasked(plan.register, record)} == {item.do for item in ordinary} - quiet


def test_there_are_such_actions_to_leave_out() -> None:
    """So the test above can fail."""
    record = scenario("farming", "farming medium")
    register = business_plan(record).register
    assert 0 < len(shown_unasked(register, record)) < len(register.ordinary)

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
from assess.plans.wall import wall_of
from tests.engine.real_banks import BANKS
from tests.plans.records import SCENARIOS, Record, scenario

MOMENT = Moment(uuid.UUID(int=54), 1, datetime(2026, 11, 24, 9, 30, tzinfo=UTC), {})


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_who_brings_workers_is_in_no_mail_and_no_calendar_and_all_other_ordinary_things_are(
    bank: str, title: str
) -> None:
    record = scenario(bank, title)
    plan = business_plan(record)
    ordinary = plan.register.ordinary
    quiet = {item.key for item in ordinary if is_quiet(record, item.key)}
    told: dict[str, Any] = {}
    mailed: set[str] = set()
    for day in range(0, 370, 5):
        notice = notice_on(plan.register, record, told, date(2026, 11, 25) + timedelta(days=day))
        mailed |= {line.do for line in (*notice.coming, *notice.overdue)} if notice else set()
    entries = entries_of(plan.register, record, plan.help, {}, MOMENT)
    shown = {entry.title for entry in entries}
    said = "\n".join(f"{entry.title}\n{entry.detail}" for entry in entries)
    for item in ordinary:
        words = [" ".join(text.split()) for text in (item.name, item.do)]
        if item.key in quiet:
            assert item.name not in mailed | shown
            assert not any(text in said for text in words)
        elif item.due_date:
            assert words[0] in shown
            assert item.name in mailed
        else:
            assert item.later, "what has no day waits, and is in no calendar"
            assert words[0] not in shown
    assert {item.key for item in shown_unasked(plan.register, record)} == {item.key for item in ordinary} - quiet


def is_quiet(record: Record, key: str) -> bool:
    """Of a theme about who brings workers by what is shown of it to others, or the map, which asks through whom they come."""
    themes = {action["question"]: action["dimension"] for action in record["buyer_view"]["actions"]}
    return key == "map" or themes.get(key) in LABOUR_SUPPLY


@pytest.mark.parametrize("bank", BANKS)
def test_the_map_shows_itself_nowhere_whatever_its_parts_are(bank: str) -> None:
    """Its own words ask through whom people come, and most firms read there “Who brings you workers”."""
    for level in ("low", "medium", "critical"):
        record = scenario(bank, f"{bank} {level}")
        plan = business_plan(record)
        (found,) = [item for item in plan.register.ordinary if item.key == "map"]
        assert "through whom they come" in found.do
        entries = entries_of(plan.register, record, plan.help, {}, MOMENT)
        hung = [line.do for line in wall_of(record).lines]
        assert found.name not in {*hung, *(entry.title for entry in entries)}
        assert not any("through whom" in entry.detail for entry in entries)
        assert found.name in {action["title"] for action in record["buyer_view"]["actions"]}, (
            "who opens a copy reads it"
        )


def test_there_are_such_actions_to_leave_out() -> None:
    """So the test above can fail."""
    record = scenario("farming", "farming medium")
    register = business_plan(record).register
    assert 0 < len(shown_unasked(register, record)) < len(register.ordinary)

"""When something is told, and what: by dates and by what the business noted, never by any other answer."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from assess.plans.actions import Item, ItemGroup, Register, register_of
from assess.plans.copies import business_record
from assess.plans.register.state import ItemState
from assess.plans.reminders.reminding import Line, Notice, notice_on
from assess.plans.unasked import shown_unasked
from tests.plans.records import a_record, scenario, settled_facts

VALID_UNTIL = "2027-11-24"
RECORD = {"valid_until": VALID_UNTIL, "actions": []}
DUE = "2027-03-31"


def an_item(key: str = "q", what: Any = "action", **changes: Any) -> Item:
    known = register_of(business_record(scenario())).ordinary[0]
    return replace(known, key=key, id=key, do=f"Do {key}.", title="", what=what, **{"due_on": DUE, **changes})


class Year:
    """Looks at a register of these items, one after the other, each knowing what the earlier ones told."""

    def __init__(self, *items: Item) -> None:
        self.items = items
        self.told: dict[str, Any] = {}

    def look(self, iso: str) -> Notice | None:
        register = Register((ItemGroup("All", self.items),), (), None, no_short_way=False, count=len(self.items))
        notice = notice_on(register, RECORD, self.told, date.fromisoformat(iso))
        self.told = dict(notice.told) if notice else self.told
        return notice

    def days_told(self, start: str, days: int) -> list[str]:
        every = [(date.fromisoformat(start) + timedelta(days=day)).isoformat() for day in range(days)]
        return [day for day in every if self.look(day)]


def test_an_action_is_told_of_two_weeks_before_and_on_the_day_before() -> None:
    assert Year(an_item()).days_told("2027-01-01", 200) == ["2027-03-17", "2027-03-30"]


def test_a_duty_is_told_of_a_month_before_too() -> None:
    assert Year(an_item(what="duty")).days_told("2027-01-01", 200) == ["2027-03-01", "2027-03-17", "2027-03-30"]


def test_the_age_of_the_answers_is_told_of_once_a_month_before() -> None:
    year = Year()
    assert year.days_told("2027-01-01", 400) == ["2027-10-25"]
    assert Year().look("2027-10-25") == Notice((), (), VALID_UNTIL, {":year": [VALID_UNTIL, 30]})


def test_a_morning_without_a_worker_is_made_up_for() -> None:
    year = Year(an_item())
    assert year.look("2027-03-20") is not None
    assert year.look("2027-03-30") is not None
    late = Year(an_item()).look("2027-06-01")
    assert late is not None
    assert (late.coming, late.overdue) == ((), (Line("Do q.", DUE),))


def test_a_new_date_is_told_of_anew_and_the_same_one_is_not() -> None:
    year = Year(an_item())
    assert year.look("2027-03-20")
    assert year.look("2027-03-21") is None
    year.items = (an_item(state=ItemState(due="2027-03-28")),)
    told = year.look("2027-03-21")
    assert told is not None
    assert told.coming == (Line("Do q.", "2027-03-28"),)


def test_a_mail_names_everything_that_is_near_not_only_what_is_new() -> None:
    year = Year(an_item("a", due_on="2027-03-10"), an_item("b"), an_item("far", due_on="2027-09-01"))
    assert year.look("2027-03-05")
    notice = year.look("2027-03-17")
    assert notice is not None
    assert notice.coming == (Line("Do b.", DUE),)
    assert notice.overdue == (Line("Do a.", "2027-03-10"),)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": ItemState(status="done", done_on="2027-01-01")},
        {"state": ItemState(response="already_done")},
        {"state": ItemState(response="will_not", reason="not_ours")},
        {"ordinary": False},
    ],
)
def test_what_is_settled_or_may_not_travel_is_never_told(changes: dict[str, Any]) -> None:
    assert Year(an_item(**changes)).days_told("2027-01-01", 200) == []


def test_the_order_is_that_of_dates_and_not_that_of_the_plan() -> None:
    items = [an_item(f"q{number}", question=number, due_on=DUE) for number in range(6)]
    items.append(an_item("soon", due_on="2027-03-20"))
    expected = Year(*items).look("2027-03-18")
    for seed in range(5):
        mixed = random.Random(seed).sample(items, len(items))
        found = Year(*mixed).look("2027-03-18")
        assert found is not None
        assert found == replace(expected, told=found.told)  # type: ignore[type-var]  # it is there
    assert expected is not None
    assert [line.do for line in expected.coming][:2] == ["Do soon.", "Do q0."]


def test_a_real_plan_is_told_of_over_its_year() -> None:
    record = a_record(facts=settled_facts("farming"))
    register = register_of(business_record(record))
    told: dict[str, Any] = {}
    named: set[str] = set()
    mails = 0
    for day in range(366):
        notice = notice_on(register, record, told, date(2026, 11, 25) + timedelta(days=day))
        if notice:
            told = dict(notice.told)
            named |= {line.do for line in (*notice.coming, *notice.overdue)}
            mails += 1
    assert named == {
        item.name for item in shown_unasked(register, record) if item.due_date and item.due_date < "2027-11-25"
    }
    assert 4 <= mails <= 30

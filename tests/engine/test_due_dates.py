"""No more at once than a firm can do; what presses keeps its days, and what may be shown to others knows nothing of the rest."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.bank import Deadline
from assess.engine.due_dates import (
    FULL_CAPACITY,
    ORDINARY_CAPACITY,
    Capacity,
    add_months,
    assign_due_days,
    due_on,
    last_day_of_month,
    months_after,
    needs_year_end,
    next_annual_day,
    window_of,
)
from assess.engine.result import PAPERS_ACTION, PlannedAction
from assess.engine.step_gains import EFFORT_DAYS

TODAY = date(2026, 11, 24)
EVERY_DAY = [date(2024, 1, 1) + timedelta(days=days) for days in range((date(2033, 1, 1) - date(2024, 1, 1)).days)]

# docs/rules.md 6.6: year end, UK expected date (6, safe), 6 months by month ends (also Australia and public accounts),
# Switzerland (6, safe), Germany (4, safe), private accounts (9, month ends)
YEAR_ENDS = [
    ("2025-12-31", "2026-06-30", "2026-06-30", "2026-06-30", "2026-04-30", "2026-09-30"),
    ("2026-02-28", "2026-08-28", "2026-08-31", "2026-08-28", "2026-06-28", "2026-11-30"),
    ("2026-03-31", "2026-09-30", "2026-09-30", "2026-09-30", "2026-07-31", "2026-12-31"),
    ("2026-04-05", "2026-10-05", "2026-10-05", "2026-10-05", "2026-08-05", "2027-01-05"),
    ("2026-06-30", "2026-12-30", "2026-12-31", "2026-12-30", "2026-10-30", "2027-03-31"),
    ("2026-08-31", "2027-02-28", "2027-02-28", "2027-02-28", "2026-12-31", "2027-05-31"),
    ("2026-09-30", "2027-03-30", "2027-03-31", "2027-03-30", "2027-01-30", "2027-06-30"),
]


def after_year_end(months: int, rule: str, *, if_traded: int | None = None) -> Deadline:
    month_rule = "safe" if rule == "safe" else "end_of_month"
    return Deadline(kind="months_after_fye", n=months, month_rule=month_rule, n_if_traded=if_traded)


@pytest.mark.parametrize("row", YEAR_ENDS, ids=lambda row: row[0])
def test_the_table_of_year_ends_holds(row: tuple[str, ...]) -> None:
    year_end = date.fromisoformat(row[0])
    deadlines = [
        after_year_end(6, "safe"),
        after_year_end(6, "end_of_month"),
        after_year_end(6, "safe"),
        after_year_end(4, "safe"),
        after_year_end(9, "end_of_month", if_traded=6),
    ]
    found = [due_on(deadline, year_end, TODAY, traded=False) for deadline in deadlines]
    assert [str(day) for day in found] == list(row[1:])
    assert str(due_on(deadlines[-1], year_end, TODAY, traded=True)) == row[2]


def test_thirty_first_of_august_and_six_months_is_the_last_of_february_in_leap_years_too() -> None:
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_on_every_day_the_safe_rule_is_never_later_than_the_other_and_at_most_three_days_earlier() -> None:
    for day in EVERY_DAY:
        for months in (4, 6, 9):
            safe, other = months_after(day, months, "safe"), months_after(day, months, "end_of_month")
            assert timedelta(0) <= other - safe <= timedelta(days=3)
            assert (safe.year * 12 + safe.month) - (day.year * 12 + day.month) == months
            assert safe.day == day.day or (safe.day < day.day and safe == last_day_of_month(safe))
            assert (other == last_day_of_month(other)) or day != last_day_of_month(day)


def test_later_year_ends_never_give_earlier_days() -> None:
    for earlier, later in pairwise(EVERY_DAY):
        assert months_after(earlier, 6, "safe") <= months_after(later, 6, "safe")
        assert months_after(earlier, 6, "end_of_month") <= months_after(later, 6, "end_of_month")


@pytest.mark.parametrize("month_day", ["04-01", "05-31", "06-30"])
def test_on_every_day_the_next_day_of_the_year_is_later_and_within_a_year(month_day: str) -> None:
    for day in EVERY_DAY:
        found = next_annual_day(day, month_day)
        assert day < found <= add_months(day, 12)
        assert f"{found:%m-%d}" == month_day


@pytest.mark.parametrize(
    ("month_day", "year_end", "due"),
    [
        ("05-31", "2026-03-31", "2026-05-31"),  # Canada
        ("05-31", "2026-06-30", "2027-05-31"),
        ("05-31", "2026-05-31", "2027-05-31"),
        ("06-30", "2025-12-31", "2026-06-30"),  # Norway
        ("06-30", "2026-12-31", "2027-06-30"),
    ],
)
def test_canada_and_norway_count_to_the_first_such_day_after_the_year_end(
    month_day: str, year_end: str, due: str
) -> None:
    deadline = Deadline(kind="fixed_annual", month_day=month_day, after_year_end=True)
    assert str(due_on(deadline, date.fromisoformat(year_end), TODAY, traded=False)) == due
    assert due_on(deadline, None, TODAY, traded=False) is None


def test_a_day_that_comes_every_year_is_the_next_one_after_today() -> None:
    deadline = Deadline(kind="fixed_annual", month_day="04-01")
    assert due_on(deadline, None, TODAY, traded=False) == date(2027, 4, 1)
    assert due_on(deadline, None, date(2027, 4, 1), traded=False) == date(2028, 4, 1)
    assert due_on(deadline, None, date(2027, 3, 31), traded=False) == date(2027, 4, 1)


def test_a_year_end_long_ago_or_still_to_come_stands_for_itself() -> None:
    for year_end, due in [("2019-12-31", "2020-06-30"), ("2027-01-31", "2027-07-31")]:
        assert str(due_on(after_year_end(6, "safe"), date.fromisoformat(year_end), TODAY, traded=False)) == due


def test_without_a_year_end_there_is_no_day() -> None:
    assert due_on(after_year_end(6, "safe"), None, TODAY, traded=False) is None


@pytest.mark.parametrize(
    "deadline",
    [
        Deadline(kind="none"),
        Deadline(kind="continuous"),
        Deadline(kind="each_pay_day"),
        Deadline(kind="before", event="the first day of work"),
        Deadline(kind="at_event", event="arrival"),
        Deadline(kind="days_after_request", n=30),
        Deadline(kind="days_after_event", n=7, event="the child starts"),
        Deadline(kind="end_of_following_month", event="the customer paid the tip"),
        Deadline(kind="every_years", n=3, from_="the first day of the policy"),
        Deadline(kind="record_retention", n=6, from_="the record"),
        Deadline(kind="from_date", date="2029-07-26"),
    ],
    ids=lambda deadline: deadline.kind,
)
def test_the_other_kinds_have_no_day(deadline: Deadline) -> None:
    assert due_on(deadline, date(2026, 3, 31), TODAY, traded=True) is None
    assert not needs_year_end(deadline)


def an_action(name: str, effort: Any = "S", days: int = 30, owner: str = "owner", **changes: Any) -> PlannedAction:
    values: dict[str, Any] = {
        "tracking_id": name,
        "questions": (name,),
        "kind": "safeguard",
        "dimension": "pay",
        "title": None,
        "do": "Do it.",
        "priority": days,
        "priority_days": days,
        "due_days": None,
        "owner": owner,
        "effort": effort,
        "effort_days": EFFORT_DAYS[effort],
        "gain": 1.0,
        "sign": None,
        "harm": 2,
        "breaches": (),
        "sum_rank": None,
        "find_out": False,
        "held": False,
        "parts": (),
    }
    return PlannedAction(**(values | changes))


def many(count: int, effort: str = "S", days: int = 30, name: str = "a", **changes: Any) -> list[PlannedAction]:
    return [an_action(f"{name}{index}", effort, days, **changes) for index in range(count)]


def dues(
    actions: list[PlannedAction], share: Capacity = FULL_CAPACITY, settled: dict[str, int | None] | None = None
) -> list[Any]:
    found = assign_due_days(actions, share, settled)
    return [found[action.tracking_id] for action in actions]


@pytest.mark.parametrize(("days", "window"), [(0, 1), (1, 1), (30, 1), (31, 2), (60, 2), (90, 3), (180, 6), (360, 12)])
def test_windows_are_of_thirty_days(days: int, window: int) -> None:
    assert window_of(days) == window


def test_an_action_that_fits_falls_due_in_its_own_days() -> None:
    assert dues([an_action("now", days=0), an_action("week", days=7), an_action("later", days=180)]) == [0, 7, 180]


def test_the_first_window_holds_ten_places_and_five_days() -> None:
    assert dues(many(11)) == [30] * 10 + [60]
    assert dues(many(2, "M")) == [30, 60]
    assert dues([*many(1, "M"), *many(5, name="b")]) == [30] * 5 + [60]


def test_for_others_it_holds_five_places_and_three_days() -> None:
    assert dues(many(6), ORDINARY_CAPACITY) == [30] * 5 + [60]
    assert dues([*many(1, "M"), an_action("small")], ORDINARY_CAPACITY) == [30, 60]


def test_what_does_not_fit_goes_by_and_a_smaller_one_behind_it_still_fits() -> None:
    assert dues([*many(2, "M"), an_action("small")]) == [30, 60, 30]


def test_in_the_first_window_the_firm_has_five_days_and_later_each_owner() -> None:
    first = [an_action("a", "M", 30, "one"), an_action("b", "M", 30, "two")]
    assert dues(first) == [30, 60]
    later = [an_action("a", "M", 90, "one"), an_action("b", "M", 90, "two"), an_action("c", "M", 90, "two")]
    assert dues(later) == [90, 90, 120]


def test_later_windows_count_days_alone() -> None:
    assert dues(many(12, "S", 90)) == [90] * 10 + [120] * 2


def test_a_long_action_takes_whole_shares_back_to_back_and_is_due_at_the_end_of_the_last() -> None:
    assert dues([an_action("long", "L", 30)]) == [60]
    assert dues([an_action("long", "L", 30), *many(2)]) == [60, 90, 90]
    assert dues([an_action("long", "L", 90)]) == [90]
    assert dues([an_action("long", "L", 30)], ORDINARY_CAPACITY) == [120]
    assert dues([an_action("long", "L", 90), an_action("next", "M", 30)]) == [90, 30]
    assert dues([an_action("long", "L", 90), an_action("next", "S", 60)]) == [90, 120]


def test_a_long_action_begins_in_no_window_that_is_partly_taken() -> None:
    assert dues([an_action("first", "S", 30), an_action("long", "L", 30)]) == [30, 90]
    assert dues([an_action("first", "S", 30), an_action("long", "L", 30, "another")]) == [30, 90]
    assert dues([an_action("second", "S", 60), an_action("long", "L", 90, "another")]) == [60, 90]


@pytest.mark.parametrize(
    "pressing",
    [{"sign": "serious"}, {"breaches": ("slips",)}, {"sum_rank": 0}, {"merged_as": PAPERS_ACTION}, {"sign": "urgent"}],
)
def test_what_presses_is_never_pushed_out_and_takes_its_place_first(pressing: dict[str, Any]) -> None:
    actions = [*many(10), an_action("z", days=7, **pressing)]
    assert dues(actions) == [30] * 9 + [60, 7]


def test_more_of_it_than_the_window_holds_stays_there_and_leaves_nothing_to_others() -> None:
    assert dues([*many(12, sign="serious"), an_action("plain")]) == [30] * 12 + [60]
    assert dues([an_action("big", "L", 30, sign="serious"), an_action("plain")]) == [30, 60]


def test_what_fits_in_no_window_of_the_year_has_no_date() -> None:
    everything = many(7, "L", 30)
    assert dues(everything) == [60, 120, 180, 240, 300, 360, None]
    assert dues([*everything, an_action("small", days=180)])[-1] is None
    assert dues([*everything, an_action("small", days=180, owner="another")])[-1] == 180


def test_dates_planned_for_others_stand_and_the_rest_takes_what_they_leave() -> None:
    shown = many(4, name="o")
    settled = {"o0": 30, "o1": 30, "o2": 60, "o3": None}
    assert dues([*many(9), *shown], settled=settled) == [30] * 8 + [60, 30, 30, 60, None]
    assert dues([an_action("plain", "M"), an_action("o", "M")], settled={"o": 30}) == [60, 30]


def test_a_long_one_planned_for_others_takes_their_share_of_each_window() -> None:
    small = many(7, name="s")
    assert dues([an_action("o", "L"), *small], settled={"o": 120}) == [120] + [30] * 4 + [60] * 3


def test_what_presses_here_keeps_its_days_though_it_was_planned_later_for_others() -> None:
    assert dues([an_action("o", days=7, sign="serious")], settled={"o": 60}) == [7]


def some_actions(rnd: Random) -> list[PlannedAction]:
    return [
        an_action(
            f"q{index}",
            rnd.choice("SSSML"),
            rnd.choice((0, 7, 30, 90, 180)),
            rnd.choice(("one", "two")),
            sign="serious" if rnd.random() < 0.15 else None,
        )
        for index in range(rnd.randint(0, 40))
    ]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**48), st.sampled_from([ORDINARY_CAPACITY, FULL_CAPACITY]))
def test_no_window_ever_holds_more_than_its_share_beside_what_presses(seed: int, share: Capacity) -> None:
    actions = some_actions(Random(seed))
    due = assign_due_days(actions, share)
    assert due.keys() == {action.tracking_id for action in actions}
    free = [action for action in actions if not action.pressing]
    assert all(due[action.tracking_id] == action.priority_days for action in actions if action.pressing)
    placed = [(due[action.tracking_id], action) for action in free if due[action.tracking_id] is not None]
    assert all(action.priority_days <= days <= 360 for days, action in placed)
    first = [action for days, action in placed if window_of(days) == 1]
    # what presses takes of the whole, and nothing of the share of ordinary actions
    counts = share != ORDINARY_CAPACITY
    pressing = [action for action in actions if counts and action.pressing and window_of(action.priority_days) == 1]
    if first:
        assert len(first) + len(pressing) <= share.places
        assert sum(action.effort_days for action in (*first, *pressing)) <= share.first_days
    by_window = sorted(
        ((window_of(days), action.owner, action.effort_days) for days, action in placed if window_of(days) > 1)
    )
    for _, group in groupby(by_window, key=lambda row: row[:2]):
        efforts = [effort for *_, effort in group]
        assert sum(efforts) <= share.later_days or efforts == [10]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**48))
def test_what_was_planned_for_others_moves_for_nothing(seed: int) -> None:
    rnd = Random(seed)
    actions = some_actions(rnd)
    calm = [action for action in actions if not action.pressing and rnd.random() < 0.5]
    settled = assign_due_days(calm, ORDINARY_CAPACITY)
    due = assign_due_days(actions, FULL_CAPACITY, settled)
    assert {name: due[name] for name in settled} == settled

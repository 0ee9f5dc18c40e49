"""No more at once than a firm can do; what presses keeps its days, and what may be shown to others knows nothing of the rest."""

from __future__ import annotations

from itertools import groupby
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.placing import EVERYTHING, ORDINARY, Share, place_all, window_of
from assess.engine.result import PAPERS, PlannedAction
from assess.engine.short_sets import EFFORT_DAYS


def an_action(name: str, effort: Any = "S", days: int = 30, owner: str = "owner", **changes: Any) -> PlannedAction:
    values: dict[str, Any] = {
        "question": name,
        "questions": (name,),
        "kind": "safeguard",
        "dimension": "pay",
        "title": None,
        "do": "Do it.",
        "priority": days,
        "days": days,
        "due": None,
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
    actions: list[PlannedAction], share: Share = EVERYTHING, settled: dict[str, int | None] | None = None
) -> list[Any]:
    found = place_all(actions, share, settled)
    return [found[action.question] for action in actions]


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
    assert dues(many(6), ORDINARY) == [30] * 5 + [60]
    assert dues([*many(1, "M"), an_action("small")], ORDINARY) == [30, 60]


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
    assert dues([an_action("long", "L", 30)], ORDINARY) == [120]
    assert dues([an_action("long", "L", 90), an_action("next", "M", 30)]) == [90, 30]
    assert dues([an_action("long", "L", 90), an_action("next", "S", 60)]) == [90, 120]


def test_a_long_action_begins_in_no_window_that_is_partly_taken() -> None:
    assert dues([an_action("first", "S", 30), an_action("long", "L", 30)]) == [30, 90]
    assert dues([an_action("first", "S", 30), an_action("long", "L", 30, "another")]) == [30, 90]
    assert dues([an_action("second", "S", 60), an_action("long", "L", 90, "another")]) == [60, 90]


@pytest.mark.parametrize(
    "pressing",
    [{"sign": "serious"}, {"breaches": ("slips",)}, {"sum_rank": 0}, {"merged_as": PAPERS}, {"sign": "urgent"}],
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
@given(st.integers(0, 2**48), st.sampled_from([ORDINARY, EVERYTHING]))
def test_no_window_ever_holds_more_than_its_share_beside_what_presses(seed: int, share: Share) -> None:
    actions = some_actions(Random(seed))
    due = place_all(actions, share)
    assert due.keys() == {action.question for action in actions}
    free = [action for action in actions if not action.pressing]
    assert all(due[action.question] == action.days for action in actions if action.pressing)
    placed = [(due[action.question], action) for action in free if due[action.question] is not None]
    assert all(action.days <= days <= 360 for days, action in placed)
    first = [action for days, action in placed if window_of(days) == 1]
    # what presses takes of the whole, and nothing of the share of ordinary actions
    counts = share != ORDINARY
    pressing = [action for action in actions if counts and action.pressing and window_of(action.days) == 1]
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
    settled = place_all(calm, ORDINARY)
    due = place_all(actions, EVERYTHING, settled)
    assert {name: due[name] for name in settled} == settled

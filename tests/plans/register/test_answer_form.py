from __future__ import annotations

from dataclasses import replace

import pytest

from assess.plans.actions import Item
from assess.plans.document import business_plan
from assess.plans.register.answer_form import Bounds, TypedAnswer, change_of, read_answer, typed_of
from assess.plans.register.keeping import Change
from assess.plans.register.state import ItemState
from tests.plans.records import scenario

ITEM = next(item for item in business_plan(scenario()).register.items if item.ordinary)
GRAVE = replace(ITEM, ordinary=False)
ROLES = ("Farm manager", "Owner or manager")
BOUNDS = Bounds("2026-11-24", "2026-12-01", ROLES)
WORDS = {"reason_text": "Ana keeps them", "owner_text": "Ana", "owner": "someone_else", "reason": "other"}


@pytest.mark.parametrize(("item", "kept"), [(ITEM, True), (GRAVE, False)])
def test_free_words_are_read_beside_ordinary_items_alone(item: Item, *, kept: bool) -> None:
    for response in ("accepted", "already_done", "will_not"):
        typed = read_answer({**WORDS, "response": response}, item)
        change, _ = change_of(typed, item, BOUNDS)
        assert ("Ana" in repr(typed)) is kept
        assert ("Ana" in repr(change)) is kept


def test_beside_the_others_someone_else_is_no_choice() -> None:
    _, faults = change_of(read_answer({**WORDS, "response": "accepted"}, GRAVE), GRAVE, BOUNDS)
    assert list(faults) == ["owner"]


def test_what_does_not_belong_to_an_answer_falls_away() -> None:
    everything = TypedAnswer(
        reason="cost", reason_text="Too dear", due="25 12 2026", status="done", done_on="1 12 2026"
    )
    said = {
        response: change_of(replace(everything, response=response), ITEM, BOUNDS)[0]
        for response in ("accepted", "already_done", "will_not")
    }
    assert said == {
        "accepted": Change(response="accepted", due="2026-12-25", status="done", done_on="2026-12-01"),
        "already_done": Change(response="already_done", status="done", done_on="2026-12-01"),
        "will_not": Change(response="will_not", reason="cost", reason_text="Too dear"),
    }


def test_done_without_a_day_is_done_today() -> None:
    assert change_of(TypedAnswer("accepted", status="done"), ITEM, BOUNDS)[0].done_on == "2026-12-01"
    assert change_of(TypedAnswer("already_done"), ITEM, BOUNDS)[0].done_on is None


def test_what_the_plan_proposes_is_stored_as_nothing() -> None:
    planned = replace(ITEM, due_on="2026-12-24", owner="Farm manager")
    change, faults = change_of(TypedAnswer("accepted", owner="Farm manager", due="24 12 2026"), planned, BOUNDS)
    assert (change.due, change.owner, faults) == (None, "", {})


def test_a_day_that_was_stored_or_proposed_before_stays_possible() -> None:
    overdue = replace(ITEM, due_on="2026-03-01")
    assert change_of(TypedAnswer("accepted", due="1 3 2026"), overdue, BOUNDS)[1] == {}
    chosen = replace(ITEM, state=ItemState(due="2026-02-01"))
    change, faults = change_of(TypedAnswer("accepted", due="1 2 2026"), chosen, BOUNDS)
    assert (change.due, faults) == ("2026-02-01", {})


@pytest.mark.parametrize(
    ("due", "right"), [("23 11 2026", False), ("24 11 2026", True), ("24 11 2029", True), ("25 11 2029", False)]
)
def test_a_day_lies_between_the_submission_and_three_years(due: str, *, right: bool) -> None:
    item = replace(ITEM, due_on="2026-12-24")
    assert ("due" not in change_of(TypedAnswer("accepted", due=due), item, BOUNDS)[1]) is right


def test_a_plan_of_a_leap_day_has_a_last_day_too() -> None:
    assert replace(BOUNDS, made_on="2028-02-29").last_due == "2031-02-28"


def test_a_form_drawn_from_a_state_says_that_state() -> None:
    for state in (
        ItemState(response="accepted", owner="Farm manager", due="2027-01-01", status="under_way"),
        ItemState(response="accepted", owner="Our agronomist", status="done", done_on="2026-11-30"),
        ItemState(response="will_not", reason="other", reason_text="We sold the house"),
        ItemState(response="already_done", status="done"),
    ):
        item = replace(ITEM, state=state)
        assert change_of(typed_of(item, ROLES), item, BOUNDS) == (Change.of(state), {})

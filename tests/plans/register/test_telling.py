from __future__ import annotations

from dataclasses import replace

import pytest

from assess.plans.document import business_plan
from assess.plans.register.keeping import Change
from assess.plans.register.state import EvidenceNote, ItemState
from assess.plans.register.telling import (
    Difference,
    differences,
    is_overdue,
    lapsed,
    note_words,
    state_words,
    when_words,
    who_words,
)
from tests.plans.records import scenario

TODAY = "2026-12-01"
ITEM = replace(business_plan(scenario()).register.items[0], due_on="2026-12-24", due="by 24 December 2026")
NOTE = EvidenceNote(2, "Blue folder", "records", "2026-11-01", "2027-11-01", "shown")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ItemState(), "Not answered yet"),
        (ItemState(response="accepted"), "Accepted, not started"),
        (ItemState(response="accepted", status="under_way"), "Accepted, under way"),
        (ItemState(response="accepted", due="2026-11-30"), "Accepted, not started. The date has passed"),
        (ItemState(response="accepted", status="done", done_on="2026-11-30"), "Done, on 30 November 2026"),
        (ItemState(response="already_done", status="done"), "Done already"),
        (ItemState(response="will_not", reason="cost"), "Will not be done. It costs too much now"),
    ],
)
def test_where_an_item_stands_is_said_in_words(state: ItemState, words: str) -> None:
    assert state_words(replace(ITEM, state=state), TODAY) == words


def test_what_waits_for_advice_says_only_that_and_is_never_overdue() -> None:
    held = replace(ITEM, held=True, state=ItemState(due="2020-01-01"))
    assert state_words(held, TODAY) == "Waits for advice"
    assert not is_overdue(held, TODAY)


def test_the_day_itself_is_in_time() -> None:
    assert not is_overdue(ITEM, "2026-12-24")
    assert is_overdue(ITEM, "2026-12-25")
    assert not lapsed(NOTE, "2027-11-01")
    assert lapsed(NOTE, "2027-11-02")


def test_what_the_business_chose_goes_before_what_the_plan_proposes() -> None:
    assert (when_words(ITEM), who_words(ITEM)) == ("by 24 December 2026", ITEM.owner)
    chosen = replace(ITEM, state=ItemState(due="2027-01-02", owner="Packhouse manager"))
    assert (when_words(chosen), who_words(chosen)) == ("by 2 January 2027", "Packhouse manager")


def test_a_note_is_one_line() -> None:
    assert note_words(NOTE) == (
        "Blue folder; Records, such as payslips or time sheets; dated 1 November 2026; good until 1 November 2027; "
        "We have shown it to somebody from outside"
    )


def test_only_what_differs_is_told_and_both_sides_of_it() -> None:
    before = Change(response="accepted", due="2026-12-24", notes=(NOTE,))
    after = Change(response="will_not", reason="other", reason_text="We sold it", due="2026-12-24")
    assert differences(before, after, ITEM) == [
        Difference("Your answer", "We will do this", "We will not do this"),
        Difference("Reason", "None", "Another reason. We sold it"),
        Difference("Proof 2", note_words(NOTE), "Nothing"),
    ]
    assert differences(before, before, ITEM) == []

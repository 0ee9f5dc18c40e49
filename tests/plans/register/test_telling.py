from __future__ import annotations

from dataclasses import replace

from assess.plans.document import business_plan
from assess.plans.register.keeping import Change
from assess.plans.register.phrases import note_words, state_words
from assess.plans.register.state import EvidenceNote, ItemState
from assess.plans.register.telling import Difference, differences, is_overdue, lapsed, words_today
from tests.plans.records import scenario

TODAY = "2026-12-01"
ITEM = replace(business_plan(scenario()).register.items[0], due_on="2026-12-24", due="by 24 December 2026")
NOTE = EvidenceNote(2, "Blue folder", "records", "2026-11-01", "2027-11-01", "shown")


def test_what_is_late_says_so_beside_where_it_stands() -> None:
    state = ItemState(response="accepted", due="2026-11-30")
    assert words_today(replace(ITEM, state=state), TODAY) == "We will do this. Not started. The date has passed"
    assert words_today(ITEM, TODAY) == state_words(ITEM)
    done = replace(state, status="done")
    assert words_today(replace(ITEM, state=done), TODAY) == "Done"


def test_the_day_itself_is_in_time() -> None:
    assert not is_overdue(ITEM, "2026-12-24")
    assert is_overdue(ITEM, "2026-12-25")
    assert not lapsed(NOTE, "2027-11-01")
    assert lapsed(NOTE, "2027-11-02")


def test_only_what_differs_is_told_and_both_sides_of_it() -> None:
    before = Change(response="accepted", due="2026-12-24", notes=(NOTE,))
    after = Change(response="will_not", reason="other", reason_text="We sold it", due="2026-12-24")
    assert differences(before, after, ITEM) == [
        Difference("Your answer", "We will do this", "We will not do this"),
        Difference("Reason", "None", "Another reason. We sold it"),
        Difference("How far", "Not started", "Will not be done"),
        Difference("Proof 2", note_words(NOTE), "Nothing"),
    ]
    assert differences(before, before, ITEM) == []

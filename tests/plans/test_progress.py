from __future__ import annotations

from dataclasses import replace
from typing import Any

from assess.plans.actions import Item
from assess.plans.document import business_plan
from assess.plans.pages import to_html
from assess.plans.progress import Progress, progress_of
from assess.plans.register.state import EvidenceNote, ItemState
from tests.plans.records import a_record, scenario, text_of

NOTE = EvidenceNote(1, "Payslips of October", "records", "2026-10-31", "2027-10-31", "shown")


def an_item(**state: Any) -> Item:
    return replace(business_plan(scenario()).register.ordinary[0], state=ItemState(revision=1, **state))


def test_every_item_counts_once_and_the_sentence_adds_up() -> None:
    item = an_item()
    states = (
        {"status": "done"},
        {"response": "already_done"},
        {"response": "accepted", "status": "under_way"},
        {"response": "accepted"},
        {"response": "will_not", "status": "under_way"},
        {"owner": "Jo"},
    )
    items = [replace(item, state=ItemState(revision=1, **state)) for state in states]  # type: ignore[arg-type]  # values of several kinds
    assert progress_of(items) == Progress(6, 2, 1, 1, 1, 1)
    assert (
        progress_of(items).line == "Of 6: 2 done, 1 under way, 1 not started, 1 will not be done, 1 not answered yet."
    )
    assert progress_of(items).begun


def test_nothing_was_said_yet() -> None:
    progress = business_plan(scenario()).progress
    assert not progress.begun
    assert progress.not_answered == progress.count
    assert progress_of([]).line == ""


def test_an_action_that_waits_for_advice_prints_nothing_of_its_state() -> None:
    record = a_record("farming", "farming medium", change={"core_right_to_work": "some", "core_controller": "yes"})
    held = next(action["question"] for action in record["actions"] if action["held"])
    state = {held: ItemState(response="accepted", owner="Jo Fenland", due="2027-01-15", notes=(NOTE,), revision=1)}
    assert held not in {item.key for item in business_plan(record, state).register.items}
    said = text_of(to_html(record, "business", state))
    assert "Jo Fenland" not in said
    assert "Payslips of October" not in said


def test_a_printed_plan_holds_the_state_and_room_for_a_pen_where_there_is_none() -> None:
    record = scenario()
    first, second = business_plan(record).register.ordinary[:2]
    state = {
        first.key: ItemState(response="accepted", owner="Jo <Fenland>", due="2027-01-15", notes=(NOTE,), revision=1),
        second.key: ItemState(response="already_done", done_on="2026-05-03", revision=1),
    }
    for copy in ("business", "large", "coordinator"):
        html = to_html(record, copy, state)
        said = text_of(html)
        assert "By 15 January 2027: Jo <Fenland>" in said
        assert "We will do this. Not started" in said
        assert "Proof noted: Payslips of October" in said
        assert "We do this already. Done on 3 May 2026" in said
        assert html.count("plan-ticked") == 2  # one box, and its rule in the stylesheet
        assert f"Of {business_plan(record).register.count}: 1 done, 1 not started" in said
        assert "Who: By: Done on:" in said
    assert "How far you are." not in text_of(to_html(record, "business"))


def test_what_is_settled_is_not_among_the_things_to_do_first() -> None:
    record = scenario()
    before = business_plan(record).first
    after = business_plan(record, {before[0].key: ItemState(response="already_done", revision=1)}).first
    assert [item.key for item in after[:2]] == [item.key for item in before[1:]]
    assert len(after) == 3
    assert before[0].key not in [item.key for item in after]


def test_a_buyer_copy_knows_nothing_of_the_register() -> None:
    record = scenario()
    state = {
        item.key: ItemState(response="will_not", owner="Jo", revision=1)
        for item in business_plan(record).register.items
    }
    assert to_html(record, "buyer", state) == to_html(record, "buyer")

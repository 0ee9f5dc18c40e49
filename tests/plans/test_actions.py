from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from assess.engine.ordinary import ADVICE_FIRST_QUESTIONS
from assess.plans.actions import Register, gain_text, register_of
from assess.plans.copies import business_record, with_ordinary
from assess.plans.pages import to_html
from assess.plans.register.state import ItemState
from tests.plans.records import FACTS, SCENARIOS, Record, a_record, scenario, text_of


def drawn(record: Record) -> Register:
    return register_of(with_ordinary(record))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_action_of_the_plan_is_in_the_register_once(bank: str, title: str) -> None:
    record = scenario(bank, title)
    items = [item for group in drawn(record).groups for item in group.items]
    assert [item.number for item in items] == list(range(1, len(items) + 1))
    assert {item.key for item in items} == {
        action["question"] for action in record["actions"] if not waits(action, record)
    }


def waits(action: dict[str, Any], record: Record) -> bool:
    """Whether it waits for advice: by the record, or by the safety rules of today where advice comes first."""
    advice_first = record["result"]["urgent_signs"] or record["result"]["third_party"]
    today = (action["find_out"] and action["can_sign"]) or action["question"] in ADVICE_FIRST_QUESTIONS
    return action["held"] or bool(advice_first and today)


def test_groups_go_by_when_something_falls_due() -> None:
    titles = ["By 24 December 2026", "By 24 February 2027", "By 25 November 2027"]
    groups = {group.title: group.items for group in drawn(scenario("farming", "farming critical")).groups}
    assert list(groups)[:3] == titles
    month, quarter, year = (groups[title] for title in titles)
    assert all(item.days <= 30 for item in month)
    assert all(30 < item.days <= 92 for item in quarter)
    assert all(92 < item.days <= 366 for item in year)


def test_an_item_says_why_by_whom_by_when_and_what_will_show_it() -> None:
    item = next(item for item in drawn(scenario("farming", "farming medium")).items if not item.parts)
    assert item.asked.endswith(("?", "."))
    assert item.answered
    assert item.question
    assert item.owner
    assert item.due.startswith(("by ", "start today, "))
    assert item.evidence


def test_by_when_reads_the_same_on_every_later_day() -> None:
    items = (
        *drawn(scenario("car_washes", "car_washes critical")).items,
        *drawn(a_record(change={"core_debt": "dk"})).items,
    )
    words = {item.days: item.due for item in items}
    assert words[0] == "start today, 24 November 2026"
    assert words[7] == "by 1 December 2026"
    assert all(item.due[-4:].isdigit() for item in items if item.due_on), "each names its day, with its year"


def test_the_first_three_are_those_of_the_plan() -> None:
    record = scenario("farming", "farming medium")
    assert [item.id for item in drawn(record).first] == [step["id"] for step in record["do_first"][:3]]


def test_an_action_about_exposure_is_never_among_the_first() -> None:
    record = a_record("farming", "farming low", change={"core_min_wage": "some_not"})
    kinds = {action["id"]: action["kind"] for action in record["actions"]}
    assert "exposure" in kinds.values()
    register = drawn(record)
    assert register.first
    assert all(kinds[item.id] != "exposure" for item in register.first)


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_nothing_due_sooner_stands_after_an_action_due_later(bank: str, title: str) -> None:
    """So it is for the business. The coordinator reads what is gravest first."""
    record = scenario(bank, title)
    actions = [item for item in register_of(business_record(record)).items if item.what == "action"]
    assert [item.days for item in actions] == sorted(item.days for item in actions)
    assert "exposure" in {action["kind"] for action in record["actions"]}


@pytest.mark.parametrize("marked", [with_ordinary, business_record])
def test_a_duty_stands_before_what_is_due_on_its_day_and_after_what_is_to_be_begun_at_once(marked: Any) -> None:
    record = a_record("car_washes", "car_washes critical", facts=FACTS)
    soon, late = [row for row in record["duties"] if row["heading"] == "likely" and row["verdict"] == "applies"][:2]
    for row in record["duties"]:
        row["due"] = None
    record["do_first"] = [step for step in record["do_first"] if step["what"] == "action"]
    soon.update(due="2026-12-24", overdue=False)
    late.update(due="2026-10-01", overdue=True)
    items = register_of(marked(record)).items
    order = [item.key for item in items]
    group = [item.key for item in items if item.days <= 30]
    assert {soon["id"], late["id"]} <= set(group)
    at_once = [item.key for item in items if item.days == 0]
    assert at_once
    assert order.index(late["id"]) < order.index(soon["id"])
    if marked is business_record:
        assert order[: len(at_once) + 1] == [*at_once, late["id"]]
        days = [item.days for item in items[: order.index(soon["id"])]]
        assert max(days) < 30 == items[order.index(soon["id"]) + 1].days


def test_the_short_way_is_told_only_while_nothing_is_done_or_dropped() -> None:
    record = scenario("farming", "farming medium")
    record["result"]["unknown_signs"] = []
    key = record["actions"][1]["question"]
    named, none = deepcopy(record), deepcopy(record)
    named["short_set"].update(questions=[key], to_band="low", score_after=24.06, reason=None)
    none["short_set"].update(questions=[], to_band=None, score_after=None, reason="no_short_set")
    for state, told in (
        (ItemState(response="accepted", status="under_way", revision=1), True),
        (ItemState(response="accepted", status="done", revision=2), False),
        (ItemState(response="will_not", reason="cost", revision=1), False),
        (ItemState(response="already_done", revision=1), False),
    ):
        assert (register_of(with_ordinary(named), {key: state}).short_set is not None) is told
        assert register_of(with_ordinary(none), {key: state}).no_short_way is told
        assert ("The short way:" in text_of(to_html(named, "business", {key: state}))) is told


def test_a_dated_duty_stands_among_the_actions_with_its_law() -> None:
    record = a_record("farming", "farming medium", facts={**FACTS, "turnover_gbp_incl_subsidiaries": 40_000_000})
    duty = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    duty.update(due="2026-12-20", overdue=False)
    late = next(
        row
        for row in record["duties"]
        if row is not duty and row["heading"] == "likely" and row["verdict"] == "applies"
    )
    late.update(due="2026-10-01", overdue=True)
    items = {item.id: item for group in drawn(record).groups for item in group.items}
    assert items[duty["id"]].due == "by 20 December 2026"
    assert items[late["id"]].due == "by 1 October 2026; now, if not done yet"
    assert "not yet confirmed by a lawyer" in items[duty["id"]].basis
    assert items[duty["id"]].gain == ""


def test_a_duty_beyond_the_year_is_no_task_of_this_plan() -> None:
    record = a_record("farming", "farming medium", facts=FACTS)
    duty = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    duty.update(due="2028-03-01", overdue=False)
    assert duty["id"] not in {item.id for group in drawn(record).groups for item in group.items}


@pytest.mark.parametrize(
    ("heading", "said"),
    [("must", "Law: "), ("expected", "The government expects it: "), ("likely", "not yet confirmed")],
)
def test_the_force_of_a_duty_is_said(heading: str, said: str) -> None:
    record = a_record("farming", "farming medium", facts=FACTS)
    duty = next(duty for duty in record["duties"] if duty["verdict"] == "applies")
    duty.update(due="2026-12-20", overdue=False, heading=heading)
    record["do_first"].insert(0, {"what": "duty", "id": duty["id"]})
    (item,) = (item for item in drawn(record).items if item.id == duty["id"])
    assert said in item.basis


@pytest.mark.parametrize(
    ("gain", "said"), [(None, ""), (0, ""), (0.04, "less than 0.1 off your score"), (1.25, "1.3 off your score")]
)
def test_a_gain_is_said_only_where_something_is_promised(gain: float | None, said: str) -> None:
    assert gain_text(gain) == said


def test_the_short_way_is_told_in_numbers_of_the_register() -> None:
    record = scenario("farming", "farming medium")
    wanted = [record["actions"][5]["question"], record["actions"][2]["question"]]
    record["short_set"].update(questions=wanted, to_band="low", score_after=24.06, reason=None)
    register = drawn(record)
    assert register.short_set is not None
    by_number = {item.number: item.id for group in register.groups for item in group.items}
    questions = {action["id"]: action["question"] for action in record["actions"]}
    assert {questions[by_number[number]] for number in register.short_set.numbers} == set(wanted)
    assert (register.short_set.from_word, register.short_set.to_word) == ("Medium", "Low")
    assert register.short_set.score_after == "24.1"


def test_where_no_few_actions_are_enough_that_is_said() -> None:
    record = scenario("farming", "farming medium")
    record["short_set"].update(questions=[], to_band=None, score_after=None, reason="no_short_set")
    assert drawn(record).no_short_way
    assert drawn(record).short_set is None


def test_an_action_that_waits_for_advice_is_no_item() -> None:
    record = a_record(change={"core_right_to_work": "some", "core_controller": "yes"})
    held = {row["question"] for row in record["actions"] if row["held"]}
    assert held
    register = drawn(record)
    assert register.waiting
    assert not held & {item.key for item in register.items}
    assert not drawn(scenario()).waiting


def test_a_duty_whose_source_was_not_re_read_presses_nobody() -> None:
    facts = {"operates_in": ["ENG"], "legal_form": "company", "is_small_or_medium_company": False, "fye": "2026-02-28"}
    record = a_record(facts=facts)
    duty = next(row for row in record["duties"] if row["id"] == "uk_s172_statement")
    assert (duty["verdict"], duty["heading"]) == ("applies", "ask_adviser")
    assert duty["due"] is not None
    assert all(step["id"] != duty["id"] for step in record["do_first"])
    assert all(item.id != duty["id"] for group in drawn(record).groups for item in group.items)

"""The list of a business since engine 2: by days, then harm; what is for later; twenty for a small firm; parts; and a week of grace."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from assess.plans.action_tracker.presenters import is_overdue
from assess.plans.action_tracker.state import ItemState
from assess.plans.actions import LATER_GROUP, ActionList, action_list_of, steps_of
from assess.plans.copies import business_record, mark_exportable_and_held
from assess.plans.plan_page import business_plan
from assess.plans.print_html import copy_html
from assess.plans.printed_plan import MOST_PARTS, printed_plan_of
from assess.plans.words import first_lower
from tests.plans.records import SCENARIOS, Record, a_record, scenario, text_of

CRITICAL = tuple(one for one in SCENARIOS if one[1].endswith("critical"))


def own_action_list(record: Record) -> ActionList:
    return action_list_of(business_record(record))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_actions_stand_by_days_then_harm_then_gain_for_effort(bank: str, title: str) -> None:
    record = scenario(bank, title)
    own = business_record(record)
    places = [
        (float("inf") if action["days"] is None else action["days"], action["harm"], not action["fails"])
        for action in own["actions"]
    ]
    assert places == sorted(places)
    alike: dict[tuple[Any, ...], list[float]] = {}
    for action, place in zip(own["actions"], places, strict=True):
        if not action["fails"]:
            alike.setdefault(place, []).append((action["gain"] or 0) / action["effort_days"])
    for worths in alike.values():
        assert worths == sorted(worths, reverse=True)
    assert [action["id"] for action in own["actions"]] == [f"A{n}" for n in range(1, len(own["actions"]) + 1)]


def test_no_row_stands_higher_because_it_is_a_sign() -> None:
    """The same record with its signs taken off its actions reads in the same order."""
    for bank, title in SCENARIOS:
        record = scenario(bank, title)
        bare = json.loads(json.dumps(record))
        for action in bare["actions"]:
            action["sign"] = None
        bare["actions"].reverse()
        assert [action["question"] for action in business_record(record)["actions"]] == [
            action["question"] for action in business_record(bare)["actions"]
        ]


def test_the_wage_of_a_day_comes_before_the_price_of_a_wash() -> None:
    own = business_record(scenario("car_washes", "car_washes critical"))
    failing = [action for action in own["actions"] if action["fails"]]
    assert [set(action["questions"]) & {"D1", "D2"} for action in failing] == [{"D2"}, {"D1"}]


@pytest.mark.parametrize(("bank", "title"), CRITICAL)
def test_what_waits_for_advice_is_told_by_one_flag_alone(bank: str, title: str) -> None:
    record = scenario(bank, title)
    held = {action["question"]: action for action in record["actions"] if action["held"]}
    own = business_record(record)
    assert own["waiting"] == bool(held)
    assert own["advice_first"] == bool(record["result"]["urgent_signs"] or record["result"]["third_party"])
    assert not held.keys() & {action["question"] for action in own["actions"]}
    assert not held.keys() & {item.key for item in own_action_list(record).items}
    if own["advice_first"]:
        assert {step["what"] for step in own["do_first"]} <= {"duty"}


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_an_own_record_names_no_sign_and_no_question_that_can_raise_one(bank: str, title: str) -> None:
    own = business_record(scenario(bank, title))
    forbidden = {
        "sign",
        "signs",
        "can_sign",
        "urgent_signs",
        "serious_signs",
        "unknown_signs",
        "third_party",
        "not_looked",
    }

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for part in value.values() for key in keys(part)}
        return {key for part in value for key in keys(part)} if isinstance(value, list) else set()

    assert not forbidden & keys(own)
    assert not any("ordinary" in question for section in own["sections"] for question in section["questions"])
    assert all(set(row) == {"duty"} for row in own["result"]["breaches"])


def test_a_breach_of_a_sign_question_is_not_named_beside_its_action() -> None:
    record = scenario("car_washes", "car_washes critical")
    telling = [
        action for action in record["actions"] if action["can_sign"] and action["breaches"] and not action["held"]
    ]
    assert telling
    own = {action["question"]: action for action in business_record(record)["actions"]}
    for action in telling:
        assert own[action["question"]]["breaches"] == []
        assert set(action["breaches"]) <= {row["duty"] for row in business_record(record)["result"]["breaches"]}


def test_page_one_takes_its_three_from_the_order_of_the_engine_with_the_numbers_of_the_list() -> None:
    record = scenario("car_washes", "car_washes critical")
    asked = {action["id"]: action["question"] for action in record["actions"]}
    wanted = [asked[step["id"]] for step in record["do_first"] if step["what"] == "action"][:3]
    plan = business_plan(record)
    assert [item.key for item in plan.first] == wanted
    html = copy_html(record, "business")
    marks = re.findall(r"<li><strong>(\d+)\. ", html)
    assert [int(mark) for mark in marks] == [item.number for item in plan.first]


def test_what_has_no_date_is_for_later() -> None:
    record = scenario()
    record["actions"][4] |= {"days": None, "due": None}
    key = record["actions"][4]["question"]
    found = own_action_list(record)
    last = found.groups[-1]
    assert last.title == LATER_GROUP
    [item] = [item for item in last.items if item.key == key]
    assert item.due_text == "later"
    assert item.due_date is None
    assert not is_overdue(item, "2099-01-01")
    assert item.number == found.count
    steps = printed_plan_of(record, business_plan(record)).steps
    assert [*steps.first, *steps.after, *steps.left][-1].due is None


def test_a_small_firm_is_shown_twenty_and_the_rest_stands_under_later() -> None:
    record = scenario("car_washes", "car_washes critical")
    record["people"] = 9
    actions = [item for item in own_action_list(record).items if item.what == "action"]
    assert len(actions) > 20
    assert [item.later for item in actions] == [place >= 20 for place in range(len(actions))]
    later = [item for item in actions if item.later]
    assert any(item.due_date for item in later)
    text = text_of(copy_html(record, "business"))
    assert re.search(r"And \d+ more for later: the annex has them", text)
    assert later[-1].do not in text
    assert {row.number for row in steps_of(business_record(record)).rows} <= {
        item.number for item in actions if not item.later
    }


@pytest.mark.parametrize("people", [10, None])
def test_a_firm_of_ten_and_one_that_does_not_say_see_all(people: int | None) -> None:
    record = scenario("car_washes", "car_washes critical")
    record["people"] = people
    assert [item.later for item in own_action_list(record).items if item.due_date] == [False] * sum(
        bool(item.due_date) for item in own_action_list(record).items
    )


def test_the_coordinator_sees_all_of_a_small_firm() -> None:
    record = scenario("car_washes", "car_washes critical")
    record["people"] = 3
    assert not [item for item in action_list_of(mark_exportable_and_held(record)).items if item.later and item.due_date]


def test_what_is_due_at_once_starts_today_and_is_late_after_a_week() -> None:
    record = scenario()
    record["actions"][1] |= {"days": 0, "due": "2026-11-24"}
    [item] = [item for item in own_action_list(record).items if item.key == record["actions"][1]["question"]]
    assert item.due_text == "start today, 24 November 2026"
    assert not is_overdue(item, "2026-12-01")
    assert is_overdue(item, "2026-12-02")


def test_a_day_that_was_chosen_has_no_week_of_grace() -> None:
    record = scenario()
    record["actions"][1] |= {"days": 0, "due": "2026-11-24"}
    key = record["actions"][1]["question"]
    state = {key: ItemState(response="accepted", due="2026-11-26")}
    [item] = [item for item in action_list_of(business_record(record), state).items if item.key == key]
    assert not is_overdue(item, "2026-11-26")
    assert is_overdue(item, "2026-11-27")


def test_actions_that_are_made_of_parts_show_them_under_one_number() -> None:
    record = scenario()
    items = {item.key: item for item in own_action_list(record).items}
    for key in ("map", "papers"):
        action = next(action for action in record["actions"] if action["question"] == key)
        assert [part.says for part in items[key].parts] == [part["title"] for part in action["parts"]]
        assert not items[key].asked
        assert not items[key].evidence
    text = text_of(copy_html(record, "business"))
    for part in items["map"].parts[:MOST_PARTS]:
        assert first_lower(part.says) in text


@pytest.mark.parametrize("name", ["map", "papers"])
def test_a_question_called_like_an_action_of_many_parts_is_shown_like_any_other(name: str) -> None:
    record = scenario()
    item = next(one for one in own_action_list(record).items if one.what == "action" and one.asked and one.reason)
    assert not item.merged_as
    # as the engine tracks them where a question of the bank has this name (tests/engine/test_plan_groups.py)
    text = json.dumps(record).replace(f'"{name}"', f'"{name}-"').replace(f'"{item.key}"', f'"{name}"')
    called = {one.key: one for one in own_action_list(json.loads(text)).items}
    assert called[name] == replace(item, key=name)
    assert called["map-" if name == "map" else "map"].merged_as == "map"
    assert len(called["map-" if name == "map" else "map"].parts) > 1


def test_groups_are_called_by_their_last_day() -> None:
    titles = [group.title for group in own_action_list(scenario()).groups]
    assert titles[:2] == ["By 24 December 2026", "By 24 February 2027"]


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_what_travels_is_made_from_ordinary_answers_alone(bank: str, title: str) -> None:
    record = scenario(bank, title)
    travelling = [item for item in own_action_list(record).ordinary if item.what == "action"]
    assert [(item.key, item.proposed_due) for item in travelling] == [
        (action["question"], action["due"]) for action in record["buyer_view"]["actions"]
    ]
    ordinary = {
        question["id"] for section in record["sections"] for question in section["questions"] if question["ordinary"]
    }
    for action in record["buyer_view"]["actions"]:
        assert ordinary.issuperset(action["questions"])


def test_what_became_of_an_action_travels_with_it() -> None:
    record = scenario()
    state = {"map": ItemState(response="accepted", status="done", done_on="2026-12-01")}
    [item] = [item for item in action_list_of(business_record(record), state).ordinary if item.key == "map"]
    assert item.state.is_done


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_steps_stand_in_the_order_of_the_list_and_add_up(bank: str, title: str) -> None:
    own = business_record(scenario(bank, title))
    steps = steps_of(own)
    assert bool(steps.rows) == any(action["gain"] is not None for action in own["actions"])
    if not steps.rows:
        return
    assert [row.number for row in steps.rows] == sorted(row.number for row in steps.rows)
    total = sum(round(float(row.takes_off) * 10) for row in steps.rows)
    assert total == round(float(steps.total) * 10)
    assert round(float(steps.now) * 10) - total == round(float(steps.after) * 10)


def test_strengths_are_ordinary_answers_and_no_area_is_praised() -> None:
    for change in ({}, {"core_documents": "employer"}, {"core_documents": "dk"}):
        text = text_of(copy_html(a_record("farming", "farming low", change=change), "business"))
        assert "Nothing is left open" not in text
        assert "Keep them up" not in text

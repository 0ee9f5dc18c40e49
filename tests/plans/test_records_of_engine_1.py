"""Records of engine 1 have no headline, no sums and no view of a buyer: they print on the pages of today with what they have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import database
from assess.core.pdf import load_weasyprint
from assess.plans.action_tracker.carry_over import source_keys
from assess.plans.action_tracker.services import ItemContent, change_item, get_tracker_state
from assess.plans.plan_page import business_plan
from assess.plans.print_html import copy_html
from tests.plans.conftest import submit_record
from tests.plans.records import a_record, engine_1, scenario, text_of


@pytest.mark.parametrize("title", ["farming medium", "farming critical"])
def test_it_prints_on_the_same_pages_with_what_it_has(title: str) -> None:
    record = engine_1(title)
    html = copy_html(record, "business", {}, "ABCD-EFGH")
    assert 4 < len(load_weasyprint().HTML(string=html).render().pages) <= 8
    said = text_of(html)
    for heading in ("Now to ", "The law for you", "Where you stand", "Call and sign"):
        assert heading in said
    assert ("Some of your answers need advice today" in said) == bool(record["result"]["urgent_signs"])
    assert "What you can tell those who ask" not in said


def test_it_has_no_headline_and_no_sums() -> None:
    plan = business_plan(engine_1())
    assert plan.headline is None
    assert not plan.pay.sums
    assert not any(item.title or item.parts or item.later for item in plan.action_list.items)


def test_the_first_result_by_new_rules_says_so_and_the_pay_page_opens(app: Flask, visit: Any, now: datetime) -> None:
    made = submit_record(app, visit, engine_1(), now)
    before = visit(f"{made.address}/result")
    assert "How we count has changed" not in before.text
    assert "Your pay sums" not in before.text
    away = visit(f"{made.address}/result/pay", follow=False)
    assert (away.status, away.headers["Location"]) == (303, f"{made.address}/result")
    for _ in range(2):
        with app.app_context(), database().writing() as session:
            reopen_assessment(session, made.id, now)
            submit_assessment(session, made.id, lambda _said: scenario(), now)
        after = visit(f"{made.address}/result")
        said = "How we count has changed since 24 November 2026. Your earlier result stays as it was."
        assert (said in after.text) == (_ == 0), "only beside the first that is counted otherwise"
        assert visit(f"{made.address}/result/pay").status == 200


def both() -> tuple[dict[str, Any], dict[str, Any]]:
    """A record of engine 1, and one of engine 2 of the same answers where both ask the same."""
    old = engine_1()
    new = a_record()
    said = {question["id"]: question for section in old["sections"] for question in section["questions"]}
    for section in new["sections"]:
        for question in section["questions"]:
            if question["id"] in said:
                question["answer"] = said[question["id"]]["answer"]
    return old, new


def test_marks_of_members_come_to_the_action_that_stands_for_them() -> None:
    old, new = both()
    asked = {action["question"] for action in old["actions"]}
    [together] = [action for action in new["actions"] if action["question"] == "map"]
    members = set(together["questions"]) & asked
    assert members
    assert set(source_keys("map", new, old)) == members


def test_an_answer_that_changed_brings_no_old_mark() -> None:
    old, new = both()
    name = source_keys("map", new, old)[0]
    [question] = [one for section in new["sections"] for one in section["questions"] if one["id"] == name]
    question["answer"] = "something else"
    assert name not in source_keys("map", new, old)


def test_only_what_was_to_be_found_out_comes_to_the_papers() -> None:
    old, new = both()
    found_out = {action["question"] for action in old["actions"] if action["find_out"]}
    assert set(source_keys("papers", new, old)) <= found_out


@pytest.mark.parametrize("all_of_them", [False, True])
def test_an_action_of_several_is_done_only_where_all_were(
    app: Flask, visit: Any, now: datetime, *, all_of_them: bool
) -> None:
    old, new = both()
    [together] = [action for action in new["actions"] if action["question"] == "map"]
    members = source_keys("map", new, old)
    together["questions"] = list(members)
    made = submit_record(app, visit, old, now)
    done = [
        ItemContent(response="accepted", status="done", done_on=f"2026-11-{25 + place}")
        for place in range(len(members))
    ]
    with app.app_context(), database().writing() as session:
        for name, what in list(zip(members, done, strict=True))[: None if all_of_them else 1]:
            change_item(session, made.submission_id, name, what, 0, now)
        reopen_assessment(session, made.id, now)
        newer = submit_assessment(session, made.id, lambda _said: new, now).id
        state = get_tracker_state(session, newer)["map"]
    if all_of_them or len(members) == 1:
        assert (state.status, state.done_on) == ("done", "2026-11-25")
    else:
        assert (state.status, state.done_on, state.is_closed) == ("under_way", None, False)

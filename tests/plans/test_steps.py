from __future__ import annotations

import re
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from bs4 import BeautifulSoup

from assess.plans.actions import FEW_PEOPLE
from assess.plans.copies import business_record, with_ordinary
from assess.plans.document import business_plan, coordinator_plan
from assess.plans.pages import to_html
from assess.plans.register.state import ItemState
from assess.plans.steps import Steps, promised_actions, steps_of
from assess.plans.words import one
from tests.engine.real_banks import BANKS, edition_of, some_answers
from tests.plans.records import SCENARIOS, a_record, scenario, text_of
from tests.plans.test_copies import moved_sign

DONE = ItemState(status="done", done_on="2026-12-01")
ALREADY = ItemState(response="already_done")
REFUSED = ItemState(response="will_not", reason="not_for_us")


def adds_up(steps: Steps) -> None:
    """Go down the table with a pencil."""
    score = Decimal(steps.now)
    days = Decimal(0)
    for row in steps.rows:
        score -= Decimal(row.takes_off)
        days += Decimal(row.days)
        assert score == Decimal(row.after)
    assert score == Decimal(steps.after) == Decimal(steps.now) - Decimal(steps.total)
    assert days == Decimal(steps.days)


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_table_adds_up_and_starts_at_the_score_of_the_first_page(bank: str, title: str) -> None:
    record = scenario(bank, title)
    steps = business_plan(record).steps
    if steps.rows:
        adds_up(steps)
        assert steps.now == one(record["result"]["score"])
    promised = promised_actions(business_record(record))
    few = record["people"] is not None and record["people"] < FEW_PEOPLE
    later = {item.key for item in business_plan(record).register.items if few and item.later}
    assert len(steps.rows) == len([action for action in promised if action["question"] not in later])


@pytest.mark.parametrize("bank", BANKS)
def test_any_answers_and_any_register_add_up(bank: str) -> None:
    rnd = Random(11)
    for _ in range(12):
        record = with_ordinary(a_record(bank, f"{bank} low", change=some_answers(rnd, edition_of(bank))))
        state = {
            action["question"]: rnd.choice((DONE, ALREADY, REFUSED))
            for action in record["actions"]
            if rnd.random() < 0.4
        }
        steps = steps_of(record, state)
        adds_up(steps)
        assert [row.number for row in steps.rows] == sorted(row.number for row in steps.rows)
        if steps.done:
            assert 0 <= Decimal(steps.done_off) <= Decimal(steps.total)
            assert steps.done == tuple(row.number for row in steps.rows if row.done)
        assert not set(steps.refused) & {row.number for row in steps.rows}


def test_the_numbers_are_those_of_the_register_and_dates_come_before_points() -> None:
    plan = business_plan(scenario("farming", "farming critical"))
    items = {item.number: item for item in plan.register.items}
    for row in plan.steps.rows:
        assert items[row.number].name == row.do
    days = [items[row.number].days for row in plan.steps.rows]
    assert days == sorted(days)


def test_what_waits_for_advice_and_what_is_about_exposure_promises_nothing() -> None:
    record = with_ordinary(a_record("farming", "farming critical", change={"farm_housing_type": "other"}))
    silent = {row["question"] for row in record["actions"] if row["held"] or row["gain"] is None}
    assert {row["kind"] for row in record["actions"]} > {"safeguard"}
    assert any(row["held"] for row in record["actions"])
    assert not silent & {action["question"] for action in promised_actions(record)}
    assert len(steps_of(record).rows) == len(record["actions"]) - len(silent)


def test_what_is_done_keeps_its_place_and_what_is_refused_is_left_out() -> None:
    record = scenario("farming", "farming medium")
    before = business_plan(record)
    last, first = before.steps.rows[-1], before.steps.rows[0]
    keys = {item.number: item.key for item in before.register.items}
    state = {keys[last.number]: DONE, keys[first.number]: REFUSED}
    steps = business_plan(record, state).steps
    assert (steps.rows[-1].number, steps.rows[-1].done) == (last.number, True)
    assert steps.refused == (first.number,)
    said = text_of(to_html(record, "business", state))
    assert (
        f"Done so far: {steps.done_off} off your score (number {last.number}). Answer again to have it counted." in said
    )
    assert f"Left out, because you will not do it: number {first.number}." in said
    assert f"{last.number} (done). {last.do}" in said


def test_done_wins_over_a_refusal_of_before() -> None:
    record = with_ordinary(scenario("farming", "farming medium"))
    key = promised_actions(record)[0]["question"]
    steps = steps_of(record, {key: ItemState(response="will_not", status="done")})
    assert len(steps.done) == 1
    assert steps.refused == ()


def test_when_all_is_refused_nothing_is_taken_off() -> None:
    record = with_ordinary(scenario("hospitality", "hospitality low"))
    state = {action["question"]: REFUSED for action in promised_actions(record)}
    steps = steps_of(record, state)
    assert (steps.rows, steps.total, steps.now == steps.after) == ((), "0.0", True)
    assert len(steps.refused) == len(state) > 0


def test_the_page_adds_up_from_its_text_alone() -> None:
    html = to_html(scenario("farming", "farming medium"), "business")
    section = BeautifulSoup(html, "html.parser").select_one("section[aria-labelledby=steps]")
    assert section is not None
    said = " ".join(section.get_text(" ").split())
    found = re.search(r"score now ([\d.]+) − ([\d.]+) = ([\d.]+)", said)
    assert found
    now, total, after = map(Decimal, found.groups())
    assert now - total == after
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in section.select("tbody tr")]
    assert sum(Decimal(row[2]) for row in rows) == total
    assert Decimal(rows[-1][3]) == after
    assert "half a day for a small step, 3 for a medium one, 10 for a large one" in said
    assert not re.search(r"\b(low|medium|high|critical|act now)\b", said.replace("a medium one", ""), re.IGNORECASE)


def test_finding_out_is_said_to_count_as_good_news() -> None:
    record = scenario("farming", "farming medium")
    said = "A step that only finds something out counts as if you find that all is well."
    assert not business_plan(record).steps.finding_out
    assert said not in text_of(to_html(record, "business"))
    next(action for action in record["actions"] if action["gain"] is not None)["find_out"] = True
    assert business_plan(record).steps.finding_out
    assert said in text_of(to_html(record, "business"))


def test_a_record_of_long_ago_prints_without_the_table() -> None:
    record: dict[str, Any] = scenario()
    del record["charges"]
    assert business_plan(record).steps == Steps()
    assert "What each step brings" not in to_html(record, "business")


@pytest.mark.parametrize("bank", BANKS)
def test_the_steps_do_not_tell_which_answer_raised_the_sign(bank: str) -> None:
    record = a_record(bank, f"{bank} medium", change={"core_documents": "employer"})
    other = moved_sign(record, "core_threats")
    assert business_plan(record).steps == business_plan(other).steps


def test_both_copies_have_the_same_steps_where_no_sign_moves_a_number() -> None:
    record = scenario("farming", "farming medium")
    assert business_plan(record).steps == coordinator_plan(record).steps
    assert steps_of(business_record(record)) == business_plan(record).steps

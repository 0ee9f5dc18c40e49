from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from assess.engine.assessing import EditionRef, EngineInput, assess
from assess.engine.ordinary import ordinary_questions
from assess.engine.plan import ADVICE_FIRST_TEXT
from assess.engine.purchases import Purchase
from assess.engine.record import (
    Operator,
    RecordOrganisation,
    canonical_json,
    content_reference,
    make_record,
    questions_dependent_on_signs,
    sign_related_questions,
)
from assess.engine.result import MAP_ACTION, PAPERS_ACTION
from assess.engine.result_json import PurchaseList
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import settings_from
from tests.engine.real_banks import BANKS, TODAY, edition_of, examples_of
from tests.reference_data import real

SETTINGS = settings_from(bundled_files(), TODAY)
NETWORK = Operator("The Network", "hello@network.example", "complaints@network.example")


def a_record(
    bank: str = "farming",
    title: str = "farming medium",
    *,
    area: str = "norfolk",
    operator: Operator = NETWORK,
    change: dict[str, Any] | None = None,
    bought: PurchaseList | None = None,
    **given: Any,
) -> dict[str, Any]:
    example = next(example for example in examples_of(bank) if example.title == title)
    said = EngineInput({**example.answers, **(change or {})}, given.pop("facts", {}), **given)
    assessed = assess(edition_of(bank), said, SETTINGS, TODAY)
    ref = EditionRef(bank, 1, "0" * 64)
    organisation = RecordOrganisation("Fen Edge", area)
    return make_record(
        edition_of(bank),
        ref,
        said,
        assessed,
        settings=SETTINGS,
        organisation=organisation,
        operator=operator,
        today=TODAY,
        bought=bought,
    )


def test_the_same_answers_on_the_same_day_give_the_same_record() -> None:
    assert canonical_json(a_record()) == canonical_json(a_record())
    assert a_record()["reference"] == a_record()["reference"]


def test_another_answer_gives_another_reference() -> None:
    assert a_record()["reference"] != a_record(change={"core_longest_week": 47})["reference"]


def test_a_reference_spells_no_word_and_no_digit_that_looks_like_a_letter() -> None:
    for number in range(300):
        reference = content_reference({"n": number})
        assert len(reference) == 9
        assert not set(reference) & set("AEIOU01L")


@pytest.mark.thorough
@pytest.mark.parametrize("bank", BANKS)
def test_a_record_is_plain_data_with_no_gap_left_in_its_words(bank: str) -> None:
    for example in examples_of(bank):
        record = a_record(bank, example.title)
        assert json.loads(json.dumps(record)) == record
        words = json.dumps([record["sections"], record["actions"], record["duties"], record["finding_texts"]])
        assert not [gap for gap in ("{wage}", "{helpline}", "{children_team}", "{offset_day}") if gap in words]


def test_only_shown_questions_are_in_the_record() -> None:
    record = a_record(change={"core_agency_pct": 55})
    held = {question["id"] for section in record["sections"] for question in section["questions"]}
    assert len(held) == record["result"]["shown"]
    assert "farm_poultry_crew" not in held


def test_the_record_says_what_is_poor_and_what_can_be_shown() -> None:
    record = a_record(evidence=frozenset({"core_right_to_work", "farm_poultry_crew"}))
    assert record["evidence"] == ["core_right_to_work"]
    poor = {q["id"] for section in record["sections"] for q in section["questions"] if q["poor"]}
    asking = {name for action in record["actions"] for name in action["questions"]}
    assert asking <= poor | {"D1", "D2", "D3", "D5", "D6"}
    assert {action["question"] for action in record["actions"]} <= asking | {MAP_ACTION, PAPERS_ACTION}


def test_steps_name_actions_by_their_number_on_paper_and_duties_by_their_id() -> None:
    facts = {
        "operates_in": ["ENG"],
        "legal_form": "company",
        "fye": "2026-05-31",
        "turnover_gbp_incl_subsidiaries": 90_000_000,
        "supplies_goods_or_services": True,
    }
    record = a_record(facts=facts)
    numbers = {action["id"] for action in record["actions"]}
    duties = {duty["id"] for duty in record["duties"]}
    assert {step["what"] for step in record["do_first"]} == {"action", "duty"}
    for step in record["do_first"]:
        assert step["id"] in (numbers if step["what"] == "action" else duties)


def test_the_record_is_of_engine_2_and_names_its_questions_and_areas() -> None:
    record = a_record()
    assert (record["format"], record["engine"]) == (1, 2)
    assert record["people"] == record_answer(record, "core_people_peak")
    assert all(set(row) >= {"wide", "questions"} for row in record["dimensions"])
    questions = {row["id"]: row for section in record["sections"] for row in section["questions"]}
    assert {name for name, row in questions.items() if row["ordinary"]} <= ordinary_questions(edition_of("farming"))
    assert not any(row["ordinary"] and (row["can_sign"] or row["waits_for_advice"]) for row in questions.values())
    assert a_record(change={"core_people_peak": "dk"})["people"] is None


def record_answer(record: dict[str, Any], name: str) -> object:
    return next(row["answer"] for section in record["sections"] for row in section["questions"] if row["id"] == name)


def test_an_action_stands_with_its_day_its_reasons_and_its_parts() -> None:
    record = a_record(change={"core_documents": "dk", "core_insurance": "no"})
    actions = {action["question"]: action for action in record["actions"]}
    for action in record["actions"]:
        due = None if action["days"] is None else (TODAY + timedelta(days=action["days"])).isoformat()
        assert action["due"] == due
        assert [part["question"] for part in action["parts"]] == action["questions"]
    assert actions["core_insurance"]["breaches"]
    assert actions["core_insurance"]["days"] <= 30
    part = next(part for part in actions[PAPERS_ACTION]["parts"] if part["question"] == "core_documents")
    question = next(one for one in edition_of("farming").questions() if one.id == "core_documents")
    assert part["why_ask"] == question.ask
    assert part["why_answer"] == "Don’t know"
    assert part["evidence"] == question.evidence
    assert actions[MAP_ACTION]["gain"] is None
    assert all("{" not in part["do"] for action in record["actions"] for part in action["parts"])


def test_an_action_of_a_check_says_what_was_found_and_asks_nothing() -> None:
    answers = {
        "wash_pay_basis": "daily_checked",
        "wash_daily_rate": 50,
        "wash_day_hours": 10,
        "wash_price": 2,
        "wash_team": 4,
        "wash_minutes": 30,
    }
    record = a_record("car_washes", "car_washes low", change=answers)
    price = next(action for action in record["actions"] if action["question"] == "D1")
    assert price["fails"]
    assert (price["why_answer"], price["can_sign"], price["ordinary"]) == (None, True, False)
    assert price["why_ask"] in {finding["says"] for finding in record["finding_texts"]}


def test_while_advice_comes_first_no_held_action_says_a_deed() -> None:
    record = a_record(title="farming critical")
    held = [action for action in record["actions"] if action["held"]]
    assert held
    for action in held:
        assert (action["title"], action["do"]) == (None, ADVICE_FIRST_TEXT)
        assert {(part["title"], part["do"]) for part in action["parts"]} == {(None, ADVICE_FIRST_TEXT)}


@pytest.mark.parametrize("bank", BANKS)
def test_what_a_buyer_sees_stands_in_the_record_finished_and_names_no_sign(bank: str) -> None:
    record = a_record(bank, f"{bank} critical")
    seen = record["buyer_view"]
    assert seen["exposure"] in {"lower", "middle", "higher"}
    assert seen["band"] in {"low", "medium", "high"}
    assert all(1 <= bar["step"] <= 4 and bar["groups"] and bar["name"] for bar in seen["bars"])
    ordinary = ordinary_questions(edition_of(bank))
    for action in seen["actions"]:
        assert set(action["questions"]) <= ordinary
        assert (action["sign"], action["held"]) == (None, False)
        assert {part["question"] for part in action["parts"]} <= ordinary


def test_a_plan_is_valid_for_a_year() -> None:
    record = a_record()
    assert record["made_on"] == "2026-11-24"
    assert date.fromisoformat(record["valid_until"]) == date(2027, 11, 24)


def test_the_local_childrens_team_is_named_where_there_is_one() -> None:
    child = {"core_under_18": "no_permit"}

    def action_in(area: str, team: str | None) -> str:
        operator = Operator("N", "c", "d", team)
        record = a_record("farming", "farming low", area=area, operator=operator, change=child)
        return next(str(action["do"]) for action in record["actions"] if action["question"] == "core_under_18")

    local = next(contact for contact in SETTINGS.contacts if contact.id == "norfolk_children_team")
    assert str(local.number) in action_in("norfolk", "another team")
    assert "our own team" in action_in("other", "our own team")
    assert "your council’s children’s team" in action_in("other", None)


def test_duties_say_which_facts_they_turned_on_and_which_they_wait_for() -> None:
    record = a_record(facts={"operates_in": ["ENG"], "employs_anyone": True})
    by_id = {duty["id"]: duty for duty in record["duties"]}
    wage = by_id["uk_minimum_wage_pay_and_records"]
    assert wage["verdict"] == "applies"
    assert {row["fact"] for row in wage["turned_on"]} >= {"operates_in"}
    statement = by_id["uk_s54_statement"]
    assert statement["verdict"] == "to_check"
    assert statement["waits_for"]


def bought(supplier: str | None = None) -> PurchaseList:
    return PurchaseList((Purchase("cleaning", "GB", 10, supplier), Purchase("Cocoa", "CI")), real())


def test_purchases_stand_under_a_key_of_their_own_and_nothing_else_changes() -> None:
    plain, full = a_record(), a_record(bought=bought())
    assert set(full) - set(plain) == {"purchases"}
    assert {key for key in plain if full[key] != plain[key]} == {"reference"}
    assert json.loads(json.dumps(full)) == full
    assert a_record(bought=PurchaseList((), real())) == plain


def test_the_short_reference_tells_nothing_of_a_supplier() -> None:
    named, other = a_record(bought=bought("A firm")), a_record(bought=bought("Another firm"))
    assert named["reference"] == other["reference"]
    assert canonical_json(named) != canonical_json(other)


@pytest.mark.parametrize("change", [{"core_documents": "employer"}, {"core_who_speaks": "same"}])
def test_asking_firms_here_waits_for_advice_while_a_grave_sign_is_open(change: dict[str, Any]) -> None:
    calm = {step["good"]: step for step in a_record(title="farming low", bought=bought())["purchases"]["steps"]}
    grave = {
        step["good"]: step
        for step in a_record(title="farming low", change=change, bought=bought())["purchases"]["steps"]
    }
    assert calm["cleaning"]["do"] != grave["cleaning"]["do"] == ADVICE_FIRST_TEXT
    assert calm["Cocoa"] == grave["Cocoa"]


@pytest.mark.parametrize("bank", BANKS)
def test_what_can_raise_a_sign_and_what_is_asked_because_of_it_are_about_signs(bank: str) -> None:
    edition = edition_of(bank)
    can = {question.id for question in edition.questions() if question.can_sign}
    assert sign_related_questions(edition) == can | questions_dependent_on_signs(edition)
    assert can
    assert len(sign_related_questions(edition)) < len(tuple(edition.questions()))

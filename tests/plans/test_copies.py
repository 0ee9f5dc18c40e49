from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import groupby
from typing import Any

import pytest

from assess.engine.bank import Question
from assess.engine.in_words import fill_placeholders
from assess.plans.buyer_view import BAR_LABELS, RecordedBuyerBar, buyer_view_of
from assess.plans.copies import business_record, buyer_copy, ordinary_questions_of_record, record_as_of
from assess.plans.print_html import copy_html
from tests.engine.real_banks import BANKS, edition_of, examples_of, settings
from tests.plans.records import SCENARIOS, SETTINGS, Record, a_record, scenario, text_of

GENERIC = 16
"""Answers shorter than this are words like "Yes" or "No idea", which stand in any text."""
TO_SHOW: dict[str, dict[str, Any]] = {
    "farm_shellfish_licence": {"farm_activities": ["shellfish"]},
    "farm_shellfish_safety": {"farm_activities": ["shellfish"]},
    "core_child_risk": {"core_under_18": "permit"},
}


def sign_answers(question: Question) -> Iterator[tuple[str, Any]]:
    """Each way to raise a sign with this question: urgent or serious, and the answer."""
    for option in question.options:
        if option.sign:
            yield option.sign, [option.id] if question.type == "choices" else option.id
    for band in question.bands:
        if band.sign:
            yield band.sign, 100 if band.up_to is None else band.up_to
    if question.rule == "labour_provider_rate":
        yield "serious", settings().wage
    if question.rule == "housing_charge":
        yield "serious", settings().offset_day + 5


def sign_cases() -> list[tuple[str, str, str, Any]]:
    """Every question that can raise a sign with every answer that does: bank, question, sign, answer."""
    return [
        (bank, question.id, sign, answer)
        for bank in BANKS
        for question in edition_of(bank).questions()
        if question.can_sign
        for sign, answer in sign_answers(question)
    ]


@cache
def base_of(bank: str, question: str) -> str:
    """A scenario of the bank in which this question is asked."""
    for level in ("low", "medium", "critical"):
        record = scenario(bank, f"{bank} {level}")
        if question in {row["id"] for section in record["sections"] for row in section["questions"]}:
            return f"{bank} {level}"
    return f"{bank} low"


def raising(bank: str, question: str, answer: Any) -> Record:
    return a_record(bank, base_of(bank, question), change={**TO_SHOW.get(question, {}), question: answer})


def deep_keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from deep_keys(part)
    elif isinstance(value, list):
        for part in value:
            yield from deep_keys(part)


def forbidden_texts(question: Question, record: Record) -> list[str]:
    """All that belongs to a question and must not be told to a buyer."""
    actions = [option.action for option in question.options] + [question.action, question.dk_action]
    texts = [question.ask, question.evidence or "", *(action.do for action in actions if action)]
    texts += [option.label for option in question.options if len(option.label) >= GENERIC]
    texts += [action["do"] for action in record["actions"] if action["question"] == question.id]
    return [fill_placeholders(text, SETTINGS.texts) for text in texts if text]


@pytest.mark.parametrize("bank", BANKS)
def test_no_question_that_can_raise_a_sign_leaves_anything_in_a_buyer_copy(bank: str) -> None:
    questions = {question.id: question for question in edition_of(bank).questions()}
    cases = [case for case in sign_cases() if case[0] == bank]
    assert len(cases) > 30
    for _, name, sign, answer in cases:
        record = raising(bank, name, answer)
        raised = record["result"][f"{sign}_signs"]
        assert name in raised or "D3" in raised, (name, answer)
        said = text_of(copy_html(record, "buyer"))
        found = [text for text in forbidden_texts(questions[name], record) if text in said]
        assert found == [], name


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_buyer_copy_says_that_signs_are_for_people_who_can_help(bank: str, title: str) -> None:
    for change in ({}, {"core_documents": "employer"}):
        said = text_of(copy_html(a_record(bank, title, change=change), "buyer"))
        assert (
            "Answers about signs of exploitation are never shown to a buyer and count for nothing here. They are for people who can help."
            in said
        )
        for word in ("Act now", "act now", "rgent", "onfidence", "score", "Score", "gives no result"):
            assert word not in said
        assert "Stay and help fix it" in said


def test_a_quick_check_says_that_it_was_done_and_has_no_result() -> None:
    said = text_of(copy_html(a_record("farming", "farming critical", quick=True), "buyer"))
    assert "Quick check done. A quick check gives no band to anybody else; a full self-check does." in said
    for word in ("Low", "Medium", "High", "in place", "brings with it"):
        assert word not in said


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_a_buyer_copy_has_no_number_of_the_result_and_says_what_it_is_not(bank: str, title: str) -> None:
    record = scenario(bank, title)
    said = text_of(copy_html(record, "buyer"))
    result = record["result"]
    for number in (result["score"], result["exposure"], 100 - 100 * result["gap"], *result["range"]):
        assert f"{number:.1f}" not in said, number
    assert record["reference"] not in said
    assert record["edition"]["digest"] not in said
    assert "The business’s own answers; not a finding; not for selection or exclusion." in said
    assert said.index("Stay and help fix it") < said.index("Result")


def test_actions_that_wait_for_advice_and_those_asked_because_of_a_sign_stay_out_of_a_buyer_copy() -> None:
    seen = {"held": 0, "resting": 0}
    for level in ("medium", "critical"):
        record = scenario("farming", f"farming {level}")
        resting = {row["id"] for section in record["sections"] for row in section["questions"] if row["rests_on_sign"]}
        ordinary = set(buyer_view_of(record, None).questions)
        hidden = [row for row in record["actions"] if not ordinary & set(row["questions"])]
        seen["held"] += sum(row["held"] for row in hidden)
        seen["resting"] += len(resting)
        told = {action.do for action in buyer_copy(record).actions}
        assert told
        assert not told & {row["do"] for row in hidden}
        assert not resting & ordinary
    assert min(seen.values()) > 3


def test_actions_of_a_buyer_copy_stand_by_date_and_not_by_what_they_gain() -> None:
    copy = buyer_copy(scenario("farming", "farming medium"))
    dues = [action.due or "9999" for action in copy.actions]
    assert dues == sorted(dues)
    assert [due or "9999" for due, _ in copy.by_date] == sorted(set(dues))
    assert [one for _, group in copy.by_date for one in group] == list(copy.actions)


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_bar_has_four_steps_and_no_number(step: int) -> None:
    bar = RecordedBuyerBar("A", step)
    assert bar.words == BAR_LABELS[step - 1]
    assert not any(letter.isdigit() for letter in bar.words)


@pytest.mark.parametrize("bank", BANKS)
def test_the_record_of_a_business_names_no_sign_whatever_was_answered(bank: str) -> None:
    for _, name, _, answer in (case for case in sign_cases() if case[0] == bank):
        kept = business_record(raising(bank, name, answer))
        assert not {key for key in deep_keys(kept) if "sign" in key.split("_") or "signs" in key.split("_")} - {
            "rests_on_sign"
        }
        assert not {"notes", "findings", "finding_texts", "third_party"} & set(deep_keys(kept))
        assert '"urgent"' not in json.dumps(kept)
        assert '"serious"' not in json.dumps(kept)


def moved_sign(record: Record, to: str) -> Record:
    """The same record, with its urgent sign on another question: nothing else is changed."""
    moved = deepcopy(record)
    (there,) = moved["result"]["urgent_signs"]
    text = json.dumps(moved["result"]["signs"]).replace(f'"{there}"', f'"{to}"')
    moved["result"]["signs"] = json.loads(text)
    moved["result"]["urgent_signs"] = [to]
    for rows in (moved["result"]["lines"], moved["actions"]):
        for row in rows:
            if row["sign"] == "urgent":
                row["sign"] = None
            elif row["question"] == to:
                row["sign"] = "urgent"
    return moved


@pytest.mark.parametrize("bank", BANKS)
def test_the_copy_of_a_business_does_not_depend_on_which_answer_raised_the_sign(bank: str) -> None:
    record = a_record(bank, f"{bank} low", change={"core_documents": "employer"})
    other = moved_sign(record, "core_threats")
    assert copy_html(record, "business") == copy_html(other, "business")
    assert copy_html(record, "coordinator") != copy_html(other, "coordinator")


def test_a_short_way_that_would_point_at_a_sign_is_left_out() -> None:
    record = a_record("farming", "farming low", change={"core_min_wage": "some_not"})
    assert record["result"]["reasons"] == ["sign"]
    assert record["short_set"]["questions"] == ["core_min_wage"]
    assert business_record(record)["short_set"]["questions"] == []
    assert "The short way" not in copy_html(record, "business")


def test_answers_older_than_a_year_are_shown_with_less_confidence() -> None:
    record = scenario()
    before = record["result"]["confidence"]
    assert record_as_of(record, "2027-11-24") == record
    old = record_as_of(record, "2027-11-25")
    assert old["result"]["confidence"] == pytest.approx(before * 0.8)
    assert record_as_of(old, "2028-01-01") == old
    assert record["result"]["confidence"] == before


def test_the_examples_cover_each_bank() -> None:
    assert {bank for bank, *_ in sign_cases()} == set(BANKS)
    assert all(examples_of(bank) for bank in BANKS)


@pytest.mark.parametrize("bank", BANKS)
def test_the_order_of_a_business_copy_knows_of_no_sign(bank: str) -> None:
    for _, name, _sign, answer in [case for case in sign_cases() if case[0] == bank]:
        record = business_record(raising(bank, name, answer))
        ranks = [(row["days"] is None, row["days"] or 0, row["harm"], not row["fails"]) for row in record["actions"]]
        assert ranks == sorted(ranks)
        for (*_, calm), rows in groupby(zip(ranks, record["actions"], strict=True), key=lambda pair: pair[0]):
            worths = [-(row["gain"] or 0) / row["effort_days"] for _, row in rows]
            assert not calm or worths == sorted(worths)
        assert [row["id"] for row in record["actions"]] == [f"A{n}" for n in range(1, len(ranks) + 1)]
        assert record["short_set"]["questions"] == []


def test_an_action_that_always_may_have_to_wait_is_never_in_a_buyer_copy() -> None:
    calm = a_record("farming", "farming medium", change={"core_right_to_work": "some"})
    watched = a_record("farming", "farming medium", change={"core_right_to_work": "some", "core_controller": "yes"})
    assert [row["held"] for row in watched["actions"] if row["question"] == "core_right_to_work"] == [True]
    assert buyer_copy(calm).actions == buyer_copy(watched).actions


PRESSURE = "core_buyer_pressure"


@pytest.mark.parametrize("bank", BANKS)
def test_what_is_only_pooled_is_in_no_buyer_copy_and_its_answer_changes_no_step(bank: str) -> None:
    (question,) = [question for question in edition_of(bank).questions() if question.pooled]
    assert question.id == PRESSURE
    copies = []
    for option in question.options:
        record = a_record(bank, f"{bank} medium", change={PRESSURE: option.id})
        assert PRESSURE not in ordinary_questions_of_record(record)
        copy = buyer_copy(record)
        copies.append(copy.actions)
        said = repr(copy)
        assert question.action
        assert [text for text in (question.ask, question.action.do) if text in said] == []
    assert len(set(copies)) == 1

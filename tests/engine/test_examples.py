"""The exported data alone is enough to add everything up again, exactly; and a wrong adder is found out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from assess.engine import bank
from assess.engine.assessing import EditionRef
from assess.engine.bank_reader import read_edition
from assess.engine.examples import Example, run_example
from assess.engine.result_json import result_as_data
from assess.engine.scoring import score_answers
from assess.question_banks.reader import compile_bank
from assess.question_banks.settings import settings_from
from tests.content_files import SHOP, START, TODAY, assert_found, problems_after, sound_but
from tests.engine import real_banks, recompute_result

ANSWERS = "answers: {staff: hired, hours: 40, papers: we}"
MORE = """      - id: rooms
        ask: Which rooms are there?
        type: table
        kind: fact
        dimension: pay
        columns: [{id: people, label: People, type: number}]
        sources: [S1]
      - id: kinds
        ask: Which kinds?
        type: choices
        kind: fact
        dimension: pay
        options: [{id: a, label: A}, {id: 2, label: B}, {id: none, label: None}]
        sources: [S1]
      - id: remark
        ask: What else?
        type: text
        kind: fact
        dimension: pay
        sources: [S1]
      - id: hours"""


def differences(expect: dict[str, object]) -> dict[str, str]:
    bank_files = sound_but()
    compiled = compile_bank(bank_files, "shop")
    answers = {"staff": "hired", "hours": 40, "papers": "we"}
    scoring = settings_from(bank_files, TODAY).scoring
    uneven = replace(scoring, weights={**scoring.weights, "pay": 1})
    return run_example(read_edition(compiled.document), Example("kept", answers, expect), uneven)


def test_an_example_that_holds_says_nothing() -> None:
    assert differences({"shown": 3, "gap": 0.777778, "band": "critical", "urgent_signs": ["papers"]}) == {}


def test_figures_are_compared_to_the_last_digit_written() -> None:
    assert differences({"gap": 0.7777779}) == {}
    assert differences({"gap": 0.777779}) == {"gap": "In “kept”, gap is 0.777778, not 0.777779."}


def test_lists_are_compared_without_their_order_and_words_word_for_word() -> None:
    assert differences({"urgent_signs": []}) == {"urgent_signs": "In “kept”, urgent_signs is [papers], not []."}
    assert differences({"band": "high"}) == {"band": "In “kept”, band is critical, not high."}


@pytest.mark.parametrize(
    ("edit", "number", "said"),
    [
        (
            (SHOP, "{staff: hired, hours", "{stuff: hired, hours"),
            "BANK091",
            "no question “stuff”; did you mean “staff”?",
        ),
        ((SHOP, "{staff: hired, hours", "{staff: hire, hours"), "BANK091", "“staff” has no option “hire”"),
        ((SHOP, "{staff: hired, hours", "{staff: [hired], hours"), "BANK091", "“staff” takes one option id"),
        ((SHOP, "hours: 40,", "hours: many,"), "BANK091", "“hours” takes a number from 0, or dk"),
        ((SHOP, "hours: 40,", "hours: -1,"), "BANK091", "“hours” takes a number from 0, or dk"),
        ((SHOP, ANSWERS, "answers: {kinds: []}"), "BANK091", "“kinds” takes a list of option ids"),
        ((SHOP, ANSWERS, "answers: {kinds: a}"), "BANK091", "“kinds” takes a list of option ids"),
        ((SHOP, ANSWERS, "answers: {kinds: [a, none]}"), "BANK091", "“none” stands alone"),
        ((SHOP, ANSWERS, "answers: {rooms: 3}"), "BANK091", "“rooms” takes a list of rows"),
        ((SHOP, ANSWERS, "answers: {remark: 3}"), "BANK091", "“remark” takes a text"),
        ((SHOP, "  - title: kept", "  - title: kept\n    from: famly"), "BANK092", "did you mean “family”?"),
        ((SHOP, "  - title: kept", "  - title: family"), "BANK030", "“family” stands here for the second time"),
    ],
)
def test_answers_that_cannot_be_given_are_refused(edit: tuple[str, str, str], number: str, said: str) -> None:
    assert_found(problems_after((START, "      - id: hours", MORE), edit, examples=True), number, said)


def test_an_example_may_start_from_another_and_change_it() -> None:
    more = """  - title: given back
    from: kept
    change: {papers: they, hours: dk, rooms: [], kinds: [2], remark: nothing}
    evidence_share: 1
    expect: {urgent_signs: []}
  - {title: the same, from: given back, quick: true, change: {}, expect: {shown: 1}}
"""
    bank_files = sound_but((START, "      - id: hours", MORE), (SHOP, "expect: {shown: 1, ", "expect: {"))
    edits = [
        (START, "      - id: hours", MORE),
        (SHOP, sound_but().files[SHOP].text, bank_files.files[SHOP].text + more),
    ]
    assert problems_after(*edits, examples=True) == []
    _, _, third, fourth = compile_bank(sound_but(*edits), "shop").examples
    assert third.answers == {
        "staff": "hired",
        "hours": "dk",
        "papers": "they",
        "rooms": [],
        "kinds": ["2"],
        "remark": "nothing",
    }
    assert (fourth.answers, fourth.evidence_share, fourth.quick) == (third.answers, 1, True)


REF = EditionRef("any", 1, "0" * 64)
TIMES = 200
"""Random assessments of each bank."""


def exported(rnd: Random, bank: str) -> dict[str, Any]:
    """One random assessment as a reader of the file would see it."""
    edition = real_banks.edition_of(bank)
    answers = real_banks.some_answers(rnd, edition, unknown=rnd.choice((0, 0.1, 0.5)), missing=rnd.choice((0, 0.1)))
    if rnd.random() < 0.5:
        answers |= best_answers(edition, rnd)
    result = score_answers(
        edition,
        answers,
        real_banks.settings(),
        quick=rnd.random() < 0.3,
        evidence=frozenset(rnd.sample(list(answers), len(answers) // 3)),
        today=real_banks.TODAY,
    )
    return json.loads(json.dumps(result_as_data(result, None, None, REF)))


def best_answers(edition: bank.Edition, rnd: Random) -> dict[str, Any]:
    """Good answers to most choices, so that mild bands come up too."""
    return {
        question.id: min(question.options, key=lambda option: option.points or 0).id
        for question in edition.questions()
        if question.type == "choice" and rnd.random() < 0.95
    }


def disagreements(data: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {key: (value, data[key]) for key, value in recompute_result.added_up(data).items() if value != data[key]}


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_the_second_adder_agrees_to_the_last_digit(bank: str) -> None:
    rnd = Random()  # another walk each time; a failure prints all that is needed to repeat it
    bands = set()
    for _ in range(TIMES):
        data = exported(rnd, bank)
        assert disagreements(data) == {}, data
        bands.add(data["band"])
    assert len(bands) >= 4


def with_a_plain_mean(data: dict[str, Any]) -> None:
    data["limits"]["worst_share"] = 0


def with_a_line_lost(data: dict[str, Any]) -> None:
    lost = next(line for line in data["lines"] if line["points"])
    data["lines"].remove(lost)


def with_a_point_forgiven(data: dict[str, Any]) -> None:
    next(line for line in data["lines"] if line["points"])["points"] -= 1


def with_unknown_taken_for_good(data: dict[str, Any]) -> None:
    for line in data["lines"]:
        if line["answer"] in (None, "dk", ["dk"]):
            line["answer"], line["points"] = "fine", 0


@pytest.mark.parametrize(
    "wrong", [with_a_plain_mean, with_a_line_lost, with_a_point_forgiven, with_unknown_taken_for_good]
)
def test_a_wrong_adder_disagrees(wrong: Callable[[dict[str, Any]], None]) -> None:
    rnd = Random(8)
    for name in real_banks.BANKS:
        data = exported(rnd, name)
        kept = {key: data[key] for key in ("exposure", "gap", "score")}
        wrong(data)
        assert {key: value for key, value in recompute_result.added_up(data).items() if key in kept} != kept


@pytest.mark.thorough
def test_an_adder_that_forgets_the_rule_of_three_disagrees_on_some_band(monkeypatch: pytest.MonkeyPatch) -> None:
    rnd = Random(7)
    results = [exported(rnd, bank) for bank in real_banks.BANKS for _ in range(200)]
    monkeypatch.setattr(recompute_result, "final_band", lambda _, own, __, share: own if share <= 0.4 else "not_rated")
    assert any("band" in disagreements(data) for data in results)

"""The exported data alone is enough to add everything up again, exactly; and a wrong adder is found out."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from assess.engine.assessing import EditionRef
from assess.engine.exported import result_as_data
from assess.engine.scoring import score
from tests.engine import adder, real_banks

REF = EditionRef("any", 1, "0" * 64)
TIMES = 200
"""Random assessments of each bank."""


def exported(rnd: Random, bank: str) -> dict[str, Any]:
    """One random assessment as a reader of the file would see it."""
    edition = real_banks.edition_of(bank)
    answers = real_banks.some_answers(rnd, edition, unknown=rnd.choice((0, 0.1, 0.5)), missing=rnd.choice((0, 0.1)))
    if rnd.random() < 0.5:
        answers |= best_answers(edition, rnd)
    result = score(
        edition,
        answers,
        real_banks.settings(),
        quick=rnd.random() < 0.3,
        evidence=frozenset(rnd.sample(list(answers), len(answers) // 3)),
        months_old=rnd.choice((0, 12, 13)),
        today=real_banks.TODAY,
    )
    return json.loads(json.dumps(result_as_data(result, None, None, REF)))


def best_answers(edition: real_banks.Edition, rnd: Random) -> dict[str, Any]:
    """Good answers to most choices, so that mild bands come up too."""
    return {
        question.id: min(question.options, key=lambda option: option.points or 0).id
        for question in edition.questions()
        if question.type == "choice" and rnd.random() < 0.95
    }


def disagreements(data: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {key: (value, data[key]) for key, value in adder.added_up(data).items() if value != data[key]}


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
    rnd = Random(7)
    for bank in real_banks.BANKS:
        data = exported(rnd, bank)
        kept = {key: data[key] for key in ("exposure", "gap", "score")}
        wrong(data)
        assert {key: value for key, value in adder.added_up(data).items() if key in kept} != kept


@pytest.mark.thorough
def test_an_adder_that_forgets_the_rule_of_three_disagrees_on_some_band(monkeypatch: pytest.MonkeyPatch) -> None:
    rnd = Random(7)
    results = [exported(rnd, bank) for bank in real_banks.BANKS for _ in range(200)]
    monkeypatch.setattr(adder, "final_band", lambda _, own, __, share: own if share <= 0.4 else "not_rated")
    assert any("band" in disagreements(data) for data in results)

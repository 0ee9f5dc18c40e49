"""What one changed answer may do to the score, the band and the confidence: over every question and every answer of all banks.

Each question is tried in 2 made-up firms in the ordinary run; `ASSESS_TEST_EXAMPLES=500` tries each in 25.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import permutations
from random import Random
from typing import Any, NamedTuple

import pytest

from assess.engine import Result, score
from assess.engine.bank import DONT_KNOW
from tests.engine import made_up_firms, real_banks, reference_conditions, reference_sums
from tests.engine.made_up_firms import EXAMPLES, Answers, a_firm, every_answer, numbers

FIRMS = max(2, EXAMPLES // 20)
SLACK = 1e-9


class Tried(NamedTuple):
    """One answer to a question of a firm, and what came of it."""

    answer: Any
    points: float
    sign: str | None
    result: Result
    shown: frozenset[str]


def scored(bank: str, answers: Answers, *, evidence: frozenset[str] = frozenset()) -> Result:
    return score(real_banks.edition_of(bank), answers, real_banks.settings(), evidence=evidence, today=real_banks.TODAY)


def every_try(bank: str, question: dict[str, Any], answers: Answers) -> list[Tried]:
    """The same firm with each answer to this question, and with none. Every good answer is said to be proven."""
    found = []
    for answer in (*every_answer(question), None):
        changed = {name: value for name, value in answers.items() if name != question["id"]}
        changed |= {} if answer is None else {question["id"]: answer}
        result = scored(bank, changed, evidence=frozenset(changed))
        found.append(
            Tried(
                answer,
                reference_sums.points_of(question, answer, numbers()),
                reference_sums.sign_of(question, answer, numbers()),
                result,
                frozenset(line.question for line in result.lines),
            )
        )
    return found


@cache
def tried(bank: str) -> list[tuple[dict[str, Any], list[Tried]]]:
    """Each question with each of its answers, wherever the question is shown."""
    rnd = Random()  # other firms each time; a failure prints the answers that differ
    found = []
    for question in made_up_firms.questions(bank):
        for _ in range(FIRMS if question["kind"] != "fact" else 0):
            answers = a_firm(rnd, bank, unknown=rnd.choice((0.0, 0.1)))
            some = every_try(bank, question, answers)
            if question["id"] in some[0].shown:
                found.append((question, some))
    return found


def tried_with(bank: str, key: str) -> list[tuple[dict[str, Any], list[Tried]]]:
    """Those of the questions of which an option says this."""
    found = [
        (question, some)
        for question, some in tried(bank)
        if any(option.get(key) for option in question.get("options", []))
    ]
    assert found
    return found


def is_unknown(answer: Any) -> bool:
    return answer in (None, DONT_KNOW, [DONT_KNOW])


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_a_better_answer_never_raises_the_score(bank: str) -> None:
    for question, some in tried(bank):
        for better, worse in permutations(some, 2):
            if better.points <= worse.points and better.shown == worse.shown:
                assert better.result.score <= worse.result.score + SLACK, (question["id"], better.answer, worse.answer)


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_nobody_knows_is_never_the_cheaper_answer(bank: str) -> None:
    for question, some in tried(bank):
        for unknown, known in permutations(some, 2):
            if is_unknown(unknown.answer) and unknown.shown == known.shown:
                assert unknown.result.score >= known.result.score - SLACK, (question["id"], known.answer)


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_a_sign_that_is_not_known_is_never_low(bank: str) -> None:
    """Turning the answer that raises a sign into "don't know", into "not looked" or into none at all leaves at least medium."""
    for question, some in tried(bank):
        if not question.get("can_sign"):
            continue
        not_looked = [option["id"] for option in question.get("options", []) if option.get("not_looked")]
        for one in some:
            if one.sign or is_unknown(one.answer) or one.answer in not_looked:
                assert one.result.band != "low", (question["id"], one.answer)
                assert one.sign or question["id"] in one.result.unknown_signs, (question["id"], one.answer)


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_found_and_mended_is_never_worse_than_never_found(bank: str) -> None:
    for question, some in tried_with(bank, "mended"):
        mended = {option["id"] for option in question["options"] if option.get("mended")}
        right = [one for one in some if set(reference_conditions.as_list(one.answer)) <= mended]
        never = [one for one in some if one.points == 0 and one.sign is None and one not in right]
        assert right
        assert never
        for found in right:
            for other in never:
                if found.shown == other.shown:
                    assert found.result.score <= other.result.score + SLACK, (
                        question["id"],
                        found.answer,
                        other.answer,
                    )
                    assert worth(found) <= worth(other), (question["id"], found.answer, other.answer)
                    assert found.result.confidence >= other.result.confidence - SLACK


def worth(one: Tried) -> int:
    return ("low", "medium", "not_rated", "high", "critical").index(one.result.band)


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_a_better_answer_never_lowers_confidence(bank: str) -> None:
    for question, some in tried(bank):
        for better, worse in permutations(some, 2):
            if better.points < worse.points and better.shown == worse.shown and not is_unknown(better.answer):
                assert better.result.confidence >= worse.result.confidence - SLACK, (
                    question["id"],
                    better.answer,
                    worse.answer,
                )


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_whatever_breaks_the_law_is_listed_and_never_low(bank: str) -> None:
    for question, some in tried(bank):
        for one in some:
            duties = list(dict.fromkeys(reference_sums.breaches_of(question, one.answer, numbers())))
            said = [row.duty for row in one.result.breaches if row.question == question["id"]]
            assert said == ([] if is_family_only(one.result) else duties), (question["id"], one.answer)
            assert not said or one.result.band != "low", (question["id"], one.answer)


def is_family_only(result: Result) -> bool:
    return any(line.question == "core_worker_types" and line.answer == ["family"] for line in result.lines)


def test_every_answer_that_is_an_urgent_sign_is_defended() -> None:
    page = (real_banks.QUESTIONNAIRES.parent / "docs" / "decisions" / "act-now.md").read_text("utf-8")
    defended = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page, re.MULTILINE)
    urgent = {
        (question["id"], answer["id"])
        for bank in real_banks.BANKS
        for question in made_up_firms.questions(bank)
        for key in ("options", "bands", "steps")
        for answer in question.get(key, [])
        if answer.get("sign") == "urgent" and not answer.get("retired")
    }
    assert sorted(defended) == sorted(urgent)

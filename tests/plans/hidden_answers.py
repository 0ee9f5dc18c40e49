"""Answers that no buyer may ever learn of: every question that is not ordinary, with everything that can be said to it.

By itself a sample is taken, the same in every run; `ASSESS_TEST_EXAMPLES=500` takes as many of each firm as it says, and all of them are
taken where it says more than there are.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

from assess.engine.bank import Question
from assess.engine.ordinary import ordinary_questions
from tests.engine.real_banks import edition_of, settings

EXAMPLES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "4"))
MISSING = object()
"""The question is not answered at all."""


def answers_to(question: Question) -> Iterator[Any]:
    """Everything that can be said to a question: each option alone, a number of each band, "don't know"."""
    if question.type in {"choice", "choices"}:
        for option in question.options:
            yield [option.id] if question.type == "choices" else option.id
        return
    if question.type in {"number", "percentage"}:
        yield from sorted({0, 1, 3, 50, 100, *(band.up_to for band in question.bands if band.up_to is not None)})
        if question.rule:
            yield from (settings().wage, settings().wage * 1.4, settings().offset_day + 5)
        yield "dk"
    if question.type == "table":
        yield []


def hidden(bank: str) -> list[Question]:
    """The questions of a bank that are not ordinary."""
    edition = edition_of(bank)
    may = ordinary_questions(edition)
    return [question for question in edition.questions() if question.id not in may]


def changes_of(bank: str, seed: str, *, most: int = EXAMPLES) -> list[tuple[str, Any]]:
    """Some of all that can be said to one hidden question, or all of it; `MISSING` to leave it out."""
    every = [(question.id, answer) for question in hidden(bank) for answer in (*answers_to(question), MISSING)]
    if most >= len(every):
        return every
    return random.Random(f"{bank} {seed}").sample(every, most)


def any_answer(question: Question, chance: random.Random) -> Any:
    """Something that can be said to a question, or `MISSING`."""
    found = [*answers_to(question), MISSING]
    return chance.choice(found) if found else MISSING


def with_answers(answers: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """The answers with these changed, and what is missing taken out."""
    return {name: value for name, value in {**answers, **said}.items() if value is not MISSING}

"""Worked examples of a bank: resolves answers written beside the questions and compares the result with the figures they must give."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assess.engine.bank import Answers, Edition
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.engine.question_types import QUESTION_TYPES
from assess.engine.scoring import score_answers
from assess.engine.settings import ScoringSettings

TOLERANCES: Mapping[str, float] = {"exposure": 5e-5, "gap": 5e-7, "score": 5e-5, "confidence": 5e-5}
"""How far a figure may be from the one written: half of its last digit, four decimals or six."""


@dataclass(frozen=True, slots=True)
class Example:
    """Answers and what they must give. `place` is where it stands among the bank's worked examples."""

    title: str
    answers: Answers
    expect: Mapping[str, object]
    evidence_share: float | None = None
    quick: bool = False
    place: DocumentPath = field(default=(), compare=False)


def run_example(edition: Edition, example: Example, settings: ScoringSettings) -> dict[str, str]:
    """One sentence for each figure that differs, by the figure's name; nothing when the example holds."""
    result = score_answers(
        edition, example.answers, settings, quick=example.quick, evidence_share=example.evidence_share
    )
    return {
        name: f"In “{example.title}”, {name} is {_as_text(getattr(result, name))}, not {_as_text(wanted)}."
        for name, wanted in example.expect.items()
        if not _agree(name, getattr(result, name), wanted)
    }


def _agree(name: str, got: object, wanted: object) -> bool:
    if name in TOLERANCES and isinstance(got, (int, float)) and isinstance(wanted, (int, float)):
        # for figures that lie exactly between two
        return math.fabs(got - wanted) <= TOLERANCES[name] + 1e-9
    if isinstance(got, tuple) and isinstance(wanted, list):
        return sorted(got) == sorted(wanted)
    return got == wanted


def _as_text(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(str, value)) + "]"
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def resolve_examples(
    raw: Sequence[Mapping[str, Any]], document: Mapping[str, Any]
) -> tuple[tuple[Example, ...], list[Problem]]:
    """The examples with `from` and `change` worked out, and what is wrong with their answers."""
    questions = {question["id"]: question for section in document["sections"] for question in section["questions"]}
    done: dict[str, Example] = {}
    problems: list[Problem] = []
    for index, one in enumerate(raw):
        place: DocumentPath = ("worked_examples", index)
        given: dict[str, Any] = {}
        start = one.get("from")
        if start is not None and start not in done:
            cause = f"“{one['title']}” starts from “{start}”, which is no example above it{did_you_mean(start, done)}"
            problems.append(Problem("BANK092", (*place, "from"), cause))
        elif start is not None:
            given.update(done[start].answers)
        for key in ("answers", "change"):
            for question, value in one.get(key, {}).items():
                given[question], cause = _clean_answer(questions.get(question), question, value, questions)
                if cause:
                    problems.append(Problem("BANK091", (*place, key, question), cause))
        if one["title"] in done:
            problems.append(Problem("BANK030", (*place, "title"), f"“{one['title']}” stands here for the second time."))
        share = one.get("evidence_share", done[start].evidence_share if start in done else None)
        done[one["title"]] = Example(one["title"], given, one["expect"], share, one.get("quick", False), place)
    return tuple(done.values()), problems


def _clean_answer(
    question: Mapping[str, Any] | None,
    name: str,
    value: Any,  # noqa: ANN401  # an answer as written
    known: Mapping[str, object],
) -> tuple[Any, str]:
    """The answer with option ids as text, and what is wrong with it ("" if nothing)."""
    if question is None:
        return value, f"There is no question “{name}”{did_you_mean(name, known)}"
    options = [option["id"] for option in question.get("options", ())]
    return QUESTION_TYPES[question["type"]].read_example(name, value, options)

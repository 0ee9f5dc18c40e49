"""Which worked examples of a bank still hold in a draft, and for one that does not, what makes the difference."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.assessments.section_page import short
from assess.editor.trying.carrying import Tried, fitting
from assess.editor.trying.editions import ToTry
from assess.editor.trying.outcomes import BANDS, NONE, Beside, lines_beside, lines_of
from assess.editor.workbench import Workbench, mark_of
from assess.engine.bank import Edition, Question
from assess.engine.examples import NEAR, Example, resolve_examples, run_example
from assess.engine.result import Result
from assess.engine.scoring import score

FIGURES: Mapping[str, str] = {
    "shown": "Questions shown",
    "exposure": "Exposure",
    "gap": "Gap",
    "score": "Score",
    "score_band": "Band by score alone",
    "band": "Band",
    "confidence": "Confidence",
    "urgent_signs": "Urgent signs",
    "serious_signs": "Serious signs",
    "unknown_signs": "Signs nobody knows about",
    "notes": "Notes",
}
"""What a worked example can expect, in the order in which it is written."""
DIGITS: Mapping[str, int] = {name: round(-math.log10(2 * near)) for name, near in NEAR.items()}
"""Decimals of a figure in a file: half of the last one is how far it may be off."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One expected figure beside that of the draft, in words."""

    name: str
    wanted: str
    got: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One worked example held against the draft. `number` counts from 1 in the file; `seen` is the mark of its text.

    `faults` are answers that cannot be given any more: then nothing else is known. `lines` compares the draft with the edition in use.
    `new` are questions it should answer since the draft, in the order of asking.
    """

    number: int
    title: str
    seen: str
    faults: Mapping[str, str]
    figures: tuple[Figure, ...] = ()
    lines: tuple[Beside, ...] = ()
    new: tuple[Question, ...] = ()
    answered: int = 0

    @property
    def holds(self) -> bool:
        """Whether every figure comes out as expected."""
        return not self.faults and all(figure.holds for figure in self.figures)


def written_examples(at_work: Workbench, bank: str) -> list[dict[str, Any]]:
    """The worked examples as they stand in the file of the bank."""
    own = at_work.shelf.at("", bank)
    listed = own.written.get("worked_examples") if own else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def hold_against(
    raw: list[dict[str, Any]], trial: ToTry, document: Mapping[str, Any], today: ToTry | None
) -> tuple[Held, ...]:
    """Every example of a file held against an edition. `document` is the edition as it was compiled, `today` the one in use."""
    examples, problems = resolve_examples(raw, document)
    held = []
    for number, example in enumerate(examples, 1):
        faults = {str(one.place[-1]): one.cause for one in problems if one.place[1] == number - 1}
        mark = mark_of(raw[number - 1])
        held.append(Held(number, example.title, mark, faults) if faults else _held(number, example, mark, trial, today))
    return tuple(held)


def _held(number: int, example: Example, mark: str, trial: ToTry, today: ToTry | None) -> Held:
    result = result_of(example, trial)
    before = result_of(example, today) if today else None
    questions = {question.id: question for question in trial.edition.questions()}
    known = {question.id for question in today.edition.questions()} if today else set()
    left_open = set(before.missing) & known if before else set()
    lines = lines_of(trial.edition, result, trial.settings.texts)
    return Held(
        number,
        example.title,
        mark,
        {},
        figures=tuple(figures_held(example, trial, result)),
        lines=tuple(lines_beside(lines, lines_of(today.edition, before, today.settings.texts)))
        if today and before
        else (),
        new=tuple(questions[name] for name in result.missing if name not in left_open) if before else (),
        answered=len(example.answers),
    )


def result_of(example: Example, trial: ToTry) -> Result:
    """The figures of an example in an edition; answers that it cannot take are passed over."""
    said = fitting(Tried(answers=example.answers), trial.edition)
    return score(
        trial.edition, said.answers, trial.settings.scoring, quick=example.quick, evidence_share=example.evidence_share
    )


def figures_held(example: Example, trial: ToTry, result: Result) -> list[Figure]:
    """Each figure that is expected, beside that of the draft."""
    wrong = run_example(trial.edition, example, trial.settings.scoring)
    names = names_in(trial.edition)
    return [
        Figure(words, in_words(example.expect[name], names), in_words(getattr(result, name), names), name not in wrong)
        for name, words in FIGURES.items()
        if name in example.expect
    ]


def names_in(edition: Edition) -> dict[str, str]:
    """What questions and checks are called."""
    return {check.id: check.says for check in edition.checks} | {one.id: short(one.ask) for one in edition.questions()}


def in_words(value: object, names: Mapping[str, str]) -> str:
    """A figure as a person reads it."""
    if isinstance(value, (list, tuple)):
        return "; ".join(names.get(str(one), str(one)) for one in value) or NONE
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return BANDS.get(str(value), str(value))


def expected_of(result: Result, keys: Mapping[str, object] | None = None) -> dict[str, object]:
    """The figures of a result as a file writes them: those of `keys`, or all."""
    return {name: _written(name, getattr(result, name)) for name in FIGURES if keys is None or name in keys}


def _written(name: str, value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float):
        figure = round(value, DIGITS[name])
        return int(figure) if figure.is_integer() else figure
    return value

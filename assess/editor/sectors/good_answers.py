"""The best answers that a bank allows, and the worked examples a new bank begins with: their figures are the engine's own."""

from __future__ import annotations

import math
from typing import Any

from assess.engine.bank import DONT_KNOW, Answers, Edition, Option, Question, Value
from assess.engine.examples import NEAR
from assess.engine.marks import best_points, stands_alone
from assess.engine.scoring import score
from assess.engine.settings import ScoringSettings
from assess.engine.visibility import settle

EVIDENCE_SHARE = 0.7
GOOD, POOR = "good answers", "one poor answer"
FIGURES = (
    "shown", "exposure", "gap", "score", "score_band", "band", "confidence",
    "urgent_signs", "serious_signs", "unknown_signs", "notes",
)  # fmt: skip


def good_answers(edition: Edition, settings: ScoringSettings) -> dict[str, Value]:
    """The best answer to every question that is shown once it is given. Texts and dates stay without one: nothing is scored there."""
    questions = {question.id: question for question in edition.questions()}
    answers: dict[str, Value] = {}
    while True:
        found = {
            name: answer
            for name in settle(edition, answers).missing
            if (answer := best_answer(questions[name], settings)) is not None
        }
        if not found:
            return answers
        answers |= found


def best_answer(question: Question, settings: ScoringSettings) -> Value | None:
    """The answer that costs least, the first of several. None where nothing is to choose."""
    if question.type == "choice":
        return _cheapest(question).id
    if question.type == "choices":
        return _ticks(question) if question.ticks else [_cheapest(question).id]
    if question.type in {"number", "percentage"}:
        return _number(question, settings)
    return [] if question.type == "table" else None


def worst_answer(question: Question) -> Value | None:
    """The option that costs most, “don’t know” left out. None where there are no options."""
    options = [one for one in question.options if one.id != DONT_KNOW]
    if not options:
        return None
    worst = max(options, key=lambda one: one.points or 0.0).id
    return worst if question.type == "choice" else [worst]


def examples_of(edition: Edition, settings: ScoringSettings) -> list[dict[str, Any]]:
    """Two worked examples as a file holds them: all answers good, and the first question of the sector's own answered worst."""
    answers = good_answers(edition, settings)
    good = {"title": GOOD, "evidence_share": EVIDENCE_SHARE, "answers": answers}
    made = [{**good, "expect": _figures(edition, answers, settings)}]
    own = next(
        (one for section in edition.sections if not section.common for one in section.questions if one.id in answers),
        None,
    )
    worst = worst_answer(own) if own else None
    if own is not None and worst is not None:
        changed = {**answers, own.id: worst}
        expect = _figures(edition, changed, settings)
        made.append({"title": POOR, "from": GOOD, "change": {own.id: worst}, "expect": expect})
    return made


def _figures(edition: Edition, answers: Answers, settings: ScoringSettings) -> dict[str, Any]:
    result = score(edition, answers, settings, evidence_share=EVIDENCE_SHARE)
    return {name: _written(name, getattr(result, name)) for name in FIGURES}


def _written(name: str, value: object) -> object:
    """A figure with as many digits as a worked example is compared by."""
    if isinstance(value, tuple):
        return list(value)
    if name in NEAR and isinstance(value, (int, float)):
        rounded = round(value, 6 if name == "gap" else 4)
        return int(rounded) if rounded == int(rounded) else rounded
    return value


def _cheapest(question: Question) -> Option:
    """Of the options with the fewest points the first without a sign."""
    options = [one for one in question.options if one.id != DONT_KNOW] or list(question.options)
    return min(options, key=lambda one: (one.points or 0.0, one.sign is not None))


def _ticks(question: Question) -> Value:
    """As many ticks as cost least."""
    step = min(question.ticks, key=lambda one: (one.points, one.at_least))
    counted = [one.id for one in question.options if not stands_alone(one.id)]
    alone = [one.id for one in question.options if stands_alone(one.id) and one.id != DONT_KNOW]
    return counted[: step.at_least] or alone[:1] or counted[:1]


def _number(question: Question, settings: ScoringSettings) -> Value:
    if question.rule == "labour_provider_rate":
        return math.ceil(settings.wage * settings.labour_provider_good)
    least = best_points(question)
    above = 0.0
    for band in question.bands:
        if band.points == least:
            return _plain(above + 1 if band.up_to is None else band.up_to)
        above = band.up_to or 0.0
    return 0 if question.rule or question.kind != "fact" else 1


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number

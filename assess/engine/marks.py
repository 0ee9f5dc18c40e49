"""What one answer to one question costs: its points, its sign, and whether it says that nobody knows.

Points follow decisions.md 3: several choices add up to the cap; a tick count, a number and a rule have their steps; "don't
know" has its own points, four where a number or a tick count is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, cast

from assess.engine.bank import DONT_KNOW, NumberBand, Option, Question, RuleStep, Sign, Value
from assess.engine.result import Line
from assess.engine.settings import ScoringSettings

UNKNOWN_POINTS = 4.0
"""Points of "don't know" where a number or a tick count is asked, and the most a tick count or a rule can cost."""


_UNKNOWN_ANSWERS = (DONT_KNOW, [DONT_KNOW])


class AnswerError(ValueError):
    """An answer that the question does not offer. The doors check answers; this is the last fence."""

    def __init__(self, question: str, answer: object) -> None:
        """Name the question and the answer."""
        super().__init__(f"{question}: {answer!r} is no answer to this question")
        self.question = question
        self.answer = answer


class Mark(NamedTuple):
    """The cost of one answer. `unknown`: the answer is "don't know" or missing. `third_party`: a sign of such control."""

    line: Line
    points: float
    unknown: bool
    third_party: bool


Marker = Callable[[Value], Mark]
"""From an answer to its mark."""


def is_unknown(answer: object) -> bool:
    """Whether the answer is "don't know", alone or as the only choice of several."""
    return answer in _UNKNOWN_ANSWERS


def stands_alone(option: str) -> bool:
    """Whether an option excludes all others and is never counted as a tick: dk, none, na and their kin."""
    return option in {DONT_KNOW, "none", "na"} or option.startswith("na_")


def possible_points(question: Question) -> float:
    """The most a question can cost: its cap, else its dearest option or band; four for tick counts and rules."""
    if question.cap is not None:
        return question.cap
    if question.ticks or question.rule:
        return UNKNOWN_POINTS
    points = [option.points or 0.0 for option in question.options] + [band.points for band in question.bands]
    return max(points, default=0.0)


def best_points(question: Question) -> float:
    """The least a question can cost: what its best answer costs. "Don't know" is never the best answer."""
    points = [option.points for option in question.options if option.points is not None and option.id != DONT_KNOW]
    points += [band.points for band in question.bands]
    points += [tick.points for tick in question.ticks]
    points += [step.points for step in question.steps]
    return min(points, default=0.0)


def marker_of(question: Question, settings: ScoringSettings) -> Marker:
    """How this question's answers are marked."""
    if question.type == "choice":
        return _choice(question)
    if question.type == "choices":
        return _ticks(question) if question.ticks else _choices(question)
    return _number(question, settings)


def missing_mark(question: Question) -> Mark:
    """The mark of a shown question without an answer: as "don't know", its line without an answer (decisions.md 3)."""
    option = next((option for option in question.options if option.id == DONT_KNOW), None)
    if option is None or option.points is None:
        return _unknown(_blank_line(question), None)
    return _of_option(_blank_line(question), option, None)


def strongest(signs: Sequence[Sign | None]) -> Sign | None:
    """Urgent before serious before none."""
    return "urgent" if "urgent" in signs else "serious" if "serious" in signs else None


def step_of(question: Question, value: float, settings: ScoringSettings) -> NumberBand | RuleStep:
    """Where a number falls: the outcome of the question's rule, else the first band whose upper end it does not pass."""
    if question.rule:
        outcome = _RULES[question.rule](value, settings)
        return next(step for step in question.steps if step.id == outcome)
    return next((band for band in question.bands if band.up_to is None or value <= band.up_to), question.bands[-1])


def exact(value: float) -> Decimal:
    """The number as it was written: a rate of exactly the legal limit must not fail by a rounding of binary fractions."""
    return Decimal(str(value))


def _labour_provider_rate(rate: float, settings: ScoringSettings) -> str:
    wage = exact(settings.wage)
    if exact(rate) >= wage * exact(settings.labour_provider_good):
        return "good"
    return "thin" if exact(rate) >= wage * exact(settings.labour_provider_low) else "low"


def _housing_charge(charge: float, settings: ScoringSettings) -> str:
    if charge == 0:
        return "free"
    return "within" if charge <= settings.offset_day else "above"


_RULES: Mapping[str, Callable[[float, ScoringSettings], str]] = {
    "labour_provider_rate": _labour_provider_rate,
    "housing_charge": _housing_charge,
}


def _blank_line(question: Question) -> Line:
    kind: Literal["exposure", "safeguard"] = "exposure" if question.kind == "exposure" else "safeguard"
    return Line(question.id, kind, question.dimension, None, 0.0, possible_points(question), None)


def _line(blank: Line, answer: Value | None, points: float, sign: Sign | None) -> Line:
    return Line(blank.question, blank.kind, blank.dimension, answer, points, blank.possible, sign)


def _unknown(blank: Line, answer: Value | None) -> Mark:
    points = min(UNKNOWN_POINTS, blank.possible)
    return Mark(_line(blank, answer, points, None), points, unknown=True, third_party=False)


def _of_option(blank: Line, option: Option, answer: Value | None) -> Mark:
    points = min(option.points or 0.0, blank.possible)
    return Mark(
        _line(blank, answer, points, option.sign),
        points,
        unknown=option.id == DONT_KNOW,
        third_party=option.third_party and option.sign is not None,
    )


def _choice(question: Question) -> Marker:
    blank = _blank_line(question)
    table = {option.id: _of_option(blank, option, option.id) for option in question.options}
    # one look-up per answer, and one shared line per option: most questions are of this kind
    return cast("Marker", table.__getitem__)


def _choices(question: Question) -> Marker:
    blank = _blank_line(question)
    cost = {option.id: option.points or 0.0 for option in question.options}
    grave = {option.id: option for option in question.options if option.sign is not None}

    def mark(answer: Value) -> Mark:
        chosen = _names(answer)
        points = min(sum([cost[name] for name in chosen]), blank.possible)
        signs = [grave[name] for name in chosen if name in grave]
        sign = strongest([option.sign for option in signs]) if signs else None
        third_party = bool(signs) and any(option.third_party for option in signs)
        return Mark(_line(blank, answer, points, sign), points, is_unknown(answer), third_party)

    return mark


def _ticks(question: Question) -> Marker:
    counted = {option.id: not stands_alone(option.id) for option in question.options}
    steps = sorted(question.ticks, key=lambda step: -step.at_least)
    blank = _blank_line(question)

    def mark(answer: Value) -> Mark:
        if is_unknown(answer):
            return _unknown(blank, answer)
        ticked = sum(counted[name] for name in _names(answer))
        points = next((step.points for step in steps if ticked >= step.at_least), UNKNOWN_POINTS)
        return Mark(_line(blank, answer, points, None), points, unknown=False, third_party=False)

    return mark


def _names(answer: Value) -> list[str]:
    """The chosen options. Rows of a table are no option and fail when they are looked up."""
    if isinstance(answer, list):
        return cast("list[str]", answer)
    return [cast("str", answer)]


def _number(question: Question, settings: ScoringSettings) -> Marker:
    blank = _blank_line(question)

    def mark(answer: Value) -> Mark:
        if is_unknown(answer):
            return _unknown(blank, answer)
        if not isinstance(answer, (int, float)):
            raise TypeError
        step = step_of(question, answer, settings)
        return Mark(_line(blank, answer, step.points, step.sign), step.points, unknown=False, third_party=False)

    return mark

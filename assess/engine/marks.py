"""What one answer to one question costs: its points, its sign, the law it breaks, and whether it says that nobody knows.

Several choices add up to the cap; a tick count, a number and a rule have their steps. "Don't know" and a missing answer cost
the most that the question can cost, so that not knowing is never the cheaper answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, cast

from assess.engine.bank import DONT_KNOW, NumberBand, Option, Question, RuleStep, Sign, Value
from assess.engine.result import Line
from assess.engine.settings import ScoringSettings

COUNTED_POINTS = 4.0
"""The most a tick count or a rule can cost."""


_UNKNOWN_ANSWERS = (DONT_KNOW, [DONT_KNOW])


class AnswerError(ValueError):
    """An answer that the question does not offer. The doors check answers; this is the last fence."""

    def __init__(self, question: str, answer: object) -> None:
        """Name the question and the answer."""
        super().__init__(f"{question}: {answer!r} is no answer to this question")
        self.question = question
        self.answer = answer


class Mark(NamedTuple):
    """The cost of one answer. `unknown`: the answer is "don't know" or missing. `third_party`: a sign of such control.

    `not_looked`: it says that nobody has looked. `breaches`: the duties it is in itself against, by id.
    """

    line: Line
    points: float
    unknown: bool
    third_party: bool
    not_looked: bool = False
    breaches: tuple[str, ...] = ()


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
        return COUNTED_POINTS
    points = [option.points or 0.0 for option in question.options] + [band.points for band in question.bands]
    return max(points, default=0.0)


def best_points(question: Question) -> float:
    """The least a question can cost: what its best answer costs. "Don't know" and "not looked" are never the best answer."""
    points = [
        option.points
        for option in question.options
        if option.points is not None and option.id != DONT_KNOW and not option.not_looked
    ]
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
    """The mark of a shown question without an answer: as "don't know", its line without an answer."""
    option = next((option for option in question.options if option.id == DONT_KNOW), None)
    return _unknown(_blank_line(question), None) if option is None else _of_option(_blank_line(question), option, None)


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
    return Mark(_line(blank, answer, blank.possible, None), blank.possible, unknown=True, third_party=False)


def _of_option(blank: Line, option: Option, answer: Value | None) -> Mark:
    unknown = option.id == DONT_KNOW
    points = blank.possible if unknown else min(option.points or 0.0, blank.possible)
    return Mark(
        _line(blank, answer, points, option.sign),
        points,
        unknown=unknown,
        third_party=option.third_party and option.sign is not None,
        not_looked=option.not_looked,
        breaches=(option.breach,) if option.breach else (),
    )


def _choice(question: Question) -> Marker:
    blank = _blank_line(question)
    table = {option.id: _of_option(blank, option, option.id) for option in question.options}
    # one look-up per answer, and one shared line per option: most questions are of this kind
    return cast("Marker", table.__getitem__)


def _choices(question: Question) -> Marker:
    blank = _blank_line(question)
    alone = {option.id: _of_option(blank, option, None) for option in question.options}

    def mark(answer: Value) -> Mark:
        chosen = [alone[name] for name in _names(answer)]
        points = min(sum([one.points for one in chosen]), blank.possible)
        sign = strongest([one.line.sign for one in chosen])
        return Mark(
            _line(blank, answer, points, sign),
            points,
            unknown=is_unknown(answer),
            third_party=any(one.third_party for one in chosen),
            not_looked=any(one.not_looked for one in chosen),
            breaches=tuple(dict.fromkeys([duty for one in chosen for duty in one.breaches])),
        )

    return mark


def _ticks(question: Question) -> Marker:
    counted = {option.id: not stands_alone(option.id) for option in question.options}
    grave = {option.id: option for option in question.options if option.sign or option.breach or option.not_looked}
    steps = sorted(question.ticks, key=lambda step: -step.at_least)
    blank = _blank_line(question)

    def mark(answer: Value) -> Mark:
        if is_unknown(answer):
            return _unknown(blank, answer)
        names = _names(answer)
        ticked = sum(counted[name] for name in names)
        points = next((step.points for step in steps if ticked >= step.at_least), COUNTED_POINTS)
        chosen = [grave[name] for name in names if name in grave]
        sign = strongest([option.sign for option in chosen])
        return Mark(
            _line(blank, answer, points, sign),
            points,
            unknown=False,
            third_party=any(option.third_party and option.sign for option in chosen),
            not_looked=any(option.not_looked for option in chosen),
            breaches=tuple(dict.fromkeys(option.breach for option in chosen if option.breach)),
        )

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
        return Mark(
            _line(blank, answer, step.points, step.sign),
            step.points,
            unknown=False,
            third_party=False,
            breaches=(step.breach,) if step.breach else (),
        )

    return mark

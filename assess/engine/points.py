"""Points of single answers, and the formulas for exposure, gap, score and confidence, each written once. "Don't know" and a missing answer cost the most a question can cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, cast

from assess.engine.bank import DONT_KNOW, AnswerValue, NumberBand, Option, Question, RuleStep, Sign
from assess.engine.result import DimensionGap, Line
from assess.engine.settings import ScoringSettings

MAX_COUNTED_POINTS = 4.0
"""The most a tick count or a rule can cost."""

_UNKNOWN_ANSWERS = (DONT_KNOW, [DONT_KNOW])


class AnswerError(ValueError):
    """An answer that the question does not offer. Forms and importers check answers first; this is the last check."""

    def __init__(self, question: str, answer: object) -> None:
        super().__init__(f"{question}: {answer!r} is no answer to this question")
        self.question = question
        self.answer = answer


class ScoredAnswer(NamedTuple):
    """The cost of one answer. `unknown`: the answer is "don't know" or missing. `third_party`: a sign of such control.

    `not_looked`: it says that nobody has looked. `breaches`: the duties it is in itself against, by id. `notable`: one of these, or a sign.
    """

    line: Line
    points: float
    unknown: bool
    third_party: bool
    not_looked: bool = False
    breaches: tuple[str, ...] = ()
    notable: bool = False


AnswerScorer = Callable[[AnswerValue], ScoredAnswer]


def is_dont_know(answer: object) -> bool:
    """Whether the answer is "don't know", alone or as the only choice of several."""
    return answer in _UNKNOWN_ANSWERS


def is_exclusive_option(option: str) -> bool:
    """Whether an option excludes all others and is never counted as a tick: dk, none, na and their kin."""
    return option in {DONT_KNOW, "none", "na"} or option.startswith("na_")


def possible_points(question: Question) -> float:
    """The most a question can cost: its cap, else its dearest option or band; four for tick counts and rules."""
    if question.cap is not None:
        return question.cap
    if question.ticks or question.rule:
        return MAX_COUNTED_POINTS
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


def score_by_answer(question: Question) -> dict[object, ScoredAnswer]:
    """The score of each answer to a question that takes one option."""
    blank = _blank_line(question)
    return {option.id: _score_option(blank, option, option.id) for option in question.options}


def score_missing_answer(question: Question) -> ScoredAnswer:
    """The score of a shown question without an answer: as "don't know", its line without an answer."""
    option = next((option for option in question.options if option.id == DONT_KNOW), None)
    return (
        _score_unknown(_blank_line(question), None)
        if option is None
        else _score_option(_blank_line(question), option, None)
    )


def strongest_sign(signs: Sequence[Sign | None]) -> Sign | None:
    """Urgent before serious before none."""
    return "urgent" if "urgent" in signs else "serious" if "serious" in signs else None


def number_outcome(question: Question, value: float, settings: ScoringSettings) -> NumberBand | RuleStep:
    """Where a number falls: the outcome of the question's rule, else the first band whose upper end it does not pass."""
    if question.rule:
        outcome = _RULES[question.rule](value, settings)
        return next(step for step in question.steps if step.id == outcome)
    return next((band for band in question.bands if band.up_to is None or value <= band.up_to), question.bands[-1])


def good_answer_sentence(question: Question, answer: object, settings: ScoringSettings) -> str | None:
    """What the bank says in "we" of this answer, None where it has no sentence for it."""
    if isinstance(answer, (int, float)):
        return number_outcome(question, answer, settings).says if question.steps or question.bands else None
    chosen = [answer] if isinstance(answer, str) else answer if isinstance(answer, list) else []
    said = [option.says for option in question.options if option.id in chosen and option.says]
    ticked = sum(not is_exclusive_option(str(one)) for one in chosen)
    reached = [tick for tick in question.ticks if tick.says and tick.at_least <= ticked]
    if reached:
        return max(reached, key=lambda tick: tick.at_least).says
    return said[0] if said else None


def to_decimal(value: float) -> Decimal:
    """The number as it was written: a rate of exactly the legal limit must not fail by a rounding of binary fractions."""
    return Decimal(str(value))


def _labour_provider_rate(rate: float, settings: ScoringSettings) -> str:
    wage = to_decimal(settings.wage)
    if to_decimal(rate) >= wage * to_decimal(settings.labour_provider_good):
        return "good"
    return "thin" if to_decimal(rate) >= wage * to_decimal(settings.labour_provider_low) else "low"


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


def _line(blank: Line, answer: AnswerValue | None, points: float, sign: Sign | None) -> Line:
    return Line(blank.question, blank.kind, blank.dimension, answer, points, blank.possible, sign)


def _score_unknown(blank: Line, answer: AnswerValue | None) -> ScoredAnswer:
    return ScoredAnswer(_line(blank, answer, blank.possible, None), blank.possible, unknown=True, third_party=False)


def _score_option(blank: Line, option: Option, answer: AnswerValue | None) -> ScoredAnswer:
    unknown = option.id == DONT_KNOW
    points = blank.possible if unknown else min(option.points or 0.0, blank.possible)
    return ScoredAnswer(
        _line(blank, answer, points, option.sign),
        points,
        unknown=unknown,
        third_party=option.third_party and option.sign is not None,
        not_looked=option.not_looked,
        breaches=(option.breach,) if option.breach else (),
        notable=option.sign is not None or option.not_looked or bool(option.breach),
    )


def choices_scorer(question: Question) -> AnswerScorer:
    """Several options cost what they cost together; where ticks are counted, what their number costs."""
    blank = _blank_line(question)
    steps = sorted(question.ticks, key=lambda step: -step.at_least)
    scored = [_score_option(blank, option, None) for option in question.options]
    costs = {
        option.id: (not is_exclusive_option(option.id) if steps else one.points, one if one.notable else None)
        for option, one in zip(question.options, scored, strict=True)
    }

    def mark(answer: AnswerValue) -> ScoredAnswer:
        unknown = is_dont_know(answer)
        if unknown and steps:
            return _score_unknown(blank, answer)
        total: float = 0
        notable = []
        for name in _option_ids(answer):
            cost, one = costs[name]
            total += cost
            if one is not None:
                notable.append(one)
        points = min(total, blank.possible)
        if steps:
            points = next((step.points for step in steps if total >= step.at_least), MAX_COUNTED_POINTS)
        return _score_several(blank, answer, points, notable, unknown=unknown)

    return mark


def _score_several(
    blank: Line, answer: AnswerValue, points: float, notable: Sequence[ScoredAnswer], *, unknown: bool
) -> ScoredAnswer:
    """The score of several options together. Most are of options of which nothing is noted."""
    if not notable:
        return ScoredAnswer(_line(blank, answer, points, None), points, unknown, third_party=False)
    return ScoredAnswer(
        _line(blank, answer, points, strongest_sign([one.line.sign for one in notable])),
        points,
        unknown=unknown,
        third_party=any(one.third_party for one in notable),
        not_looked=any(one.not_looked for one in notable),
        breaches=tuple(dict.fromkeys([duty for one in notable for duty in one.breaches])),
        notable=True,
    )


def _option_ids(answer: AnswerValue) -> list[str]:
    """The chosen options. Rows of a table are no option and fail when they are looked up."""
    return cast("list[str]", answer) if isinstance(answer, list) else [cast("str", answer)]


def number_scorer(question: Question, settings: ScoringSettings) -> AnswerScorer:
    blank = _blank_line(question)

    def mark(answer: AnswerValue) -> ScoredAnswer:
        if is_dont_know(answer):
            return _score_unknown(blank, answer)
        if not isinstance(answer, (int, float)):
            raise TypeError
        step = number_outcome(question, answer, settings)
        return ScoredAnswer(
            _line(blank, answer, step.points, step.sign),
            step.points,
            unknown=False,
            third_party=False,
            breaches=(step.breach,) if step.breach else (),
            notable=step.sign is not None or bool(step.breach),
        )

    return mark


def add_up(values: Iterable[float]) -> float:
    """One after the other. From Python 3.12 on `sum` adds floats in another way, and a record would differ in its last digits."""
    total: float = 0
    for value in values:
        total += value
    return total


WORST_GAPS = 3
"""How many of the widest gaps weigh a second time."""
WIDE_MAX_HARM = 3
"""They are taken among the dimensions about life, freedom, pay, debt, papers and homes."""
WIDE_MIN_QUESTIONS = 3
"""And among those with at least so many shown safeguards, so that one answer alone is never "an area"."""


class BlendedGap(NamedTuple):
    """The weighted mean of the gaps, and what becomes of it when the widest weigh a second time. Both 0 to 1."""

    mean_gap: float
    gap: float


def exposure_of(base: float, points: float, possible: float) -> float:
    """Exposure, 0 to 100: just the base of the sector when no exposure question is shown."""
    return base + (100 - base) * points / possible if possible else base


def mean_weights(dimensions: Sequence[DimensionGap], engine: int) -> list[float]:
    """How much each dimension counts in the mean: by its weight alone under engine 1, and by all its points since."""
    return [one.weight if engine == 1 else one.weight * one.possible for one in dimensions]


def is_wide(harm: int, questions: int) -> bool:
    """Whether a dimension can be one of the three widest (docs/rules.md 3.2)."""
    return harm <= WIDE_MAX_HARM and questions >= WIDE_MIN_QUESTIONS


def blend_gaps(gaps: Sequence[float], weights: Sequence[float], wide: Sequence[bool], worst_share: float) -> BlendedGap:
    """Both gaps over the dimensions that have a shown safeguard; nothing asked, nothing missing.

    `wide` tells which dimensions the widest are taken from; where there are none, the mean is all there is.
    """
    mean_gap = mean_of_gaps(gaps, weights)
    widest = [gap for gap, counts in zip(gaps, wide, strict=True) if counts] if any(weights) else []
    return BlendedGap(mean_gap, blend_gap(mean_gap, widest, worst_share))


def mean_of_gaps(gaps: Sequence[float], weights: Sequence[float]) -> float:
    """Their weighted mean, 0 where nothing weighs."""
    weighted = total = 0.0
    for weight, gap in zip(weights, gaps, strict=True):
        weighted += weight * gap
        total += weight
    return weighted / total if total else 0.0


def blend_gap(mean_gap: float, wide: Sequence[float], worst_share: float) -> float:
    """What becomes of the mean when the widest of the `wide` gaps weigh a second time."""
    worst = sorted(wide, reverse=True)[:WORST_GAPS]
    return (1 - worst_share) * mean_gap + worst_share * (add_up(worst) / len(worst)) if worst else mean_gap


def score_of(exposure: float, gap: float, floor: float) -> float:
    """The score, 0 to 100: even a perfect form leaves the floor's share of the exposure."""
    return exposure * (floor + (1 - floor) * gap)


def confidence_of(unknown_share: float, evidence_share: float) -> float:
    """Confidence, 0 to 100: what is known, and how much of what is good can be shown (docs/rules.md 3.6)."""
    return 100 * (1 - unknown_share) * (0.6 + 0.4 * evidence_share)

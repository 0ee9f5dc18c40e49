"""Adds up the points of all shown questions by dimension, chooses the band, and works out the lowest and highest score still possible while answers are missing or "don't know"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakKeyDictionary

from assess.engine.bank import AnswerValue, Edition, Question, kept_by_edition
from assess.engine.conditions import HIDDEN, PENDING, UNANSWERED, NoValue, condition_subjects
from assess.engine.points import (
    WORST_GAPS,
    AnswerError,
    ScoredAnswer,
    blend_gap,
    exposure_of,
    is_dont_know,
    is_wide,
    mean_of_gaps,
    possible_points,
    score_missing_answer,
    score_of,
)
from assess.engine.possible_verdicts import TRUE, PossibleVerdicts, possible_verdicts
from assess.engine.question_types import QUESTION_TYPES
from assess.engine.result import Band, BandReason, DimensionGap, Line, RaisedSign, ScoreBand
from assess.engine.settings import ScoreLimits, ScoringSettings
from assess.engine.visibility import SettledAnswers

MANY_SIGNS = 3
MANY_INDICATORS = 2
"""So many serious signs over so many different ILO indicators are as grave as an urgent one (docs/rules.md 3.4)."""


class BandAndReasons(NamedTuple):
    """A band, and the rules that alone would give it."""

    band: Band
    reasons: tuple[BandReason, ...]


@dataclass(frozen=True, slots=True)
class BandFactors:
    """What a band rests on beside the score.

    `unknown_signs`, `breaches` and `gap_too_wide`: whether there are any, and whether the gap is too wide for low; `unknown_share` is that of
    "don't know" among the shown scored questions. Under engine 1 nothing was a breach and no gap was too wide.
    """

    signs: Sequence[RaisedSign]
    unknown_signs: bool
    unknown_share: float
    quick: bool
    breaches: bool = False
    gap_too_wide: bool = False


def score_band_of(score: float, settings: ScoreLimits) -> ScoreBand:
    if score < settings.medium:
        return "low"
    if score < settings.high:
        return "medium"
    return "high" if score < settings.critical else "critical"


def final_band(score_band: ScoreBand, factors: BandFactors, settings: ScoreLimits) -> BandAndReasons:
    """The band after all rules, and every rule that alone would give it."""
    grave = has_grave_signs(factors.signs)
    if not grave and factors.unknown_share > settings.unknown_limit:
        return BandAndReasons("not_rated", ("dont_know",))
    band_by_reason: dict[BandReason, ScoreBand] = {
        "sign": "critical" if grave else "high" if factors.signs else "low",
        "unknown_sign": "medium" if factors.unknown_signs else "low",
        "breach": "medium" if factors.breaches else "low",
        "gap": "medium" if factors.gap_too_wide else "low",
        "points": score_band,
    }
    band = max(band_by_reason.values(), key=("low", "medium", "high", "critical").index)
    if band == "low":
        return BandAndReasons("not_rated", ("quick",)) if factors.quick else BandAndReasons("low", ())
    return BandAndReasons(band, tuple(reason for reason, wanted in band_by_reason.items() if wanted == band))


def has_grave_signs(signs: Sequence[RaisedSign]) -> bool:
    """Whether one sign is urgent, or serious ones are as grave together."""
    if any(sign.sign == "urgent" for sign in signs):
        return True
    serious = [sign for sign in signs if sign.sign == "serious"]
    return len(serious) >= MANY_SIGNS and len({sign.ilo for sign in serious} - {None}) >= MANY_INDICATORS


class ScoredQuestion(NamedTuple):
    """A question that scores. `slot` says where its points are added up: a dimension, or last of all the exposure.

    `scorer` takes a settled answer and gives None where the question is hidden or pending.
    """

    name: str
    slot: int
    possible: float
    scorer: Callable[[AnswerValue | NoValue], ScoredAnswer | None]


@dataclass(frozen=True, slots=True)
class ScoringTable:
    """How to add up one edition under one set of settings.

    `dimensions`, `weights` and `harms` are in the order of the slots; `indicators` holds the first ILO indicator of each question,
    `can_sign` the questions that can raise a sign.
    """

    settings: ScoringSettings
    base: float
    questions: tuple[ScoredQuestion, ...]
    dimensions: tuple[str, ...]
    weights: tuple[float, ...]
    harms: tuple[int, ...]
    indicators: Mapping[str, int | None]
    can_sign: frozenset[str]


@dataclass(frozen=True, slots=True)
class PointTotals:
    """The shown questions added up.

    `points`, `possible` and `counts` (of questions) are by slot; `costs` holds for each question of the table the points of an answer that is
    more than "don't know", else None; `unknown` are the shown scored questions that nobody knows, in order; `notable` the scored answers that carry
    a sign, break a law or say that nobody looked.
    """

    lines: tuple[Line, ...]
    points: list[float]
    possible: list[float]
    counts: list[int]
    costs: list[float | None]
    unknown: tuple[str, ...]
    notable: tuple[ScoredAnswer, ...]


_TABLES: WeakKeyDictionary[Edition, tuple[ScoringTable, ...]] = WeakKeyDictionary()


def scoring_table(edition: Edition, settings: ScoringSettings) -> ScoringTable:
    """The table of an edition under these settings, made once."""
    kept = _TABLES.get(edition, ())
    for table in kept:
        # most often the very same object, which spares comparing all of its fields
        if table.settings is settings or table.settings == settings:
            return table
    made = _build_scoring_table(edition, settings)
    # four for one edition: with the settings of the day, and with those of a few other days
    _TABLES[edition] = (made, *kept[:3])
    return made


def _build_scoring_table(edition: Edition, settings: ScoringSettings) -> ScoringTable:
    scored = [question for question in edition.questions() if question.kind != "fact"]
    themes = {question.dimension for question in scored if question.kind == "safeguard"}
    dimensions = tuple(dimension.id for dimension in edition.dimensions if dimension.id in themes)
    slots = {dimension: slot for slot, dimension in enumerate(dimensions)}
    return ScoringTable(
        settings=settings,
        base=settings.base[edition.bank],
        questions=tuple(
            ScoredQuestion(
                name=question.id,
                slot=len(slots) if question.kind == "exposure" else slots[question.dimension],
                possible=possible_points(question),
                scorer=_settled_scorer(question, settings),
            )
            for question in scored
        ),
        dimensions=dimensions,
        weights=tuple(settings.weights[dimension] for dimension in dimensions),
        harms=tuple(settings.harm_of(dimension) for dimension in dimensions),
        indicators={question.id: question.ilo[0] if question.ilo else None for question in scored},
        can_sign=frozenset(question.id for question in scored if question.can_sign),
    )


def _settled_scorer(
    question: Question, settings: ScoringSettings
) -> Callable[[AnswerValue | NoValue], ScoredAnswer | None]:
    blanks: dict[object, ScoredAnswer | None] = {
        UNANSWERED: score_missing_answer(question),
        PENDING: None,
        HIDDEN: None,
    }
    return QUESTION_TYPES[question.type].scorer(question, settings, blanks)


def add_up_points(table: ScoringTable, settled: SettledAnswers) -> PointTotals:
    """Score every shown question. Raises `AnswerError` when an answer is none that its question offers."""
    points = [0.0] * (len(table.dimensions) + 1)
    possible = points.copy()
    counts = [0] * len(points)
    lines, unknowns, notable = [], [], []
    costs: list[float | None] = [None] * len(table.questions)
    for place, (name, slot, max_points, scorer) in enumerate(table.questions):
        try:
            scored = scorer(settled[name])
        except (KeyError, TypeError):
            raise AnswerError(name, settled[name]) from None
        if scored is None:
            continue
        line, cost, unknown, _, not_looked, breaches = scored
        lines.append(line)
        points[slot] += cost
        possible[slot] += max_points
        counts[slot] += 1
        if unknown:
            unknowns.append(name)
        else:
            costs[place] = cost
        if not_looked or breaches or line.sign is not None:
            notable.append(scored)
    return PointTotals(tuple(lines), points, possible, counts, costs, tuple(unknowns), tuple(notable))


def dimension_gaps(table: ScoringTable, totals: PointTotals) -> tuple[DimensionGap, ...]:
    """The dimensions that have a shown safeguard, in the order of the edition."""
    # not strict: the totals have one slot more than there are dimensions, that of the exposure
    return tuple(
        DimensionGap(dimension, weight, points, possible, points / possible, count, is_wide(harm, count))
        for dimension, weight, harm, points, possible, count in zip(
            table.dimensions, table.weights, table.harms, totals.points, totals.possible, totals.counts, strict=False
        )
        if possible
    )


class ConditionalQuestion(NamedTuple):
    """A question that has a condition or that a condition looks at."""

    name: str
    possible_verdicts: PossibleVerdicts | None
    subjects: frozenset[str]


@kept_by_edition
def _conditional_questions(edition: Edition) -> tuple[ConditionalQuestion, ...]:
    conditions = {question.id: question.show_if for question in edition.questions()}
    subjects = {
        name: frozenset(condition_subjects(made)) if made else frozenset[str]() for name, made in conditions.items()
    }
    looked_at = frozenset[str]().union(*subjects.values())
    return tuple(
        ConditionalQuestion(name, possible_verdicts(made) if made else None, subjects[name])
        for name, made in conditions.items()
        if made or name in looked_at
    )


@kept_by_edition
def _sign_questions(edition: Edition) -> frozenset[str]:
    return frozenset(one.id for one in edition.questions() if one.can_sign)


def dont_knows_hiding_signs(edition: Edition, settled: SettledAnswers) -> set[str]:
    """Questions answered "don't know" that keep hidden a question that can raise a sign and that another answer would show (docs/rules.md 3.4)."""
    sign_questions = _sign_questions(edition)
    behind: dict[str, set[str]] = {}
    gates: set[str] = set()
    seen = dict(settled)
    for name, verdicts_of, subjects in _conditional_questions(edition):
        value = settled[name]
        if value is HIDDEN:
            # one gate may stand before another: what a closed gate hides may itself be the gate
            if verdicts_of is None or subjects.isdisjoint(behind):
                continue
            if verdicts_of(seen.__getitem__) & TRUE:
                held = set[str]().union(*(behind[gate] for gate in subjects if gate in behind))
                behind[name] = held
                seen[name] = PENDING
                if name in sign_questions:
                    gates |= held
        elif is_dont_know(value):
            behind[name] = {name}
            seen[name] = UNANSWERED
    return gates


def with_open_answers(edition: Edition, settled: SettledAnswers) -> SettledAnswers:
    """The settled answers, with all that may yet change left open."""
    seen = dict(settled)
    lookup = seen.__getitem__
    doubtful: set[str] = set()
    for name, verdicts_of, subjects in _conditional_questions(edition):
        value = seen[name]
        if verdicts_of is not None and not subjects.isdisjoint(doubtful):
            verdicts = verdicts_of(lookup)
            if verdicts != TRUE:
                seen[name] = value = PENDING if verdicts & TRUE else HIDDEN
        if value is UNANSWERED or value is PENDING:
            doubtful.add(name)
        elif is_dont_know(value):
            seen[name] = UNANSWERED
            doubtful.add(name)
    return seen


def score_range(
    edition: Edition, table: ScoringTable, settled: SettledAnswers, totals: PointTotals
) -> tuple[float, float]:
    """The lowest and the highest score that may yet come out."""
    seen = with_open_answers(edition, settled)
    low = [0.0] * len(totals.points)
    high, possible = low.copy(), low.copy()
    sure, at_most = [0] * len(low), [0] * len(low)
    for (name, slot, max_points, _), cost in zip(table.questions, totals.costs, strict=True):
        state = seen[name]
        if state is HIDDEN:
            continue
        possible[slot] += max_points
        at_most[slot] += 1
        if state is PENDING:
            high[slot] += max_points
            continue
        sure[slot] += 1
        if cost is None:
            high[slot] += max_points
        else:
            low[slot] += cost
            high[slot] += cost
    areas = [(is_wide(harm, sure[slot]), is_wide(harm, at_most[slot])) for slot, harm in enumerate(table.harms)]
    return _range_end(table, low, possible, areas, min), _range_end(table, high, possible, areas, max)


def _range_end(
    table: ScoringTable,
    points: Sequence[float],
    possible: Sequence[float],
    areas: Sequence[tuple[bool, bool]],
    end: Callable[[Iterable[float]], float],
) -> float:
    """The score of one end, `min` or `max`. `areas`: whether each dimension is sure to be, and whether it may be, one of the widest.

    Of the dimensions that may come to count among the widest, none,
    one, two or three do: those with the smallest gaps at the low end, with the largest at the high end.
    """
    # A dimension whose questions may all go away again counts as one that stays: at the low end its gap is 0, at the
    # high end 1, and both move the score further out than leaving it away would.
    kept = [slot for slot in range(len(areas)) if possible[slot]]
    gaps = [points[slot] / possible[slot] for slot in kept]
    weights = [table.weights[slot] * possible[slot] for slot in kept]
    sure = [areas[slot][0] for slot in kept]
    doubtful = sorted(
        (place for place, slot in enumerate(kept) if areas[slot][1] and not sure[place]),
        key=gaps.__getitem__,
        reverse=end is max,
    )
    settings = table.settings
    mean_gap = mean_of_gaps(gaps, weights)
    if not any(weights):
        sure, doubtful = [False] * len(gaps), []
    wide = [gap for gap, counts in zip(gaps, sure, strict=True) if counts]
    blends = [blend_gap(mean_gap, wide, settings.worst_share)]
    for place in doubtful[:WORST_GAPS]:
        wide.append(gaps[place])
        blends.append(blend_gap(mean_gap, wide, settings.worst_share))
    return score_of(exposure_of(table.base, points[-1], possible[-1]), end(blends), settings.floor)

"""Adds up the points of all shown questions by dimension, chooses the band, and works out the lowest and highest score still possible while answers are missing or "don't know"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
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


class BandFactors(NamedTuple):
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
    """A question that scores, its place among them in the order of the edition, and the most it can cost.

    `scorer` takes a settled answer and gives None where the question is hidden or pending.
    """

    name: str
    place: int
    possible: float
    scorer: Callable[[AnswerValue | NoValue], ScoredAnswer | None]


@dataclass(frozen=True, slots=True)
class ScoringTable:
    """How to add up one edition under one set of settings.

    A slot is where points are added up: one for each dimension, and last of all that of the exposure. `slots` are the questions of each, `size` is
    how many they are together, `conditional` the names and slots of those with a condition. `dimensions`, `weights` and
    `harms` are in the order of the slots; `indicators` holds the first ILO indicator of each question, `can_sign` the questions that can raise
    a sign.
    """

    settings: ScoringSettings
    base: float
    slots: tuple[tuple[ScoredQuestion, ...], ...]
    size: int
    conditional: tuple[tuple[str, int], ...]
    dimensions: tuple[str, ...]
    weights: tuple[float, ...]
    harms: tuple[int, ...]
    indicators: Mapping[str, int | None]
    can_sign: frozenset[str]


class PointTotals(NamedTuple):
    """The shown questions added up.

    `points`, `known` (those of answers that are more than "don't know"), `possible` and `counts` (of questions) are by slot; `answers` holds what
    came of each question of the table, None where it is not shown; `unknown` are the shown scored questions that nobody knows, in order; `notable`
    the scored answers that carry a sign, break a law or say that nobody looked.
    """

    lines: tuple[Line, ...]
    points: list[float]
    known: list[float]
    possible: list[float]
    counts: list[int]
    answers: list[ScoredAnswer | None]
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
    slot_of = {dimension: slot for slot, dimension in enumerate(dimensions)}
    slots = [len(slot_of) if question.kind == "exposure" else slot_of[question.dimension] for question in scored]
    ready = [
        ScoredQuestion(question.id, place, possible_points(question), _settled_scorer(question, settings))
        for place, question in enumerate(scored)
    ]
    return ScoringTable(
        settings=settings,
        base=settings.base[edition.bank],
        slots=tuple(
            tuple(one for one, of in zip(ready, slots, strict=True) if of == slot) for slot in range(len(slot_of) + 1)
        ),
        size=len(ready),
        conditional=tuple(
            (question.id, slot) for question, slot in zip(scored, slots, strict=True) if question.show_if is not None
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
    answers: list[ScoredAnswer | None] = [None] * table.size
    points, known, possible, counts, unplain = [], [], [], [], []
    for questions in table.slots:
        # sums of their own for each slot, put into the lists once: this loop runs more often than any other
        all_points = known_points = max_points = 0.0
        count = 0
        for name, place, most, scorer in questions:
            try:
                scored = scorer(settled[name])
            except (KeyError, TypeError):
                raise AnswerError(name, settled[name]) from None
            if scored is not None:
                answers[place] = scored
                _, cost, unknown, _, _, _, notable = scored
                all_points += cost
                max_points += most
                count += 1
                if not unknown:
                    known_points += cost
                if unknown or notable:
                    unplain.append(place)
        points.append(all_points)
        known.append(known_points)
        possible.append(max_points)
        counts.append(count)
    open_or_notable = [scored for place in sorted(unplain) if (scored := answers[place])]
    return PointTotals(
        tuple(map(attrgetter("line"), filter(None, answers))),
        points,
        known,
        possible,
        counts,
        answers,
        tuple([scored.line.question for scored in open_or_notable if scored.unknown]),
        tuple([scored for scored in open_or_notable if scored.notable]),
    )


def dimension_gaps(table: ScoringTable, totals: PointTotals) -> tuple[DimensionGap, ...]:
    """The dimensions that have a shown safeguard, in the order of the edition."""
    # not strict: the totals have one slot more than there are dimensions, that of the exposure
    return tuple(
        [
            DimensionGap(dimension, weight, points, possible, points / possible, count, is_wide(harm, count))
            for dimension, weight, harm, points, possible, count in zip(
                table.dimensions,
                table.weights,
                table.harms,
                totals.points,
                totals.possible,
                totals.counts,
                strict=False,
            )
            if possible
        ]
    )


class ConditionalQuestion(NamedTuple):
    """A question that has a condition, and the questions that it looks at."""

    name: str
    possible_verdicts: PossibleVerdicts
    subjects: frozenset[str]


@kept_by_edition
def _conditional_questions(edition: Edition) -> tuple[ConditionalQuestion, ...]:
    return tuple(
        ConditionalQuestion(one.id, possible_verdicts(one.show_if), frozenset(condition_subjects(one.show_if)))
        for one in edition.questions()
        if one.show_if is not None
    )


@kept_by_edition
def _gates(edition: Edition) -> frozenset[str]:
    """The questions that conditions look at."""
    return frozenset[str]().union(*(one.subjects for one in _conditional_questions(edition)))


@kept_by_edition
def _sign_questions(edition: Edition) -> frozenset[str]:
    return frozenset(one.id for one in edition.questions() if one.can_sign)


def dont_knows_hiding_signs(edition: Edition, settled: SettledAnswers) -> set[str]:
    """Questions answered "don't know" that keep hidden a question that can raise a sign and that another answer would show (docs/rules.md 3.4)."""
    behind = {name: {name} for name in _gates(edition) if is_dont_know(settled[name])}
    if not behind:
        return set()
    sign_questions = _sign_questions(edition)
    gates: set[str] = set()
    seen = {**settled, **dict.fromkeys(behind, UNANSWERED)}
    for name, verdicts_of, subjects in _conditional_questions(edition):
        if settled[name] is HIDDEN and not subjects.isdisjoint(behind) and verdicts_of(seen.__getitem__) & TRUE:
            # one gate may stand before another: what a closed gate hides may itself be the gate
            held = set[str]().union(*(behind[gate] for gate in subjects if gate in behind))
            behind[name] = held
            seen[name] = PENDING
            if name in sign_questions:
                gates |= held
    return gates


def with_open_answers(edition: Edition, settled: SettledAnswers) -> SettledAnswers:
    """The settled answers, with all that may yet change left open."""
    gates = _gates(edition)
    unknown = [name for name in gates if is_dont_know(settled[name])]
    doubtful = {*unknown, *(name for name in gates if settled[name] is UNANSWERED or settled[name] is PENDING)}
    if not doubtful:
        return settled
    seen = {**settled, **dict.fromkeys(unknown, UNANSWERED)}
    lookup = seen.__getitem__
    for name, verdicts_of, subjects in _conditional_questions(edition):
        if not subjects.isdisjoint(doubtful):
            verdicts = verdicts_of(lookup)
            if verdicts != TRUE:
                seen[name] = HIDDEN
                if verdicts & TRUE:
                    seen[name] = PENDING
                    doubtful.add(name)
    return seen


def score_range(
    edition: Edition, table: ScoringTable, settled: SettledAnswers, totals: PointTotals, score: float
) -> tuple[float, float]:
    """The lowest and the highest score that may yet come out. `score` is that of these totals."""
    seen = with_open_answers(edition, settled)
    doubtful = _doubtful_slots(table, settled, seen)
    if not doubtful and not totals.unknown:
        return score, score
    # "don't know" costs the most: the points as they are added up are the highest, but for what may yet go away or come
    low, high, possible = totals.known.copy(), totals.points.copy(), totals.possible.copy()
    sure, at_most = totals.counts.copy(), totals.counts.copy()
    for slot in doubtful:
        low[slot], high[slot], possible[slot], sure[slot], at_most[slot] = 0.0, 0.0, 0.0, 0, 0
        for name, place, max_points, _ in table.slots[slot]:
            state, scored = seen[name], totals.answers[place]
            if state is HIDDEN:
                continue
            possible[slot] += max_points
            at_most[slot] += 1
            if state is PENDING or scored is None:
                high[slot] += max_points
                continue
            sure[slot] += 1
            high[slot] += scored.points
            if not scored.unknown:
                low[slot] += scored.points
    # A dimension whose questions may all go away again counts as one that stays: at the low end its gap is 0, at the
    # high end 1, and both move the score further out than leaving it away would.
    kept = [slot for slot in range(len(table.weights)) if possible[slot]]
    weights = [table.weights[slot] * possible[slot] for slot in kept]
    # whether each is sure to be, and whether it may be, one of the widest
    wide = [is_wide(table.harms[slot], sure[slot]) for slot in kept]
    perhaps = [
        place
        for place, slot in enumerate(kept)
        if at_most[slot] != sure[slot] and not wide[place] and is_wide(table.harms[slot], at_most[slot])
    ]
    if not any(weights):
        wide, perhaps = [False] * len(kept), []

    def end_of(points: Sequence[float], end: Callable[[Iterable[float]], float]) -> float:
        gaps = [points[slot] / possible[slot] for slot in kept]
        gap = end(_possible_blends(gaps, weights, wide, perhaps, table.settings.worst_share, end))
        return score_of(exposure_of(table.base, points[-1], possible[-1]), gap, table.settings.floor)

    return end_of(low, min), end_of(high, max) if doubtful else score


def _doubtful_slots(table: ScoringTable, settled: SettledAnswers, seen: SettledAnswers) -> set[int]:
    """The slots with a question that may yet be asked, or that may yet go away."""
    if seen is settled:
        return set()
    return {
        slot
        for name, slot in table.conditional
        if (state := seen[name]) is PENDING or (state is HIDDEN and settled[name] is not HIDDEN)
    }


def _possible_blends(
    gaps: Sequence[float],
    weights: Sequence[float],
    wide: Sequence[bool],
    perhaps: Sequence[int],
    worst_share: float,
    end: Callable[[Iterable[float]], float],
) -> list[float]:
    """The gaps that may come out at one end, `min` or `max`.

    Of the dimensions that may come to count among the widest (`perhaps`), none, one, two or three do: those with the smallest gaps at the low
    end, with the largest at the high end.
    """
    mean_gap = mean_of_gaps(gaps, weights)
    counted = [gap for gap, counts in zip(gaps, wide, strict=True) if counts]
    blends = [blend_gap(mean_gap, counted, worst_share)]
    if perhaps:
        for place in sorted(perhaps, key=gaps.__getitem__, reverse=end is max)[:WORST_GAPS]:
            counted.append(gaps[place])
            blends.append(blend_gap(mean_gap, counted, worst_share))
    return blends

"""Adding up: the marks of all shown questions, and their points by dimension.

What does not depend on answers (how each question is marked, which dimension it counts for, at what weight) is worked out
once for an edition and its settings and kept beside the edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakKeyDictionary

from assess.engine.bank import Edition, Question
from assess.engine.conditions import HIDDEN, PENDING, UNANSWERED
from assess.engine.gaps import is_wide
from assess.engine.marks import AnswerError, Mark, Marker, marker_of, missing_mark, possible_points
from assess.engine.result import DimensionGap, Line
from assess.engine.settings import ScoringSettings
from assess.engine.visibility import Found


class Scored(NamedTuple):
    """A question that scores. `slot` says where its points are added up: a dimension, or last of all the exposure."""

    name: str
    slot: int
    possible: float
    mark: Marker
    missing: Mark


@dataclass(frozen=True, slots=True)
class Table:
    """How to add up one edition under one set of settings.

    `dimensions`, `weights` and `harms` are in the order of the slots; `indicators` holds the first ILO indicator of each question,
    `can_sign` the questions that can raise a sign.
    """

    settings: ScoringSettings
    base: float
    questions: tuple[Scored, ...]
    dimensions: tuple[str, ...]
    weights: tuple[float, ...]
    harms: tuple[int, ...]
    indicators: Mapping[str, int | None]
    can_sign: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tally:
    """The shown questions added up.

    `points`, `possible` and `counts` (of questions) are by slot; `costs` holds for each question of the table the points of an answer that is
    more than "don't know", else None; `unknown` are the shown scored questions that nobody knows, in order; `notable` the marks that carry
    a sign, break a law or say that nobody looked.
    """

    lines: tuple[Line, ...]
    points: list[float]
    possible: list[float]
    counts: list[int]
    costs: list[float | None]
    unknown: tuple[str, ...]
    notable: tuple[Mark, ...]


_TABLES: WeakKeyDictionary[Edition, tuple[Table, ...]] = WeakKeyDictionary()
_KEPT = 4
"""Tables kept for one edition: the settings of the day, and a few of other days."""


def table_of(edition: Edition, settings: ScoringSettings) -> Table:
    """The table of an edition under these settings, made once."""
    kept = _TABLES.get(edition, ())
    for table in kept:
        if table.settings is settings or table.settings == settings:
            return table
    made = _table(edition, settings)
    _TABLES[edition] = (made, *kept[: _KEPT - 1])
    return made


def _table(edition: Edition, settings: ScoringSettings) -> Table:
    scored = [question for question in edition.questions() if question.kind != "fact"]
    themes = {question.dimension for question in scored if question.kind == "safeguard"}
    dimensions = tuple(dimension.id for dimension in edition.dimensions if dimension.id in themes)
    slots = {dimension: slot for slot, dimension in enumerate(dimensions)}
    return Table(
        settings=settings,
        base=settings.base[edition.bank],
        questions=tuple(_scored(question, slots, settings) for question in scored),
        dimensions=dimensions,
        weights=tuple(settings.weights[dimension] for dimension in dimensions),
        harms=tuple(settings.harm_of(dimension) for dimension in dimensions),
        indicators={question.id: question.ilo[0] if question.ilo else None for question in scored},
        can_sign=frozenset(question.id for question in scored if question.can_sign),
    )


def _scored(question: Question, slots: dict[str, int], settings: ScoringSettings) -> Scored:
    return Scored(
        name=question.id,
        slot=len(slots) if question.kind == "exposure" else slots[question.dimension],
        possible=possible_points(question),
        mark=marker_of(question, settings),
        missing=missing_mark(question),
    )


def add_up(table: Table, found: Found) -> Tally:
    """Mark every shown question and add the points by slot.

    Raises:
        AnswerError: when an answer is none that its question offers.

    """
    points = [0.0] * (len(table.dimensions) + 1)
    possible = points.copy()
    counts = [0] * len(points)
    lines, unknowns, notable = [], [], []
    costs: list[float | None] = []
    for name, slot, most, marker, missing in table.questions:
        answer = found[name]
        if answer is HIDDEN or answer is PENDING:
            costs.append(None)
            continue
        if answer is UNANSWERED:
            mark = missing
        else:
            try:
                mark = marker(answer)
            except (KeyError, TypeError):
                raise AnswerError(name, answer) from None
        line, cost, unknown, _, not_looked, breaches = mark
        lines.append(line)
        points[slot] += cost
        possible[slot] += most
        counts[slot] += 1
        costs.append(None if unknown else cost)
        if unknown:
            unknowns.append(name)
        if line.sign is not None or not_looked or breaches:
            notable.append(mark)
    return Tally(tuple(lines), points, possible, counts, costs, tuple(unknowns), tuple(notable))


def gaps_of(table: Table, tally: Tally) -> tuple[DimensionGap, ...]:
    """The dimensions that have a shown safeguard, in the order of the edition."""
    return tuple(
        DimensionGap(dimension, weight, points, possible, points / possible, count, is_wide(harm, count))
        for dimension, weight, harm, points, possible, count in zip(
            table.dimensions, table.weights, table.harms, tally.points, tally.possible, tally.counts, strict=False
        )
        if possible
    )

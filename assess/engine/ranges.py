"""Between which two ends the final score must lie while answers are missing or "don't know" (decisions.md 3, Range).

An answer that is missing or "don't know" may yet become any other, so a condition that rests on one is open and the questions
behind it may come or go, even if they were answered. Both ends go through the same sums as the score itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from assess.engine.bank import Edition
from assess.engine.conditions import HIDDEN, PENDING, UNANSWERED, looks_at
from assess.engine.gaps import blend, exposure_of, score_of
from assess.engine.marks import is_unknown
from assess.engine.outlooks import TRUE, Outlook, outlook_of
from assess.engine.tally import Table, Tally
from assess.engine.visibility import Found


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that has a condition or that a condition looks at."""

    name: str
    outlook: Outlook | None
    subjects: frozenset[str]


_TURNS: WeakKeyDictionary[Edition, tuple[Turn, ...]] = WeakKeyDictionary()


def _turns_of(edition: Edition) -> tuple[Turn, ...]:
    kept = _TURNS.get(edition)
    if kept is None:
        kept = _TURNS[edition] = _turns(edition)
    return kept


def _turns(edition: Edition) -> tuple[Turn, ...]:
    questions = edition.questions()
    conditions = {question.id: question.show_if for question in questions}
    subjects = {name: frozenset(looks_at(made)) if made else frozenset[str]() for name, made in conditions.items()}
    looked_at = frozenset[str]().union(*subjects.values())
    return tuple(
        Turn(name, outlook_of(made) if made else None, subjects[name])
        for name, made in conditions.items()
        if made or name in looked_at
    )


def open_up(edition: Edition, found: Found) -> Found:
    """What was found, with all that may yet change left open."""
    seen = dict(found)
    lookup = seen.__getitem__
    doubtful: set[str] = set()
    for turn in _turns_of(edition):
        if turn.outlook is not None and not turn.subjects.isdisjoint(doubtful):
            outlook = turn.outlook(lookup)
            if outlook != TRUE:
                seen[turn.name] = PENDING if outlook & TRUE else HIDDEN
        value = seen[turn.name]
        if is_unknown(value):
            seen[turn.name] = value = UNANSWERED
        if value is UNANSWERED or value is PENDING:
            doubtful.add(turn.name)
    return seen


def range_of(edition: Edition, table: Table, found: Found, tally: Tally) -> tuple[float, float]:
    """The lowest and the highest score that may yet come out."""
    seen = open_up(edition, found)
    low = [0.0] * len(tally.points)
    high, possible = low.copy(), low.copy()
    for (name, slot, most, _, _), cost in zip(table.questions, tally.costs, strict=True):
        state = seen[name]
        if state is HIDDEN:
            continue
        possible[slot] += most
        if cost is None or state is PENDING:
            high[slot] += most
        else:
            low[slot] += cost
            high[slot] += cost
    return _score(table, low, possible), _score(table, high, possible)


def _score(table: Table, points: Sequence[float], possible: Sequence[float]) -> float:
    """The score of one end.

    A dimension whose questions may all go away again counts as one that stays: at the low end its gap is 0, at the high end
    1, and both move the score further out than leaving it away would.
    """
    gaps, weights = [], []
    for weight, part, most in zip(table.weights, points, possible, strict=False):
        if most:
            gaps.append(part / most)
            weights.append(weight)
    settings = table.settings
    exposure = exposure_of(table.base, points[-1], possible[-1])
    return score_of(exposure, blend(gaps, weights, settings.worst_share).gap, settings.floor)

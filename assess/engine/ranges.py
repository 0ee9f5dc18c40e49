"""Between which two ends the final score must lie while answers are missing or "don't know" (decisions.md 3, Range; 9.12.15).

An answer that is missing or "don't know" may yet become any other, so a condition that rests on one is open and the questions
behind it may come or go, even if they were answered. Both ends go through the same sums as the score itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from assess.engine.bank import Edition
from assess.engine.conditions import HIDDEN, PENDING, UNANSWERED, looks_at
from assess.engine.gaps import WORST, blend, exposure_of, is_wide, score_of
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


_TELLING: WeakKeyDictionary[Edition, frozenset[str]] = WeakKeyDictionary()


def closed_gates(edition: Edition, found: Found) -> set[str]:
    """Questions answered "don't know" that keep hidden a question that can raise a sign and that another answer would show (9.12.20).

    One may stand before another: what a closed gate hides may itself be the gate.
    """
    telling = _TELLING.get(edition)
    if telling is None:
        telling = _TELLING[edition] = frozenset(one.id for one in edition.questions() if one.can_sign)
    seen = dict(found)
    behind: dict[str, set[str]] = {}
    gates: set[str] = set()
    for turn in _turns_of(edition):
        if is_unknown(found[turn.name]):
            behind[turn.name] = {turn.name}
            seen[turn.name] = UNANSWERED
        elif turn.outlook is not None and found[turn.name] is HIDDEN:
            held = set[str]().union(*(behind[name] for name in turn.subjects if name in behind))
            if held and turn.outlook(seen.__getitem__) & TRUE:
                behind[turn.name] = held
                seen[turn.name] = PENDING
                if turn.name in telling:
                    gates |= held
    return gates


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
    sure, at_most = [0] * len(low), [0] * len(low)
    for (name, slot, most, _, _), cost in zip(table.questions, tally.costs, strict=True):
        state = seen[name]
        if state is HIDDEN:
            continue
        possible[slot] += most
        at_most[slot] += 1
        sure[slot] += state is not PENDING
        if cost is None or state is PENDING:
            high[slot] += most
        else:
            low[slot] += cost
            high[slot] += cost
    areas = [(is_wide(harm, sure[slot]), is_wide(harm, at_most[slot])) for slot, harm in enumerate(table.harms)]
    return _score(table, low, possible, areas, min), _score(table, high, possible, areas, max)


def _score(
    table: Table,
    points: Sequence[float],
    possible: Sequence[float],
    areas: Sequence[tuple[bool, bool]],
    end: Callable[[Iterable[float]], float],
) -> float:
    """The score of one end, `min` or `max`. `areas`: whether each dimension is sure to be, and whether it may be, one of the widest.

    A dimension whose questions may all go away again counts as one that stays: at the low end its gap is 0, at the high end
    1, and both move the score further out than leaving it away would. Of the dimensions that may come to count among the widest, none,
    one, two or three do: those with the smallest gaps at the low end, with the largest at the high end.
    """
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
    blends = []
    for more in range(min(WORST, len(doubtful)) + 1):
        added = doubtful[:more]
        wide = [counts or place in added for place, counts in enumerate(sure)]
        blends.append(blend(gaps, weights, wide, settings.worst_share).gap)
    exposure = exposure_of(table.base, points[-1], possible[-1])
    return score_of(exposure, end(blends), settings.floor)

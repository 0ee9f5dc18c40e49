"""What may be shown of a rehearsal: figures from which nobody can work out that one or two businesses are behind one of them.

Whoever looks may know exactly how many submissions there are, and how these rules work. So a figure is only said as a span: "fewer
than 5" (0 to 4), "about 5" (5 to 7), "about 10" (8 to 12) and so on, and all of them are held back together where the spans and the
total would leave a small one no way to be 0. Of answers that can mean danger there are none at all (docs/decisions/keeping-banks.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.engine.rehearsing import Outcome, Tally
from assess.engine.result import Band

SHOWN_FROM = 25
"""Of fewer submissions no figure is shown at all."""
STEP = 5
"""Submissions are counted in steps of so many, the newest few not yet: so two rehearsals never differ by one business."""
_SMALL = 4
_ROUND = 5
_FEWER = f"fewer than {_SMALL + 1}"
_NEARLY_ALL, _MANY = 0.9, 0.5


def top(count: int) -> int:
    """The largest number that would be said in the same words."""
    return _SMALL if count <= _SMALL else (count + _ROUND // 2) // _ROUND * _ROUND + _ROUND // 2


def said(count: int) -> str:
    """A figure as it is shown."""
    return _FEWER if count <= _SMALL else f"about {(count + _ROUND // 2) // _ROUND * _ROUND:,}"


def may_show(outcomes: Sequence[int], moves: Sequence[int], shown_from: int = SHOWN_FROM) -> bool:
    """Whether these figures may be shown together. `outcomes` are a part of all each, `moves` are parts of the last of them.

    Each small figure must be able to be 0 with all others in their spans: as many as it counts must find room elsewhere. Whoever moves
    to another band may be thought elsewhere only while hardly anybody does: otherwise it would show in the figures of that table.
    """
    *others, moved = outcomes
    if sum(outcomes) < shown_from:
        return False
    return _each_has_room(others if moved > _SMALL else outcomes) and (moved <= _SMALL or _each_has_room(moves))


def _each_has_room(counts: Sequence[int]) -> bool:
    rooms = [top(one) - one for one in counts]
    return all(sum(rooms) - rooms[at] >= one for at, one in enumerate(counts) if 0 < one <= _SMALL)


BANDS: Sequence[Band] = ("low", "medium", "high", "critical", "not_rated")
_PARTS = ("left_behind", "to_confirm", "newly_missing", "because")


@dataclass(frozen=True, slots=True)
class Share:
    """A question and in how much of all, or of those that change, it has a part, in words."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is shown of a rehearsal. `outcomes` and `moves` are empty where nothing may be shown.

    `moves`: band by band (from, then to) how many, said; only those of another band.
    """

    outcomes: Mapping[Outcome, str]
    moves: Mapping[tuple[Band, Band], str]
    because: Sequence[Share]
    left_behind: Sequence[Share]
    to_confirm: Sequence[Share]
    newly_missing: Sequence[Share]

    @property
    def shown(self) -> bool:
        """Whether there is any figure."""
        return bool(self.outcomes)


NOTHING = Figures({}, {}, (), (), (), ())


def figures_of(tally: Tally, shown_from: int = SHOWN_FROM) -> Figures:
    """What may be shown of these counts."""
    order = (Outcome.SAME, Outcome.SCORE, Outcome.NOT_COMPARABLE, Outcome.BAND)
    outcomes = [tally.outcomes[one] for one in order]
    pairs = [(was, now) for was in BANDS for now in BANDS if was != now]
    moves = [tally.moves[pair] for pair in pairs]
    if not may_show(outcomes, moves, shown_from):
        return NOTHING
    changed = tally.all - tally.outcomes[Outcome.SAME]
    moved = tally.outcomes[Outcome.BAND] > _SMALL
    return Figures(
        outcomes={one: said(count) for one, count in zip(order, outcomes, strict=True)},
        moves={pair: said(count) for pair, count in zip(pairs, moves, strict=True)} if moved else {},
        because=_shares(tally.because, changed, "of those that change"),
        left_behind=_shares(tally.left_behind, tally.all, "of all"),
        to_confirm=_shares(tally.to_confirm, tally.all, "of all"),
        newly_missing=_shares(tally.newly_missing, tally.all, "of all"),
    )


def _shares(counts: Mapping[str, int], whole: int, of: str) -> tuple[Share, ...]:
    """The questions with more than a few, those with the most first. No number: beside the others it might tell too much."""
    several = sorted((-count, name) for name, count in counts.items() if count > _SMALL)
    return tuple(Share(name, f"{_portion(-count / whole)} {of}") for count, name in several)


def _portion(share: float) -> str:
    if share >= _NEARLY_ALL:
        return "nearly all"
    return "more than half" if share >= _MANY else "some"


def as_data(tally: Tally) -> dict[str, Any]:
    """Counts as they are kept."""
    return {
        "outcomes": {one.value: count for one, count in tally.outcomes.items()},
        "moves": [[was, now, count] for (was, now), count in tally.moves.items()],
        **{name: dict(getattr(tally, name)) for name in _PARTS},
    }


def from_data(data: Mapping[str, Any]) -> Tally:
    """Counts as they were kept; an empty document is none at all."""
    tally = Tally()
    tally.outcomes.update({Outcome(name): count for name, count in data.get("outcomes", {}).items()})
    tally.moves.update({(was, now): count for was, now, count in data.get("moves", [])})
    for name in _PARTS:
        getattr(tally, name).update(data.get(name, {}))
    return tally

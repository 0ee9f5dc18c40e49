"""The five groups of safeguards by kind of work: how far along on average. Fewer than three copies are put together or left out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assess.plans.buyer_view import STEPS
from assess.plans.words import one
from assess.portfolio.calling.words import sector_name
from assess.portfolio.picture.counting import FEWEST
from assess.portfolio.picture.rows import Seen

OTHERS = "Other kinds of work together"
BETWEEN = "; "
"""What stands between the groups that a copy shows as one bar."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How far along a group is in a kind of work: the average of the steps 1 to 4, over so many copies."""

    average: float
    copies: int

    @property
    def step(self) -> int:
        """The nearest whole step."""
        return int(self.average + 0.5)

    @property
    def number(self) -> str:
        """The average with one decimal."""
        return one(self.average)

    @property
    def words(self) -> str:
        """The nearest step in words."""
        return STEPS[self.step - 1]


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A kind of work: a cell for each group; None where there are too few copies."""

    name: str
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Heat:
    """The map. `left_out`: how many copies stand nowhere, because there were too few of their kind."""

    groups: Sequence[str]
    rows: Sequence[HeatRow]
    left_out: int


def heat_of(rows: Iterable[Seen], bars: Mapping[uuid.UUID, Mapping[str, int]]) -> Heat:
    """The map of the suppliers that show a band; `bars`: for each supplier the step of each bar."""
    by_kind: defaultdict[str | None, list[Mapping[str, int]]] = defaultdict(list)
    for row in rows:
        if row.band is not None and bars.get(row.supplier_id):
            by_kind[row.sector].append(_apart(bars[row.supplier_id]))
    groups = sorted({name for kind in by_kind.values() for copy in kind for name in copy})
    enough = {kind: copies for kind, copies in by_kind.items() if len(copies) >= FEWEST and kind is not None}
    rest = [copy for kind, copies in by_kind.items() if kind not in enough for copy in copies]
    shown = [HeatRow(sector_name(kind), _cells(groups, enough[kind])) for kind in sorted(enough)]
    if len(rest) >= FEWEST:
        return Heat(groups, [*shown, HeatRow(OTHERS, _cells(groups, rest))], 0)
    return Heat(groups, shown, len(rest))


def _apart(bars: Mapping[str, int]) -> Mapping[str, int]:
    """A bar that stands for several groups counts for each of them."""
    return {name: step for bar, step in bars.items() for name in bar.split(BETWEEN)}


def _cells(groups: Sequence[str], copies: Sequence[Mapping[str, int]]) -> Sequence[Cell | None]:
    found = []
    for group in groups:
        steps = [copy[group] for copy in copies if group in copy]
        found.append(Cell(sum(steps) / len(steps), len(steps)) if len(steps) >= FEWEST else None)
    return found

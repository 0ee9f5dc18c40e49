"""Where firms of each size stand in the order of whom to call, and whether small ones stand ahead for lacking papers.

The rule does not look at size. Small firms may lack papers more often, and what is lacking counts as the most: so it is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import mean, median
from typing import Protocol

from assess.plans.words import one
from assess.portfolio.picture.counting import FEWEST
from assess.suppliers.models import Size
from assess.suppliers.words import SIZES

SIZE_WORDS: Mapping[Size | None, str] = {
    **dict[Size | None, str](SIZES.items()),
    None: "Size not told",
}
SMALL, LARGER = (Size.MICRO, Size.SMALL), (Size.MEDIUM, Size.LARGE)
NOTABLE_SHARE = 0.05
"""A difference of places below this share of all suppliers is called none."""
NOTABLE_POINTS = 2


class Sized(Protocol):
    """A supplier with its points."""

    @property
    def size(self) -> Size | None:
        """How large it is; None: not told."""

    @property
    def points(self) -> int:
        """Its points."""

    @property
    def unknown(self) -> int:
        """How many of them are for what is not known."""


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size. Places count from 1, the first to call; the numbers are None where there are fewer than three suppliers."""

    name: str
    suppliers: int
    average: float | None = None
    middle: float | None = None
    unknown: float | None = None

    @property
    def cells(self) -> Sequence[str]:
        """As it stands in the table."""
        numbers = (self.average, self.middle, self.unknown)
        return [self.name, str(self.suppliers), *("too few" if value is None else one(value) for value in numbers)]


@dataclass(frozen=True, slots=True)
class SizeEffect:
    """The five sizes. `ahead`: how many places small firms stand ahead of larger ones on average; below 0: behind.

    `more_unknown`: how many more of their points are for what is not known. Both are None where there are too few to compare.
    """

    rows: Sequence[SizeRow]
    ahead: float | None
    more_unknown: float | None
    total: int

    @property
    def words(self) -> str:
        """What it comes to, in words."""
        if self.ahead is None or self.more_unknown is None:
            return "There are too few firms whose size you have told us to compare small ones with larger ones."
        place, papers = self._place(self.ahead), self._papers(self.more_unknown)
        return f"{place} {papers} {self._so(self.ahead, self.more_unknown)}"

    def _is_notable(self, places: float) -> bool:
        return abs(places) >= max(1.0, NOTABLE_SHARE * self.total)

    def _place(self, places: float) -> str:
        if not self._is_notable(places):
            return "Firms with fewer than 50 people stand about where larger firms do."
        side = "ahead of" if places > 0 else "behind"
        return f"Firms with fewer than 50 people stand {one(abs(places))} places {side} larger firms on average."

    def _papers(self, points: float) -> str:
        if abs(points) < NOTABLE_POINTS:
            return "About as many of their points are for what is not known."
        return f"{one(abs(points))} {'more' if points > 0 else 'fewer'} of their points are for what is not known."

    def _so(self, places: float, points: float) -> str:
        if places > 0 and self._is_notable(places) and points >= NOTABLE_POINTS:
            return "So small firms are ranked ahead here for lacking answers or papers, and that is no sign of harm. Help them to answer first."
        return "So small firms are not ranked ahead here for lacking answers or papers."


def size_effect(rows: Sequence[Sized]) -> SizeEffect:
    """The effect in this list. Suppliers with the same points share the middle of their places."""
    placed = _places(rows)
    table = [_row(size, [pair for pair in placed if pair[1].size == size]) for size in SIZE_WORDS]
    small = [pair for pair in placed if pair[1].size in SMALL]
    larger = [pair for pair in placed if pair[1].size in LARGER]
    if min(len(small), len(larger)) < FEWEST:
        return SizeEffect(table, None, None, len(rows))
    ahead = mean(place for place, _ in larger) - mean(place for place, _ in small)
    more = mean(row.unknown for _, row in small) - mean(row.unknown for _, row in larger)
    return SizeEffect(table, ahead, more, len(rows))


def _places(rows: Sequence[Sized]) -> Sequence[tuple[float, Sized]]:
    placed: list[tuple[float, Sized]] = []
    for _, alike in groupby(sorted(rows, key=lambda row: -row.points), key=lambda row: row.points):
        group = list(alike)
        middle = len(placed) + (len(group) + 1) / 2
        placed += [(middle, row) for row in group]
    return placed


def _row(size: Size | None, placed: Sequence[tuple[float, Sized]]) -> SizeRow:
    if len(placed) < FEWEST:
        return SizeRow(SIZE_WORDS[size], len(placed))
    places = [place for place, _ in placed]
    unknown = mean(row.unknown for _, row in placed)
    return SizeRow(SIZE_WORDS[size], len(placed), mean(places), median(places), unknown)

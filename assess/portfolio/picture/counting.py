"""The counts of the picture: bands by kind of work, how suppliers stand, and who is late. Pure: lists in, numbers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.plans.words import BANDS as WORDS
from assess.portfolio.calling.words import sector_name
from assess.portfolio.picture.rows import BANDS, GROUPS, NONE, Seen

FEWEST = 3
"""Averages and months of fewer copies than these are not shown."""
BAND_WORDS: Mapping[str, str] = {**{band: WORDS[band] for band in BANDS}, NONE: "No band to show"}
"""The four columns, in order."""
MOST_LATE = 10


@dataclass(frozen=True, slots=True)
class Bands:
    """One kind of work: how many suppliers have each band, and how many have none to show."""

    name: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All its suppliers."""
        return sum(self.counts.values())

    @property
    def words(self) -> str:
        """The same in words, for whoever does not see the drawing."""
        return f"{self.name}: {in_words(self.counts, BAND_WORDS)}"


@dataclass(frozen=True, slots=True)
class Late:
    """Who is late: `suppliers` with answering, the longest first and at most ten; all of them by number; with steps; and old answers."""

    suppliers: Sequence[Seen]
    number: int
    with_steps: int
    old: int


def bands_by_sector(rows: Sequence[Seen]) -> Sequence[Bands]:
    """Each kind of work by name, what is not told last, and all together at the end where there are several."""
    kinds = sorted({row.sector for row in rows}, key=lambda sector: (sector is None, sector or ""))
    found = [
        Bands(
            sector_name(kind) if kind else "Kind of work not told",
            bands_of([row for row in rows if row.sector == kind]),
        )
        for kind in kinds
    ]
    return [*found, Bands("All together", bands_of(rows))] if len(found) > 1 else found


def bands_of(rows: Sequence[Seen]) -> Mapping[str, int]:
    """How many have each band, and how many none to show: four numbers in their order."""
    found = Counter(row.band or NONE for row in rows)
    return {band: found[band] for band in BAND_WORDS}


def groups_of(rows: Sequence[Seen]) -> Mapping[str, int]:
    """How many stand in each of the six groups."""
    found = Counter(row.group for row in rows)
    return {group: found[group] for group in GROUPS}


def late_of(rows: Sequence[Seen]) -> Late:
    """Who is late, as of the day of the rows."""
    late = sorted(
        (row for row in rows if row.weeks_late is not None), key=lambda row: (-(row.weeks_late or 0), row.name)
    )
    return Late(late[:MOST_LATE], len(late), sum(row.late_steps > 0 for row in rows), sum(row.old for row in rows))


def in_words(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    """“Low 3, Medium 1, …”."""
    return ", ".join(f"{words[key]} {number}" for key, number in counts.items())

"""Where a record stands by its points alone: what the work brings, how strong its safeguards are, and the band of the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.plans.words import BAND_WORDS, format_day, whole_number


@dataclass(frozen=True, slots=True)
class EarlierPosition:
    """That of the submission before. `on`: the ISO date of its answers."""

    exposure: float
    strength: float
    on: str

    @property
    def day_words(self) -> str:
        """The day in short, as it stands beside a dot: “29 Nov”."""
        day, month, _ = format_day(self.on).split()
        return f"{day} {month[:3]}"


@dataclass(frozen=True, slots=True)
class RiskPosition:
    """Both numbers run 0 to 100 and come with what the engine held them against.

    `base` is where the exposure of the sector starts, `floor` the share of it that no safeguard takes away; `medium`, `high` and `critical` are the
    scores from which a band holds; `low_gap` the gap from which nothing is low, None where there is no such rule.
    """

    exposure: float
    strength: float
    base: float
    floor: float
    medium: float
    high: float
    critical: float
    low_gap: float | None
    before: EarlierPosition | None = None

    @property
    def low_strength(self) -> float:
        """What safeguards need at the least for low."""
        return 0.0 if self.low_gap is None else 100 * (1 - self.low_gap)

    def band_at(self, exposure: float, strength: float) -> str:
        score = exposure * (self.floor + (1 - self.floor) * (100 - strength) / 100)
        if score >= self.critical:
            return "critical"
        if score >= self.high:
            return "high"
        return "medium" if score >= self.medium or strength < self.low_strength else "low"

    def exposure_at(self, score: float, strength: float) -> float:
        """The exposure that gives a score beside these safeguards."""
        return score / (self.floor + (1 - self.floor) * (100 - strength) / 100)

    def strength_at(self, score: float, exposure: float) -> float:
        """The safeguards that give a score beside this exposure; below 0 or above 100 where none do."""
        return 100 - 100 * (score / exposure - self.floor) / (1 - self.floor)

    @property
    def by_points(self) -> str:
        return BAND_WORDS[self.band_at(self.exposure, self.strength)].lower()

    @property
    def caption(self) -> str:
        """The same for all: that some answers count whatever the points is said of everybody."""
        return f"By points alone: {self.by_points}. Some answers count whatever the points."

    @property
    def in_words(self) -> str:
        """All that the chart shows, for who cannot see it."""
        words = (
            f"Picture. What your work brings: {whole_number(self.exposure)} of 100. Safeguards: {whole_number(self.strength)} of 100. "
            f"By points alone this is {self.by_points}."
        )
        if self.before is None:
            return words
        earlier = self.before
        band = BAND_WORDS[self.band_at(earlier.exposure, earlier.strength)].lower()
        return (
            f"{words} On {format_day(earlier.on)} it was {whole_number(earlier.exposure)} and {whole_number(earlier.strength)} of 100, "
            f"by points alone {band}."
        )


def risk_position_of(record: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> RiskPosition:
    """The position of a record. `before` is the record of the submission before it, where the two may be compared."""
    result = record["result"]
    limits = result["limits"]
    return RiskPosition(
        exposure=result["exposure"],
        strength=100 - 100 * result["gap"],
        base=result["base"],
        floor=limits["floor"],
        medium=limits["medium"],
        high=limits["high"],
        critical=limits["critical"],
        low_gap=result.get("low_gap"),
        before=None
        if before is None
        else EarlierPosition(before["result"]["exposure"], 100 - 100 * before["result"]["gap"], before["made_on"]),
    )

"""The sums of a score, each written once: exposure, the gap of a dimension, the blended gap, the score.

The score, both ends of its range, a buyer's view and every "what if" go through here, so that none of them can drift from another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assess.engine.result import DimensionGap
from assess.engine.settings import ScoringSettings

WORST = 3
"""How many of the widest gaps weigh a second time."""
WIDE_HARM = 3
"""They are taken among the dimensions about life, freedom, pay, debt, papers and homes."""
WIDE_QUESTIONS = 3
"""And among those with at least so many shown safeguards, so that one answer alone is never "an area"."""


class Blend(NamedTuple):
    """The weighted mean of the gaps, and what becomes of it when the widest weigh a second time. Both 0 to 1."""

    mean_gap: float
    gap: float


def exposure_of(base: float, points: float, possible: float) -> float:
    """Exposure, 0 to 100: just the base of the sector when no exposure question is shown."""
    return base + (100 - base) * points / possible if possible else base


def mean_weights(dimensions: Sequence[DimensionGap], engine: int) -> list[float]:
    """How much each dimension counts in the mean: by its weight alone under engine 1, and by all its points since."""
    return [one.weight if engine == 1 else one.weight * one.possible for one in dimensions]


def is_wide(harm: int, questions: int) -> bool:
    """Whether a dimension can be one of the three widest (decisions.md 9.12.14)."""
    return harm <= WIDE_HARM and questions >= WIDE_QUESTIONS


def blend(gaps: Sequence[float], weights: Sequence[float], wide: Sequence[bool], worst_share: float) -> Blend:
    """Both gaps over the dimensions that have a shown safeguard; nothing asked, nothing missing.

    `wide` tells which dimensions the widest are taken from; where there are none, the mean is all there is.
    """
    total = sum(weights)
    if not total:
        return Blend(0.0, 0.0)
    weighted = 0.0
    for weight, gap in zip(weights, gaps, strict=True):
        weighted += weight * gap
    mean_gap = weighted / total
    worst = sorted([gap for gap, counts in zip(gaps, wide, strict=True) if counts], reverse=True)[:WORST]
    if not worst:
        return Blend(mean_gap, mean_gap)
    return Blend(mean_gap, (1 - worst_share) * mean_gap + worst_share * (sum(worst) / len(worst)))


def score_of(exposure: float, gap: float, floor: float) -> float:
    """The score, 0 to 100: even a perfect form leaves the floor's share of the exposure."""
    return exposure * (floor + (1 - floor) * gap)


def confidence_of(unknown_share: float, evidence_share: float, settings: ScoringSettings, *, stale: bool) -> float:
    """Confidence, 0 to 100: what is known, and how much of what is good can be shown (sectors.md 1.6)."""
    confidence = 100 * (1 - unknown_share) * (0.6 + 0.4 * evidence_share)
    return confidence * settings.stale_factor if stale else confidence

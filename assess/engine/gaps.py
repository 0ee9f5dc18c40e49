"""The sums of decisions.md 3, each written once: exposure, the gap of a dimension, the blended gap, the score.

The score, both ends of its range and every "what if" go through here, so that none of them can drift from another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assess.engine.settings import ScoringSettings

WORST = 3
"""How many of the largest gaps weigh a second time."""


class Blend(NamedTuple):
    """The weighted mean of the gaps, and what becomes of it when the largest weigh a second time. Both 0 to 1."""

    mean_gap: float
    gap: float


def exposure_of(base: float, points: float, possible: float) -> float:
    """Exposure, 0 to 100: just the base of the sector when no exposure question is shown."""
    return base + (100 - base) * points / possible if possible else base


def blend(gaps: Sequence[float], weights: Sequence[float], worst_share: float) -> Blend:
    """Both gaps over the dimensions that have a shown safeguard; nothing asked, nothing missing."""
    total = sum(weights)
    if not total:
        return Blend(0.0, 0.0)
    weighted = 0.0
    for weight, gap in zip(weights, gaps, strict=True):
        weighted += weight * gap
    mean_gap = weighted / total
    worst = sorted(gaps, reverse=True)[:WORST]
    return Blend(mean_gap, (1 - worst_share) * mean_gap + worst_share * (sum(worst) / len(worst)))


def score_of(exposure: float, gap: float, floor: float) -> float:
    """The score, 0 to 100: even a perfect form leaves the floor's share of the exposure."""
    return exposure * (floor + (1 - floor) * gap)


def confidence_of(unknown_share: float, evidence_share: float, settings: ScoringSettings, *, stale: bool) -> float:
    """Confidence, 0 to 100: what is known, and how much of what is good can be shown (sectors.md 1.6)."""
    confidence = 100 * (1 - unknown_share) * (0.6 + 0.4 * evidence_share)
    return confidence * settings.stale_factor if stale else confidence

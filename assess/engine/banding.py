"""From a score and what was answered to a band, and why (decisions.md 3 and 9.12.18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assess.engine.result import Band, BandReason, RaisedSign, ScoreBand
from assess.engine.settings import Limits

MANY_SIGNS = 3
MANY_INDICATORS = 2
"""So many serious signs over so many different ILO indicators are as grave as an urgent one (sectors.md 1.4)."""
_ORDER: tuple[ScoreBand, ...] = ("low", "medium", "high", "critical")


class Banded(NamedTuple):
    """A band, and the rules that alone would give it."""

    band: Band
    reasons: tuple[BandReason, ...]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a band rests on beside the score.

    `unknown_signs`, `breaches` and `thin`: whether there are any, and whether the gap is too wide for low; `unknown_share` is that of
    "don't know" among the shown scored questions. Under engine 1 nothing was a breach and no gap was too wide.
    """

    signs: Sequence[RaisedSign]
    unknown_signs: bool
    unknown_share: float
    quick: bool
    breaches: bool = False
    thin: bool = False


def score_band(score: float, settings: Limits) -> ScoreBand:
    """The band of the score alone."""
    if score < settings.medium:
        return "low"
    if score < settings.high:
        return "medium"
    return "high" if score < settings.critical else "critical"


def final_band(own: ScoreBand, grounds: Grounds, settings: Limits) -> Banded:
    """The band after all rules, and every rule that alone would give it. `own` is the score's band."""
    grave = is_grave(grounds.signs)
    if not grave and grounds.unknown_share > settings.unknown_limit:
        return Banded("not_rated", ("dont_know",))
    asked: dict[BandReason, ScoreBand] = {
        "sign": "critical" if grave else "high" if grounds.signs else "low",
        "unknown_sign": "medium" if grounds.unknown_signs else "low",
        "breach": "medium" if grounds.breaches else "low",
        "gap": "medium" if grounds.thin else "low",
        "points": own,
    }
    band = max(asked.values(), key=_ORDER.index)
    if band == "low":
        return Banded("not_rated", ("quick",)) if grounds.quick else Banded("low", ())
    return Banded(band, tuple(reason for reason, wanted in asked.items() if wanted == band))


def is_grave(signs: Sequence[RaisedSign]) -> bool:
    """Whether one sign is urgent, or serious ones are as grave together."""
    if any(sign.sign == "urgent" for sign in signs):
        return True
    serious = [sign for sign in signs if sign.sign == "serious"]
    return len(serious) >= MANY_SIGNS and len({sign.ilo for sign in serious} - {None}) >= MANY_INDICATORS

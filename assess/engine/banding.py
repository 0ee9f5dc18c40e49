"""From a score and its signs to a band, and why (decisions.md 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assess.engine.result import Band, BandReason, RaisedSign, ScoreBand
from assess.engine.settings import Limits

MANY_SIGNS = 3
MANY_INDICATORS = 2
"""So many serious signs over so many different ILO indicators are as grave as an urgent one (sectors.md 1.4)."""


class Banded(NamedTuple):
    """A band, and the rules that made it another than the score's own band or that win over everything."""

    band: Band
    reasons: tuple[BandReason, ...]


def score_band(score: float, settings: Limits) -> ScoreBand:
    """The band of the score alone."""
    if score < settings.medium:
        return "low"
    if score < settings.high:
        return "medium"
    return "high" if score < settings.critical else "critical"


def final_band(
    own: ScoreBand,
    signs: Sequence[RaisedSign],
    *,
    unknown_signs: bool,
    unknown_share: float,
    settings: Limits,
    quick: bool,
) -> Banded:
    """The band after the rules on signs and on what nobody knows. `own` is the score's band."""
    grave = _grave(signs)
    if grave:
        return Banded("critical", grave)
    if unknown_share > settings.unknown_limit:
        return Banded("not_rated", ("too_many_unknown",))
    if signs and own in {"low", "medium"}:
        return Banded("high", ("serious_sign",))
    if unknown_signs and own == "low":
        return Banded("medium", ("unknown_sign",))
    if quick and own == "low":
        return Banded("not_rated", ("quick_check_cannot_say_low",))
    return Banded(own, ())


def _grave(signs: Sequence[RaisedSign]) -> tuple[BandReason, ...]:
    reasons: list[BandReason] = []
    if any(sign.sign == "urgent" for sign in signs):
        reasons.append("urgent_sign")
    serious = [sign for sign in signs if sign.sign == "serious"]
    if len(serious) >= MANY_SIGNS and len({sign.ilo for sign in serious} - {None}) >= MANY_INDICATORS:
        reasons.append("three_serious_signs")
    return tuple(reasons)

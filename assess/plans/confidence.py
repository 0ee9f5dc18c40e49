"""How the confidence adds up, in one line a person can follow with a pencil.

The shares stand in the line as they are counted, so nothing is rounded before its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from assess.plans.words import exact, plain, rounded

_SURE, _SHOWN = Decimal("0.6"), Decimal("0.4")
"""What confidence keeps without any proof, and what proof adds, as `assess.engine.gaps.confidence_of` has them."""

_MOST_PLACES = 6
_ALIKE = 6
"""Digits at which two shares are one and the same."""


@dataclass(frozen=True, slots=True)
class _Proof:
    """How much of what is good was ticked as proven: a sentence, the share, and the share as it stands in a sum."""

    told: str
    share: Fraction
    sum: str


def confidence_line(record: Mapping[str, Any]) -> str:
    """The sum of the confidence of a record, with as few decimals as still lead to the number on the first page."""
    result = record["result"]
    lines = result["lines"]
    printed = rounded(result["confidence"], 0)
    if not lines:
        return f"Your confidence is {printed}%: nothing was asked that counts."
    unknown = {line["question"] for line in lines if line["answer"] in (None, "dk", ["dk"])}
    good = {line["question"] for line in lines if line["kind"] == "safeguard" and line["points"] == 0} - unknown
    if record["engine"] == 1:
        proof = _proof(len(good & set(record["evidence"])), len(good), exact(result["evidence_share"]))
    else:
        proof = _proof_of_all(sum(line["kind"] == "safeguard" for line in lines), exact(result["evidence_share"]))
    count, known = len(lines), len(lines) - len(unknown)
    factor = exact(result["limits"]["stale_factor"]) if result["stale"] else Decimal(1)
    old, times = ("; they are more than a year old", f" × {plain(factor)}") if result["stale"] else ("", "")
    whole = 100 * Fraction(known, count) * (Fraction(_SURE) + Fraction(_SHOWN) * proof.share) * Fraction(factor)
    return (
        f"Your confidence. You know {known} of {count} answers{old}. {proof.told} "
        f"So 100 × {known} ÷ {count} × ({_SURE} + {_SHOWN} × {proof.sum}){times} = {plain(_towards(printed, whole))}, "
        f"printed as {printed}%."
    )


def _proof(ticked: int, good: int, share: Decimal) -> _Proof:
    if good and rounded(Decimal(ticked) / good, _ALIKE) == rounded(share, _ALIKE):
        told = f"Proof is ticked beside {ticked} of {good} good safeguard answers."
        return _Proof(told, Fraction(ticked, good), f"{ticked} ÷ {good}")
    if not good and not share:
        return _Proof("No answer about a safeguard is good yet, so none can have proof.", Fraction(0), "0")
    # a worked example gives its share as a number, with nothing to count it from
    told = f"The share of good safeguard answers with proof is {plain(share)}."
    return _Proof(told, Fraction(share), plain(share))


def _proof_of_all(safeguards: int, share: Decimal) -> _Proof:
    """Since engine 2 the share is one of all safeguards that were asked, so that a better answer never lowers it."""
    ticked = int(rounded(share * safeguards, 0))
    if safeguards and rounded(Decimal(ticked) / safeguards, _ALIKE) == rounded(share, _ALIKE):
        told = f"Of {safeguards} answers about safeguards, {ticked} {'is' if ticked == 1 else 'are'} good and {'has' if ticked == 1 else 'have'} proof ticked."
        return _Proof(told, Fraction(ticked, safeguards), f"{ticked} ÷ {safeguards}")
    told = f"The share of safeguard answers that are good and have proof is {plain(share)}."
    return _Proof(told, Fraction(share), plain(share))


def _towards(printed: Decimal, whole: Fraction) -> Decimal:
    ways = (_half_up(whole, places) for places in range(1, _MOST_PLACES))
    return next((way for way in ways if rounded(way, 0) == printed), _half_up(whole, _MOST_PLACES))


def _half_up(value: Fraction, places: int) -> Decimal:
    return Decimal(floor(value * 10**places + Fraction(1, 2))).scaleb(-places)

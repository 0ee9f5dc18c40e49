"""What if, from a frozen record alone: next year the banks and the settings may be others, the sums are those of the day.

A business copy of a record names no sign, so it can be asked for scores and never for a band.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.engine.result import DimensionGap, Line, RaisedSign
from assess.engine.what_if import Marks, Scores, Sums, WhatIf

KEPT = ("floor", "medium", "high", "critical", "worst_share", "unknown_limit")


@dataclass(frozen=True, slots=True)
class KeptLimits:
    """The limits as a record keeps them (see `settings.Limits`)."""

    floor: float
    medium: float
    high: float
    critical: float
    worst_share: float
    unknown_limit: float


def scores_of(record: Mapping[str, Any]) -> Scores | None:
    """The scores of a record, whole or a business copy; None for one made before records kept the best of each question."""
    sums = _sums(record)
    return None if sums is None else Scores(sums)


def what_if_of(record: Mapping[str, Any]) -> WhatIf | None:
    """Scores and bands of a whole record; None for one made before records kept the best of each question."""
    sums = _sums(record)
    if sums is None:
        return None
    result = record["result"]
    marks = Marks(
        band=result["band"],
        signs=tuple(RaisedSign(row["id"], row["sign"], row["ilo"]) for row in result["signs"]),
        unknown_signs=tuple(result["unknown_signs"]),
        charges=record["charges"],
        quick=result["quick"],
        breaches=tuple(row["question"] for row in result.get("breaches", ())),
        low_gap=result.get("low_gap"),
    )
    return WhatIf(sums, marks)


def _sums(record: Mapping[str, Any]) -> Sums | None:
    if "charges" not in record:
        return None
    result = record["result"]
    return Sums(
        exposure=result["exposure"],
        dimensions=tuple(DimensionGap(**row) for row in result["dimensions"]),
        lines=tuple(Line(**{**row, "sign": row.get("sign")}) for row in result["lines"]),
        engine=record["engine"],
        limits=KeptLimits(**{name: result["limits"][name] for name in KEPT}),
        best={
            question["id"]: question["best"]
            for section in record["sections"]
            for question in section["questions"]
            if question["best"] is not None
        },
    )

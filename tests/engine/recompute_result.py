"""A second adder, written from the document alone (docs/rules.md 3): it reads a result's exported data and nothing else.

Nothing of the engine is imported here. If the engine and this file agree on thousands of results, the exported data holds the whole
explanation of a score, and the sums are those of the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import add
from typing import Any

Data = Mapping[str, Any]


def added_up(data: Data) -> dict[str, Any]:
    """Everything that can be rebuilt: the numbers, the bands and the lists of signs."""
    exposure = exposure_of(data)
    dimensions = dimensions_of(data)
    told = {row["id"]: row for row in data["dimensions"]}
    pulls = [told[row["id"]]["weight"] * row["possible"] for row in dimensions]
    mean_gap = (
        added(pull * row["gap"] for pull, row in zip(pulls, dimensions, strict=True)) / added(pulls) if pulls else 0.0
    )
    worst = sorted((row["gap"] for row in dimensions if told[row["id"]]["wide"]), reverse=True)[:3]
    share = data["limits"]["worst_share"]
    gap = (1 - share) * mean_gap + share * (added(worst) / len(worst)) if worst else mean_gap
    floor = data["limits"]["floor"]
    score = exposure * (floor + (1 - floor) * gap)
    unknown_share = len(unknown(data)) / len(data["lines"]) if data["lines"] else 0.0
    return {
        "exposure": exposure,
        "dimensions": [
            {**row, "weight": told[row["id"]]["weight"], "wide": told[row["id"]]["wide"]} for row in dimensions
        ],
        "mean_gap": mean_gap,
        "gap": gap,
        "score": score,
        "score_band": own_band(score, data["limits"]),
        "band": final_band(data, own_band(score, data["limits"]), gap, unknown_share),
        "unknown_share": unknown_share,
        "confidence": confidence(data, unknown_share),
        "urgent_signs": sorted(row["id"] for row in signs(data) if row["sign"] == "urgent"),
        "serious_signs": sorted(row["id"] for row in signs(data) if row["sign"] == "serious"),
    }


def added(numbers: Iterable[float]) -> float:
    """From left to right on every Python; `sum` of floats rounds less from 3.12 on."""
    return reduce(add, numbers, 0.0)


def exposure_of(data: Data) -> float:
    rows = [line for line in data["lines"] if line["kind"] == "exposure"]
    possible = added(line["possible"] for line in rows)
    base = data["base"]
    return base + (100 - base) * added(line["points"] for line in rows) / possible if possible else base


def dimensions_of(data: Data) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for line in data["lines"]:
        if line["kind"] == "safeguard":
            empty = {"id": line["dimension"], "points": 0.0, "possible": 0.0, "questions": 0}
            row = found.setdefault(line["dimension"], empty)
            row["points"] += line["points"]
            row["possible"] += line["possible"]
            row["questions"] += 1
    order = [row["id"] for row in data["dimensions"]]
    rows = sorted(found.values(), key=lambda row: order.index(row["id"]))
    return [{**row, "gap": row["points"] / row["possible"]} for row in rows]


def unknown(data: Data) -> list[str]:
    return [line["question"] for line in data["lines"] if line["answer"] in (None, "dk", ["dk"])]


def signs(data: Data) -> list[dict[str, Any]]:
    raised = [{"id": line["question"], "sign": line["sign"]} for line in data["lines"] if line["sign"]]
    return raised + [{"id": row["id"], "sign": row["sign"]} for row in data["findings"] if row["sign"]]


def own_band(score: float, limits: Data) -> str:
    reached = [band for band in ("medium", "high", "critical") if score >= limits[band]]
    return reached[-1] if reached else "low"


def final_band(data: Data, own: str, gap: float, unknown_share: float) -> str:
    indicators = {row["id"]: row["ilo"] for row in data["signs"]}
    serious = [row["id"] for row in signs(data) if row["sign"] == "serious"]
    several = len(serious) >= 3 and len({indicators[name] for name in serious}) >= 2
    if several or any(row["sign"] == "urgent" for row in signs(data)):
        return "critical"
    if unknown_share > data["limits"]["unknown_limit"]:
        return "not_rated"
    bands = ["low", "medium", "high", "critical"]
    thin = data["low_gap"] is not None and gap >= data["low_gap"]
    least = "high" if serious else "medium" if data["unknown_signs"] or data["breaches"] or thin else "low"
    band = max(own, least, key=bands.index)
    return "not_rated" if data["quick"] and band == "low" else band


def confidence(data: Data, unknown_share: float) -> float:
    found = 100 * (1 - unknown_share) * (0.6 + 0.4 * data["evidence_share"])
    return found * data["limits"]["stale_factor"] if data["stale"] else found

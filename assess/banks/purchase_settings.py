"""The settings of what a business buys: which there must be, their form, and the numbers of one day."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from assess.engine.purchases import MARK_OF, TIERS, UK_KINDS
from assess.engine.reference import Marks

HIGHEST = 100
_FACTS = ("forced_labour", "child_labour", "downstream", "elsewhere", "origin_unknown", *UK_KINDS)
NEVER_LOWER = ("elsewhere", "origin_unknown", *UK_KINDS)
"""Marks that must reach the band medium: whatever a list names, and what nobody knows, is never lower."""

MEMBERS: Mapping[str, tuple[str, ...]] = {
    "purchase_tiers": TIERS,
    "purchase_country": ("tier", "law"),
    "purchase_marks": _FACTS,
    "purchase_bands": ("medium", "high"),
    "purchase_severity": (*_FACTS, *TIERS, "rule_of_law"),
    "purchase_influence": ("least", "supplier_known", "in_the_uk"),
}
"""The settings, each a group of numbers with exactly these members."""


def fault_in(name: str, value: Any) -> str:  # noqa: ANN401  # whatever was written
    """What is wrong with one of these settings taken alone; nothing if it can be used."""
    members = MEMBERS[name]
    if not isinstance(value, dict) or sorted(value) != sorted(members):
        return f"must be a group of numbers with exactly these members: {', '.join(members)}"
    if not all(0 <= part <= HIGHEST for part in value.values()):
        return "must hold numbers from 0 to 100"
    if name == "purchase_tiers" and not _rises([value[tier] for tier in TIERS]):
        return "must rise from tier 1 to tier 3"
    if name == "purchase_country" and round(sum(value.values()), 9) != 1:
        return "must add up to 1"
    if name == "purchase_bands" and not 0 < value["medium"] < value["high"]:
        return "must rise from medium to high"
    return ""


def faults_between(values: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str]]:
    """What is wrong among them, each with the name of the setting: what would let something named, or unknown, be called lower."""
    marks, medium = values["purchase_marks"], values["purchase_bands"]["medium"]
    faults = [
        ("purchase_marks", f"gives “{name}” less than the band medium begins with ({medium:g})")
        for name in NEVER_LOWER
        if marks[name] < medium
    ]
    if marks["origin_unknown"] < max(marks["elsewhere"], values["purchase_tiers"]["tier_1"]):
        faults.append(("purchase_marks", "makes not knowing the origin better than the best that could be known"))
    return faults


def marks_from(values: Mapping[str, Mapping[str, float]], basis: tuple[Mapping[str, str], ...]) -> Marks:
    """The numbers as the engine takes them."""
    return Marks(
        tiers=values["purchase_tiers"],
        tier_share=values["purchase_country"]["tier"],
        law_share=values["purchase_country"]["law"],
        facts=values["purchase_marks"],
        medium=values["purchase_bands"]["medium"],
        high=values["purchase_bands"]["high"],
        severity=values["purchase_severity"],
        influence=values["purchase_influence"],
        basis=basis,
    )


def can_be_high(kind: str, values: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether a line can be high because of a fact of this kind, so that there must be something to do about it."""
    high = values["purchase_bands"]["high"]
    if kind == "rule_of_law":
        worst, share = max(values["purchase_tiers"].values()), values["purchase_country"]
        return share["tier"] * worst + share["law"] * HIGHEST >= high
    return {**values["purchase_tiers"], **values["purchase_marks"]}.get(MARK_OF.get(kind, kind), 0) >= high


def _rises(numbers: list[float]) -> bool:
    return all(one < other for one, other in pairwise(numbers))

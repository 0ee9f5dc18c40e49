"""The words around a contract: names of fields, values, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assess.banks.contracts import ContractRules
from assess.kit.clock import date_at
from assess.kit.pages import day
from assess.suppliers.contracts.models import ContractEvent, Done, Level

LEVELS: Mapping[Level, str] = {
    Level.LOW: "Low",
    Level.MEDIUM: "Medium",
    Level.HIGH: "High",
    Level.NOT_KNOWN: "Not known",
}
DONE: Mapping[Done, str] = {
    Done.ENTERED: "Put on the register",
    Done.CHANGED: "Changed",
    Done.DELETED: "Taken off the register",
}
FIELDS: Mapping[str, str] = {
    "title": "Title",
    "reference": "Reference",
    "value_gbp": "Value",
    "starts": "First day",
    "ends": "Last day",
    "regime": "Rules",
    "review_on": "Review on",
    "levels": "Level",
    "notes": "Note",
    "tier": "Tier",
    "tier_reason": "Reason for the tier",
    "asks": "Asked of the supplier",
    "asks_reason": "Why it is asked",
    "proposed": "Proposed tier",
    "decided_by": "Decided by",
    "design": "Steps in design",
    "terms": "Steps in terms",
    "management": "Steps in management",
}
"""The fields that pages show, in their order."""
NOTHING = "nothing"
_DATES = frozenset({"starts", "ends", "review_on"})


@dataclass(frozen=True, slots=True)
class Row:
    """One field that changed: what it is, what it said, what it says."""

    name: str
    before: str
    after: str


def day_at(moment: datetime) -> str:
    """The day of a moment in the United Kingdom, as people write it."""
    return day(date_at(moment))


def pounds(value: int | None) -> str:
    """A value in pounds as people write it."""
    return "" if value is None else f"£{value:,}"


def said(name: str, value: Any, texts: ContractRules) -> str:  # noqa: ANN401  # plain values of any field
    """A plain value of a field in words."""
    if value in (None, "", {}):
        return NOTHING
    if name in _DATES:
        return day(str(value))
    if name == "value_gbp":
        return pounds(int(value))
    if name == "regime":
        return texts.regimes[value].short
    if name in {"tier", "proposed"}:
        return texts.tiers[value].name
    return texts.asks[value] if name == "asks" else str(value)


def changes(before: Mapping[str, Any], after: Mapping[str, Any], texts: ContractRules) -> list[Row]:
    """What differs between two states, field by field, and of the headings each by itself."""
    return list(_changes(before, after, texts))


def changes_of(event: ContractEvent, texts: ContractRules) -> list[Row]:
    """What one entry of the history changed."""
    return changes(event.before, event.after, texts)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], texts: ContractRules) -> Iterator[Row]:
    for name, label in FIELDS.items():
        old, new = before.get(name), after.get(name)
        if name in {"levels", "notes"}:
            yield from _headings(name, label, old or {}, new or {}, texts)
        elif old != new and not (old in (None, "") and new in (None, "")):
            yield Row(label, said(name, old, texts), said(name, new, texts))


def _headings(
    name: str, label: str, old: Mapping[str, Any], new: Mapping[str, Any], texts: ContractRules
) -> Iterator[Row]:
    for one in texts.characteristics.values():
        if old.get(one.id) != new.get(one.id):
            yield Row(f"{one.name}: {label.lower()}", *(_heading(name, each.get(one.id)) for each in (old, new)))


def _heading(name: str, value: Any) -> str:  # noqa: ANN401  # a level or a note
    if name == "levels":
        return LEVELS[Level(value or Level.NOT_KNOWN)]
    return NOTHING if value is None else str(value)

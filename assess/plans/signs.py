"""The coordinator's sheet: which answers and sums raised a sign, what is unknown where it matters, and notes.

No other copy has it, and nothing here is ever shown to a business or a buyer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.engine.indicators import ILO
from assess.plans.words import joined, plain, rounded

_POUNDS = frozenset({"price", "cost", "daily", "hourly", "charge", "offset"})
"""Numbers of a sum that are money."""

_NUMBERS: Mapping[str, str] = {
    "price": "price of a wash",
    "team": "people on a car",
    "minutes": "minutes for a car",
    "cost": "what the work costs",
    "daily": "pay for a day",
    "hours": "hours in a day",
    "hourly": "pay for an hour",
    "charge": "charge for a day of housing",
    "offset": "most that may be counted for it",
    "people_per_bedroom": "people to a bedroom",
    "rows": "checks of a licence that are too old",
}
"""What each number of a sum is, in words (`assess.engine.checks`)."""


@dataclass(frozen=True, slots=True)
class SignRow:
    """One sign: where it comes from, in the words of the bank."""

    id: str
    says: str
    answer: str
    indicator: str


@dataclass(frozen=True, slots=True)
class SignSheet:
    """All signs of a submission by how grave they are, with the notes beside them."""

    urgent: tuple[SignRow, ...]
    serious: tuple[SignRow, ...]
    unknown: tuple[SignRow, ...]
    notes: tuple[SignRow, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to list."""
        return not (self.urgent or self.serious or self.unknown or self.notes)


def sign_sheet_of(record: Mapping[str, Any]) -> SignSheet:
    """The sheet of a whole record."""
    result = record["result"]
    indicators = {sign["id"]: sign["ilo"] for sign in result["signs"]}
    asked = {question["id"]: question for section in record["sections"] for question in section["questions"]}
    found = {finding["id"]: finding for finding in record["finding_texts"]}

    def rows(names: Sequence[str]) -> tuple[SignRow, ...]:
        return tuple(_row(name, asked, found, indicators) for name in names)

    return SignSheet(
        urgent=rows(result["urgent_signs"]),
        serious=rows(result["serious_signs"]),
        unknown=rows(result["unknown_signs"]),
        notes=rows(result["notes"]),
    )


def _row(
    name: str,
    asked: Mapping[str, Mapping[str, Any]],
    found: Mapping[str, Mapping[str, Any]],
    indicators: Mapping[str, int | None],
) -> SignRow:
    ilo = indicators.get(name)
    indicator = "" if ilo is None else ILO[ilo]
    if name in asked:
        return SignRow(name, asked[name]["ask"], joined(asked[name]["answer_text"]), indicator)
    finding = found[name]
    numbers = "; ".join(_number(key, value) for key, value in finding["numbers"].items())
    return SignRow(name, finding["says"], numbers, indicator)


def _number(key: str, value: float) -> str:
    said = (
        f"£{rounded(value, 2):,f}" if key in _POUNDS else plain(value if float(value).is_integer() else rounded(value))
    )
    return f"{_NUMBERS.get(key) or key.replace('_', ' ')}: {said}"

"""The forms of a contract, read: values by name, or one sentence for each field that cannot be used. No database, no clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assess.suppliers.contracts.models import (
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_REFERENCE,
    LONGEST_STEPS,
    LONGEST_TITLE,
    Asks,
    Level,
    Regime,
)
from assess.suppliers.models import Tier

Typed = Mapping[str, str]
MOST_POUNDS = 1_000_000_000_000
BY_TIER = "by_tier"
"""What somebody chooses who leaves it to the tier what is asked."""
_NUMBER = re.compile(r"\d{1,13}(?:\.00?)?")
_DAY = re.compile(r"(\d{1,2})[ ./-]+(\d{1,2})[ ./-]+(\d{4})")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@dataclass(slots=True)
class Read:
    """A form as it was read: `values` by the name of the column, `faults` by the name of the field."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def read_details(typed: Typed) -> Read:
    """What a contract is: title, reference, value, dates, rules, review."""
    read = Read()
    values, faults = read.values, read.faults
    values["title"] = _line(read, typed, "title", "the title", LONGEST_TITLE)
    if not values["title"] and "title" not in faults:
        faults["title"] = "Enter the title of the contract."
    values["reference"] = _line(read, typed, "reference", "the reference", LONGEST_REFERENCE)
    values["value_gbp"] = _pounds(read, typed)
    for name, what in (("starts", "the first day"), ("ends", "the last day"), ("review_on", "the day of the review")):
        values[name] = _day(read, typed, name, what)
    if values["starts"] and values["ends"] and values["ends"] < values["starts"]:
        faults["ends"] = "Enter a last day that is not before the first day."
    values["regime"] = _one_of(Regime, typed.get("regime", ""))
    if values["regime"] is None:
        faults["regime"] = "Choose which rules the contract follows."
    return read


def read_headings(typed: Typed, names: Sequence[str]) -> Read:
    """The six headings, each with a level and a short note. A heading nobody chose for is not known."""
    read = Read(values={"levels": {}, "notes": {}})
    for name in names:
        said = typed.get(f"level_{name}", "") or Level.NOT_KNOWN
        level = _one_of(Level, said)
        if level is None:
            read.faults[f"level_{name}"] = "Choose low, medium, high or not known."
            continue
        if level is not Level.NOT_KNOWN:  # what is not there is not known: two ways to say it would be one too many
            read.values["levels"][name] = level.value
        note = _line(read, typed, f"note_{name}", "the note", LONGEST_NOTE)
        if note:
            read.values["notes"][name] = note
    return read


def read_tier(typed: Typed, asked_by: Callable[[Tier], Asks]) -> Read:
    """The tier somebody decides, why, and what is asked of the supplier. `asked_by`: what a tier asks by itself."""
    read = Read()
    values, faults = read.values, read.faults
    tier = _one_of(Tier, typed.get("tier", ""))
    if tier is None:
        faults["tier"] = "Choose a tier."
    values["tier_reason"] = _text(read, typed, "tier_reason", "your reason", LONGEST_REASON)
    if not values["tier_reason"] and "tier_reason" not in faults:
        faults["tier_reason"] = "Enter your reason. It is kept with your name."
    values["asks_reason"] = _text(read, typed, "asks_reason", "your reason", LONGEST_REASON)
    said = typed.get("asks", "") or BY_TIER
    usual = asked_by(tier) if tier else None
    asks = usual if said == BY_TIER else _one_of(Asks, said)
    if asks is None and tier is not None:
        faults["asks"] = "Choose what to ask of the supplier."
    if usual is not None and asks is not None and asks is not usual and not values["asks_reason"]:
        faults.setdefault("asks_reason", "Enter why you ask for something else than the tier does.")
    if asks is usual:
        values["asks_reason"] = ""
    return Read({"tier": tier, **values, "asks": asks}, faults)


def read_steps(typed: Typed) -> Read:
    """What was done in design, terms and management."""
    read = Read()
    for name in ("design", "terms", "management"):
        read.values[name] = _text(read, typed, name, "the text", LONGEST_STEPS)
    return read


def typed_from(values: Mapping[str, Any], asked_by: Callable[[Tier], Asks]) -> dict[str, str]:
    """Values of a contract, all or some, as its forms show them."""
    shown: dict[str, str] = {}
    for name, value in values.items():
        if name in {"levels", "notes"}:
            shown |= {f"{name[:-1]}_{heading}": str(said) for heading, said in value.items()}
        elif isinstance(value, date):
            shown[name] = spoken(value)
        else:
            shown[name] = "" if value is None else str(value)
    if "asks" in values:
        tier, asks = values.get("tier"), values["asks"]
        shown["asks"] = BY_TIER if asks is None or (tier and asks is asked_by(tier)) else asks.value
    return shown


def spoken(day: date | None) -> str:
    """A day as the form shows it: 27 3 2027."""
    return "" if day is None else f"{day.day} {day.month} {day.year}"


def day_from(text: str) -> date | None:
    """A day as people write it: 27 3 2027, 27/3/2027 or 2027-03-27.

    Raises:
        ValueError: when it is none, or far from our time.
    """
    said = " ".join(text.split())
    if not said:
        return None
    parts = _DAY.fullmatch(said)
    found = date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(said)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(text)
    return found


def _day(read: Read, typed: Typed, name: str, what: str) -> date | None:
    try:
        return day_from(typed.get(name, ""))
    except ValueError:
        read.faults[name] = f"Enter {what} as day, month and year, for example 27 3 2027."
        return None


def _pounds(read: Read, typed: Typed) -> int | None:
    said = re.sub(r"[£,\s]", "", typed.get("value_gbp", ""))
    if not said:
        return None
    if not (said.isascii() and _NUMBER.fullmatch(said)) or int(said.partition(".")[0]) > MOST_POUNDS:
        read.faults["value_gbp"] = "Enter the value in whole pounds, for example 120,000, or leave it empty."
        return None
    return int(said.partition(".")[0])


def _line(read: Read, typed: Typed, name: str, what: str, longest: int) -> str:
    return " ".join(_text(read, typed, name, what, longest).split())


def _text(read: Read, typed: Typed, name: str, what: str, longest: int) -> str:
    """What was typed, without what no page and no file can show. Too long a text is not cut: somebody has to choose."""
    lines = typed.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"}).strip()
    if len(text) > longest:
        read.faults[name] = f"Shorten {what} to {longest:,} characters or fewer. It has {len(text):,}."
    return text


def _one_of(kind: Any, said: str) -> Any:  # noqa: ANN401  # an enum and its member
    return next((one for one in kind if one.value == said), None)

"""What somebody typed about a new sector, and what to do before it can be made."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from assess.banks.sheets import NEIGHBOURS, Shelf
from assess.editor.naming import proposed_id
from assess.editor.sectors.making import FirstQuestion, NewSector
from assess.engine.reading_conditions import BRANCHES

FIELDS = (
    "title", "id", "base", "reason", "frame", "section", "ask", "poor", "kind", "dimension", "why", "do", "owner", "source",
    "codes", "first_month", "last_month",
)  # fmt: skip
KINDS = (("safeguard", "What the business does about a risk"), ("exposure", "What the business is exposed to"))
POOR = (("no", "No"), ("yes", "Yes"))
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ID = 60, 600, 40
HIGHEST_BASE = 100
_ID = re.compile(r"[a-z][a-z0-9_]*")
_CODES = re.compile(r"\d{2,5}")

Typed = Mapping[str, str]
Faults = dict[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: ids and words."""

    banks: Sequence[tuple[str, str]]
    dimensions: Sequence[tuple[str, str]]
    owners: Sequence[tuple[str, str]]
    sources: Sequence[tuple[str, str]]


def choices_of(shelf: Shelf) -> Choices:
    """Banks, themes, owners and sources as they are now."""
    dimensions = cast("list[dict[str, Any]]", _held(shelf, "dimensions").get("dimensions", []))
    owners = cast("dict[str, str]", _held(shelf, "owners").get("owners", {}))
    sources = cast("dict[str, dict[str, Any]]", _held(shelf, "sources").get("sources", {}))
    return Choices(
        banks=[(bank, str(_held(shelf, bank).get("title", bank))) for bank in shelf.banks()],
        dimensions=[(one["id"], one["name"]) for one in dimensions],
        owners=list(owners.items()),
        sources=[(name, f"{name}: {one['document']}") for name, one in sources.items()],
    )


def _held(shelf: Shelf, stem: str) -> Mapping[str, Any]:
    """What a sound file holds; nothing of one that has to be put right first."""
    sheet = shelf.at("", stem)
    return sheet.data if sheet else {}


def read_sector(form: Mapping[str, str]) -> dict[str, str]:
    """All fields, with single spaces."""
    return {name: " ".join(str(form.get(name, "")).split()) for name in FIELDS}


def sector_from(typed: Typed, choices: Choices, used: Collection[str]) -> tuple[NewSector | None, Faults]:
    """The sector, or what to do before it can be made, by field. `used` are ids that banks have or ever had."""
    faults: Faults = {}
    title = _text(typed, "title", "Write what these businesses do, such as “Construction”.", faults, LONGEST_TITLE)
    name = typed["id"] or (proposed_id(title, ()) if any(map(str.isalnum, title)) else "")
    if "title" not in faults:
        _check_id(name, used, faults)
    base = _base(typed["base"], faults)
    reason = _text(typed, "reason", "Say in a sentence why it starts there.", faults)
    frame = typed["frame"] if typed["frame"] in dict(choices.banks) else None
    first = None if frame else _first(typed, choices, faults)
    codes = _codes(typed["codes"], faults)
    busy = _busy(typed, faults)
    if faults:
        return None, faults
    return NewSector(name, title, base, reason, first, frame, codes, busy), faults


def _text(typed: Typed, name: str, missing: str, faults: Faults, longest: int = LONGEST_TEXT) -> str:
    if not typed[name]:
        faults[name] = missing
    elif len(typed[name]) > longest:
        faults[name] = f"Say it in {longest} letters or fewer."
    return typed[name]


def _check_id(name: str, used: Collection[str], faults: Faults) -> None:
    if not _ID.fullmatch(name) or len(name) > LONGEST_ID:
        faults["id"] = f"Use small letters, digits and _ only, {LONGEST_ID} at most, and begin with a letter."
    elif name in {*NEIGHBOURS, *BRANCHES}:
        faults["id"] = f"“{name}” is a word with another meaning here. Choose another one."
    elif name in used:
        faults["id"] = f"“{name}” is taken, or was once. Choose another one."


def _base(text: str, faults: Faults) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= HIGHEST_BASE:
        faults["base"] = "Write a number from 0 to 100."
        return 0
    return int(number) if number.is_integer() else number


def _first(typed: Typed, choices: Choices, faults: Faults) -> FirstQuestion:
    for name, offered, missing in (
        ("poor", POOR, "Choose the answer that matters."),
        ("kind", KINDS, "Choose what it asks about."),
        ("dimension", choices.dimensions, "Choose a theme."),
        ("owner", choices.owners, "Choose who acts."),
        ("source", choices.sources, "Choose what it rests on. Add a source first if it is not in the list."),
    ):
        if typed[name] not in dict(offered):
            faults[name] = missing
    return FirstQuestion(
        section=_text(typed, "section", "Give the first page of questions a title.", faults, LONGEST_TITLE),
        ask=_text(typed, "ask", "Write a question that can be answered with yes or no.", faults),
        poor=typed["poor"],
        kind=typed["kind"],
        dimension=typed["dimension"],
        why=_text(typed, "why", "Say why you ask.", faults),
        do=_text(typed, "do", "Say what to do about the answer that matters.", faults),
        owner=typed["owner"],
        source=typed["source"],
    )


def _codes(text: str, faults: Faults) -> tuple[str, ...]:
    codes = tuple(text.replace(",", " ").split())
    if not all(_CODES.fullmatch(code) for code in codes):
        faults["codes"] = "Write codes with commas between them, each of 2 to 5 digits, such as “41, 42, 43”."
    return codes


def _busy(typed: Typed, faults: Faults) -> tuple[int, int] | None:
    first, last = typed["first_month"], typed["last_month"]
    if not first and not last:
        return None
    months = {str(number) for number in range(1, len(MONTHS) + 1)}
    for name, value in (("first_month", first), ("last_month", last)):
        if value not in months:
            faults[name] = "Choose both months, or neither."
    return None if {"first_month", "last_month"} & set(faults) else (int(first), int(last))

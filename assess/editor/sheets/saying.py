"""The changes of a workbook said for people: where, what stood there, what will. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.banks.writing import flow
from assess.editor.sheets.cells import PLACE, Address
from assess.editor.sheets.layout import Line, text_of_part
from assess.editor.sheets.merging import Beside
from assess.editor.sheets.taking_in import GONE

NOTHING = "(nothing)"
LONGEST = 600
"""Letters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class Said:
    """One change for a page. `where`: sheet and row; `what`: the thing and the column."""

    where: str
    what: str
    before: str
    now: str
    new: str


def said(one: Beside, asks: Mapping[str, str] | None = None) -> Said:
    """This change in words. `asks` are the words of questions by id."""
    change = one.change
    where = f"{change.sheet}, row {change.row}" if change.row else change.sheet
    return Said(
        where,
        f"{thing(change.at, asks)}: {change.heading or 'taken away'}",
        shown(one.before),
        shown(one.now),
        shown(change.new),
    )


def thing(at: Address | Line, asks: Mapping[str, str] | None = None) -> str:
    """What a value belongs to, by the words of its question or else its id: “core_documents, options/dk”."""
    part = at.part[:-1] if isinstance(at, Address) else at.part
    asked = (asks or {}).get(str(at.id))
    words = [f"“{asked}”" if asked else at.id or at.file, *([text_of_part(part)] if part else [])]
    return ", ".join(words)


def shown(value: object) -> str:
    """A value as it is read."""
    if value is GONE or value == "":
        return NOTHING
    text = value if isinstance(value, str) else flow(value) if isinstance(value, (dict, list)) else json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def rows_missing(missing: Sequence[tuple[str, Line]]) -> Mapping[str, list[str]]:
    """The rows that are not there any more, by their sheet."""
    found: dict[str, list[str]] = {}
    for title, line in missing:
        if line.part[-1:] != (PLACE,):
            found.setdefault(title, []).append(thing(line))
    return found

"""Everything in the files that somebody has to look at again, by its day: what is overdue, what is due soon, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assess.banks.sheets import Sheet, Shelf
from assess.editor.law.dated import all_dated
from assess.editor.law.kinds import DUTIES, things

SOON = timedelta(days=30)
AFTER_REVIEW = timedelta(days=365)
"""A duty that somebody reviewed is looked at again after so long."""
WHILE_COMING = timedelta(days=92)
"""Law that is expected, coming or only proposed moves: its source is looked at each quarter."""
_KINDS: Mapping[str, str] = {
    "settings": "Rate, date or number",
    "contacts": "Whom to call",
    "papers": "Paper",
    "reference": "Reference table",
    "buyers": "What buyers read",
}
_TITLES = ("who", "title", "label", "document", "name")
_BEGINS = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One thing to look at again by a day (ISO)."""

    day: str
    kind: str
    title: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Diary:
    """All of them, each part by its days."""

    overdue: tuple[Entry, ...]
    soon: tuple[Entry, ...]
    later: tuple[Entry, ...]


def diary_of(shelf: Shelf, today: date) -> Diary:
    """The diary of this day."""
    rows = sorted(set(entries(shelf, today)))
    now, then = today.isoformat(), (today + SOON).isoformat()
    return Diary(
        tuple(row for row in rows if row.day < now),
        tuple(row for row in rows if now <= row.day <= then),
        tuple(row for row in rows if row.day > then),
    )


def entries(shelf: Shelf, today: date) -> Iterator[Entry]:
    """Everything with a day, in the order of the files."""
    for setting in all_dated(shelf):
        now = setting.now(today)
        for row in setting.rows:
            if row is now or str(row.get("from", "")) > today.isoformat():
                yield Entry(str(row.get("review_by", "")), _KINDS["settings"], setting.label, setting.sheet.name)
    for name, sheet in sorted(shelf.sheets.items()):
        kind = _KINDS.get(name.partition("/")[0])
        if kind:
            kept = {key: value for key, value in sheet.written.items() if key != "settings"}
            yield from _with_days(sheet, kept, kind, str(sheet.written.get("title") or sheet.stem.replace("_", " ")))
    for duty in things(shelf, DUTIES):
        day = _day_of_duty(duty.data)
        if day:
            yield Entry(day.isoformat(), "Duty", duty.title, duty.sheet.name)


def _with_days(sheet: Sheet, held: object, kind: str, title: str) -> Iterator[Entry]:
    if isinstance(held, Mapping):
        title = next((str(held[key]) for key in _TITLES if isinstance(held.get(key), str)), title)
        if isinstance(held.get("review_by"), str):
            said = _KINDS["contacts"] if "situation" in held else kind
            yield Entry(held["review_by"], said, title, sheet.name)
        for one in held.values():
            yield from _with_days(sheet, one, kind, title)
    elif isinstance(held, list):
        for one in held:
            yield from _with_days(sheet, one, kind, title)


def _day_of_duty(duty: Mapping[str, Any]) -> date | None:
    """A year after its review; else a quarter after its source was seen, while it is expected, coming or proposed."""
    reviewed = _beginning(str(duty.get("reviewed_on") or ""))
    if reviewed:
        return reviewed + AFTER_REVIEW
    if duty.get("status") == "in_force" and duty.get("force") != "expected":
        return None
    seen = _beginning(str(duty.get("source_as_of") or ""))
    return seen + WHILE_COMING if seen else None


def _beginning(said: str) -> date | None:
    """The day a text begins with; the first of the month or the year when it names no more."""
    parts = _BEGINS.match(said.strip())
    if not parts:
        return None
    try:
        return date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        return None

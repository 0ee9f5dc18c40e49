"""A whole shelf looked at: every bank compiled and checked, and all that is wrong with any file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from assess.banks.checking import CheckedBank, check_bank, known_settings, report_on
from assess.banks.sheets import Found, Shelf
from assess.banks.shelves import digest_of_bytes
from assess.kit.clock import date_at

MOST_KEPT = 8
"""Shelves looked at in one process."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Every bank as it would be, and what is wrong: `problems` refuse, `warnings` are told."""

    checked: Mapping[str, CheckedBank]
    problems: tuple[Found, ...]
    warnings: tuple[Found, ...]


def look_at(shelf: Shelf, now: datetime) -> Looked:
    """Check all files of a shelf by the settings of this day. What was found is kept: a page looks at the same shelf again and again."""
    contents = {name: sheet.content for name, sheet in shelf.sheets.items()}
    key = digest_of_bytes(repr([(name, contents[name]) for name in sorted(contents)]).encode()), date_at(now)
    if key not in _looked:
        if len(_looked) >= MOST_KEPT:
            _looked.clear()
        _looked[key] = _look_at(shelf, date_at(now))
    return _looked[key]


_looked: dict[tuple[str, date], Looked] = {}


def _look_at(shelf: Shelf, today: date) -> Looked:
    settings = known_settings(shelf, today)
    checked = {bank: check_bank(shelf, bank, settings) for bank in shelf.banks()}
    found = report_on(shelf, today, settings, list(checked.values())).problems
    return Looked(checked, tuple(one for one in found if not one.warning), tuple(one for one in found if one.warning))

"""All that may be mended at once, by file and place: websites, links, and values of dates and penalties. Nothing else may.

No phone number is among them, nor anything of a contact that every page shows: two people change those (`contacts.py`).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assess.banks.web_addresses import web_address
from assess.editor.law.dated import is_by_two
from assess.editor.law.kinds import CONTACTS

Step = str | int
Steps = tuple[Step, ...]
PLACES = ("settings/", "duties/", "sources.")
"""How the names of all files begin in which anything may be mended."""
_SETTINGS = re.compile(r"settings/[a-z0-9_]+\.ya?ml")
_DUTIES = re.compile(r"duties/[a-z0-9_]+\.ya?ml")
_SOURCES = re.compile(r"sources\.ya?ml")


class What(enum.StrEnum):
    """What kind of value it is."""

    LINK = "link"
    VALUE = "value"
    """Of a rate, a date or a number of law."""


_ANYBODY_PUBLISHES = frozenset(
    line
    for line in Path(__file__).with_name("anybody_publishes.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
"""Websites where anybody puts pages up: another page there is not by whoever wrote the first."""


def mendable(sheet: str, steps: Sequence[Step]) -> What | None:
    """What kind of value may be mended at this place of a file, None for every other place.

    `steps` name an entry of a list by its id, a value of a setting by its first day: ("contacts", "helpline", "number").
    """
    match tuple(steps):
        case ("contacts", str(name), "web") if _SETTINGS.fullmatch(sheet):
            return None if name in CONTACTS.kept else What.LINK
        case ("settings", str(name), "values", str(), "value") if _SETTINGS.fullmatch(sheet):
            return None if is_by_two(name) else What.VALUE
        case ("sources", str(), "url") if _SOURCES.fullmatch(sheet):
            return What.LINK
        case ("duties", str(), "url") | ("duties", str(), "more_urls", int()) if _DUTIES.fullmatch(sheet):
            return What.LINK
        case _:
            return None


def anybody_publishes(url: str) -> bool:
    """Whether an address leads to a website where anybody puts pages up, or is none. A draft changes such a link."""
    found = web_address(url)
    parts = found.host.split(".") if found else []
    return not found or any(".".join(parts[at:]) in _ANYBODY_PUBLISHES for at in range(len(parts)))


def leaves(value: object, steps: Steps = ()) -> Iterator[tuple[Steps, object]]:
    """Every single value with the steps that lead to it."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from leaves(one, (*steps, str(name)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, one in enumerate(value):
            yield from leaves(one, (*steps, name_of(one, index)))
    else:
        yield steps, value


def name_of(entry: object, index: int) -> Step:
    """How an entry of a list is named: by its id, else by its first day, else by its place."""
    if isinstance(entry, Mapping):
        for key in ("id", "from"):
            if isinstance(entry.get(key), str):
                return str(entry[key])
    return index

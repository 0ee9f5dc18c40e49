"""Going through a long list by where the last page ended, not by a number of rows: nothing is left out or shown twice.

A place is the values by which the list is sorted, of the row at which a page ends. It stands in the address as one word.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Date, Select, literal, tuple_

PER_PAGE = 50
LONGEST = 4000


class Keyed(Protocol):
    """A row that knows by which values it is sorted."""

    @property
    def key(self) -> tuple[Any, ...]:
        """In the order of the parts of the key."""


Row = TypeVar("Row", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Key:
    """What a list is sorted by: never NULL, the last of them unique. `down`: from the greatest to the least, all of them."""

    parts: tuple[ColumnElement[Any], ...]
    down: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: right after (or, going back, right before) the row with these values."""

    values: tuple[Any, ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Row]):
    """One page of a list; the words that lead to the pages beside it, None where there is none."""

    rows: Sequence[Row]
    previous: str | None
    next: str | None


def leaf_of(
    wanted: Select[Any], key: Key, place: Place | None, fetch: Callable[[Select[Any]], Sequence[Row]]
) -> Leaf[Row]:
    """The page at this place; None: the first. `fetch` reads rows that know their key."""
    back = place is not None and place.back
    if place is not None:
        ends = tuple_(*(literal(value, part.type) for value, part in zip(place.values, key.parts, strict=True)))
        ours = tuple_(*key.parts)
        wanted = wanted.where(ours < ends if key.down is not back else ours > ends)
    falls = key.down is not back
    ordered = wanted.order_by(*(part.desc() if falls else part.asc() for part in key.parts))
    found = list(fetch(ordered.limit(PER_PAGE + 1)))
    more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    if back:
        found.reverse()
    there = bool(found)
    return Leaf(
        found,
        previous=write(found[0].key) if there and (more if back else place is not None) else None,
        next=write(found[-1].key) if there and (more or back) else None,
    )


def write(values: Sequence[Any]) -> str:
    """A place as one word of an address."""
    plain = [value if isinstance(value, int | str) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read(word: str | None, key: Key, *, back: bool = False) -> Place | None:
    """The place that a word of an address names; None for the first page, and for a word that names none of this list."""
    if not word or len(word) > LONGEST:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(word.encode() + b"=" * (-len(word) % 4)))
        values = tuple(_fit(value, part) for value, part in zip(plain, key.parts, strict=True))
    except (ValueError, TypeError, RecursionError):
        return None
    return Place(values, back)


def _fit(value: object, part: ColumnElement[Any]) -> object:
    kind = uuid.UUID if part.type.python_type is uuid.UUID else part.type.python_type
    if isinstance(part.type, Date):
        return date.fromisoformat(str(value))
    if kind is uuid.UUID:
        return uuid.UUID(str(value))
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= 2**31):
        raise TypeError("a value of another kind")
    if isinstance(value, str) and "\0" in value.encode().decode():  # half a letter cannot be encoded
        raise ValueError("no text of a database")
    return value

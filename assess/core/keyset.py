"""Keyset paging: a page of a sorted list that begins after, or ends before, a row named in the address. `core/pagination.py` counts pages instead."""

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
MAX_POSITION_LENGTH = 4000


class HasSortKey(Protocol):
    @property
    def key(self) -> tuple[Any, ...]:
        """In the order of the parts of the key."""


PageRow = TypeVar("PageRow", bound=HasSortKey)


@dataclass(frozen=True, slots=True)
class SortKey:
    """What a list is sorted by: never NULL, the last of them unique. `down`: from the greatest to the least, all of them."""

    parts: tuple[ColumnElement[Any], ...]
    down: bool = False


@dataclass(frozen=True, slots=True)
class PagePosition:
    """A position in a list: right after (or, going back, right before) the row with these values."""

    values: tuple[Any, ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[PageRow]):
    """One page of a list; the words that lead to the pages beside it, None where there is none."""

    rows: Sequence[PageRow]
    previous: str | None
    next: str | None


def get_keyset_page(
    wanted: Select[Any], key: SortKey, position: PagePosition | None, fetch: Callable[[Select[Any]], Sequence[PageRow]]
) -> KeysetPage[PageRow]:
    """The page at this position; None: the first. `fetch` reads rows that know their key."""
    back = position is not None and position.back
    if position is not None:
        ends = tuple_(*(literal(value, part.type) for value, part in zip(position.values, key.parts, strict=True)))
        ours = tuple_(*key.parts)
        wanted = wanted.where(ours < ends if key.down is not back else ours > ends)
    falls = key.down is not back
    ordered = wanted.order_by(*(part.desc() if falls else part.asc() for part in key.parts))
    found = list(fetch(ordered.limit(PER_PAGE + 1)))  # one more tells whether there is another page
    more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    if back:
        found.reverse()
    there = bool(found)
    return KeysetPage(
        found,
        previous=encode_position(found[0].key) if there and (more if back else position is not None) else None,
        next=encode_position(found[-1].key) if there and (more or back) else None,
    )


def encode_position(values: Sequence[Any]) -> str:
    plain = [value if isinstance(value, int | str) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_position(word: str | None, key: SortKey, *, back: bool = False) -> PagePosition | None:
    """The position that a word of an address names; None for the first page, and for a word that names none of this list."""
    if not word or len(word) > MAX_POSITION_LENGTH:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(word.encode() + b"=" * (-len(word) % 4)))
        values = tuple(_clean_value(value, part) for value, part in zip(plain, key.parts, strict=True))
    except (ValueError, TypeError, RecursionError):
        return None
    return PagePosition(values, back)


def _clean_value(value: object, part: ColumnElement[Any]) -> object:
    kind = uuid.UUID if part.type.python_type is uuid.UUID else part.type.python_type
    if isinstance(part.type, Date):
        return date.fromisoformat(str(value))
    if kind is uuid.UUID:
        return uuid.UUID(str(value))
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= 2**31):
        raise TypeError("a value of another kind")
    if isinstance(value, str) and "\0" in value.encode().decode():  # half a character cannot be encoded
        raise ValueError("no text of a database")
    return value

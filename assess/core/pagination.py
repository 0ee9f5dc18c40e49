"""Lists in pages: which page was asked for, its rows, and the pages beside it. A number beyond the last page is the last; what is no number is the first.

Lists that change while somebody turns their pages go on from a row instead (`previous` and `next` are places in the list then): the board,
contact first, the history of an action.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar, TypeVarTuple

from sqlalchemy import BigInteger, ColumnElement, Date, Row, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from assess.core.application import query_integer

PER_PAGE = 50
MAX_POSITION_LENGTH = 4000


class HasSortKey(Protocol):
    @property
    def key(self) -> tuple[Any, ...]:
        """In the order of the parts of the key."""


KeyedRow = TypeVar("KeyedRow", bound=HasSortKey)


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
class KeysetPage(Generic[KeyedRow]):
    """One page of a list; the words that lead to the pages beside it, None where there is none."""

    rows: Sequence[KeyedRow]
    previous: str | None
    next: str | None


def get_keyset_page(
    wanted: Select[Any], key: SortKey, position: PagePosition | None, fetch: Callable[[Select[Any]], Sequence[KeyedRow]]
) -> KeysetPage[KeyedRow]:
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
    largest = 2 ** (63 if isinstance(part.type, BigInteger) else 31)
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= largest):
        raise TypeError("a value of another kind")
    if isinstance(value, str) and "\0" in value.encode().decode():  # half a character cannot be encoded
        raise ValueError("no text of a database")
    return value


MAX_PAGE = 10_000

PageRow = TypeVar("PageRow")
NewRow = TypeVar("NewRow")
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Page(Generic[PageRow]):
    """One page of a list. `total`: how many rows the list has, where that is known."""

    rows: Sequence[PageRow]
    number: int
    more: bool
    total: int | None = None
    size: int = 1

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.more else None

    @property
    def pages(self) -> int | None:
        return None if self.total is None else last_page(self.total, self.size)

    def with_rows(self, rows: Sequence[NewRow]) -> Page[NewRow]:
        """The same page of what was made of its rows."""
        return Page(rows, self.number, self.more, self.total, self.size)


def last_page(total: int, size: int) -> int:
    return max(1, -(-total // size))


def _within(number: int, total: int, size: int) -> int:
    return min(max(number, 1), last_page(total, size))


def query_page() -> int:
    """Which page of a list was asked for, from 1."""
    return query_integer("page", 1, least=1, most=MAX_PAGE)


def paginate(rows: Iterable[PageRow], number: int, size: int) -> Page[PageRow]:
    """A page of rows that are read no further than one beyond it. A sequence is counted as well."""
    if isinstance(rows, Sequence):
        number = _within(number, len(rows), size)
        return Page(rows[(number - 1) * size : number * size], number, len(rows) > number * size, len(rows), size)
    read = list(islice(rows, number * size + 1))
    number = _within(number, len(read), size)
    return Page(read[(number - 1) * size : number * size], number, len(read) > number * size, size=size)


def fetch_page(session: Session, statement: Select[PageRow], number: int, size: int) -> Page[PageRow]:
    """A page of what a statement of one column finds; its order has to be whole."""
    return _fetch(session, statement, number, size, lambda wanted: session.scalars(wanted).all())


def fetch_rows(
    session: Session, statement: Select[*Columns], number: int, size: int, *, total: int | None = None
) -> Page[Row[*Columns]]:
    """The same of a statement of several columns. `total`: how many there are, where the caller counts them anyway."""
    plain: Select[Any] = statement  # type: ignore[assignment]  # of whatever columns
    return _fetch(session, plain, number, size, lambda wanted: session.execute(wanted).all(), total)


def _fetch(
    session: Session,
    statement: Select[Any],
    number: int,
    size: int,
    read: Callable[[Select[Any]], Sequence[PageRow]],
    total: int | None = None,
) -> Page[PageRow]:
    """Counted only where nothing is found so far behind: most lists are turned page by page."""

    def read_page() -> Sequence[PageRow]:
        return read(statement.limit(size + 1).offset((number - 1) * size))

    if total is not None:
        number = _within(number, total, size)
    rows = read_page()
    if not rows and number > 1:
        found = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
        number = _within(number, found, size)
        rows = read_page()
    return Page(rows[:size], number, len(rows) > size, total, size)

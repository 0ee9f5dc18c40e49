"""Lists in pages: which page was asked for, its rows, and the pages beside it. A number beyond the last page is the last; what is no number is the first.

Lists that change while somebody turns their pages go on from a row instead (`previous` and `next` are places in the list then): the board,
contact first, the history of an action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar, TypeVarTuple

from flask import request
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

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
    typed = request.args.get("page", "")
    return min(max(int(typed[:11]), 1), MAX_PAGE) if typed.isascii() and typed.isdigit() else 1


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

"""Long lists a hundred rows at a time, searched by one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

Row = TypeVar("Row")

ROWS = 100
LAST_PAGE = 10_000
LONGEST_SEARCH = 120


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """One page of a list. `before` and `after` are the numbers of the pages beside it, or None."""

    rows: Sequence[Row]
    number: int
    more: bool

    @property
    def before(self) -> int | None:
        """The page before."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page after."""
        return self.number + 1 if self.more else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: words, and the number of a page from 1."""

    words: str = ""
    page: int = 1


def wanted_of(words: str | None, page: str | None) -> Wanted:
    """What was asked for; nonsense is the first page."""
    number = int(page) if page and page.isascii() and page.isdigit() and len(page) < len(str(LAST_PAGE)) else 1
    return Wanted(" ".join((words or "").split())[:LONGEST_SEARCH], max(1, number))


def listed(session: Session, statement: Select[Row], page: int) -> Listed[Row]:
    """This page of what the statement finds; its order has to be whole."""
    rows = session.scalars(statement.limit(ROWS + 1).offset((page - 1) * ROWS)).all()
    return Listed(rows[:ROWS], page, len(rows) > ROWS)

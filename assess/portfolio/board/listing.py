"""The rows of the board and their numbers: one query each. Everything asks `Seen` what counts at this moment."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from assess.portfolio.board import paging
from assess.portfolio.board.filters import NO_BAND, Filter
from assess.portfolio.board.paging import Leaf
from assess.portfolio.board.seen import Seen
from assess.portfolio.models import Standing, StandingBar, StandingDuty, StandingGood
from assess.suppliers.models import Size, Status, Tier

WEAK = 2
"""A bar at this step or below is weak: little or partly in place."""


@dataclass(frozen=True, slots=True)
class Row:
    """One supplier as the board shows it. `band`: None where none is shown; `quick`: because a quick check is. `late`, `old`: at this moment."""

    id: uuid.UUID
    name: str
    status: Status
    due: date | None
    late: bool
    old: bool
    band: str | None
    quick: bool
    answered_on: date | None
    good_until: date | None
    shown_until: datetime | None
    open_steps: int | None
    next_step_due: date | None
    sector: str | None
    area: str | None
    size: Size | None
    tier: Tier | None
    spend_gbp: int | None
    key: tuple[Any, ...]
    """By which values it is sorted: the place of the row, for going on from it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many stand how, of the whole list."""

    by_status: Mapping[Status, int]
    late: int
    old: int

    @property
    def all(self) -> int:
        """How many there are."""
        return sum(self.by_status.values())


_SHOWN = tuple(field.name for field in fields(Row) if field.name != "key")


def conditions(buyer_id: uuid.UUID, wanted: Filter, seen: Seen) -> list[ColumnElement[bool]]:
    """What a row of this buyer must be to be among what is looked for."""
    found: list[ColumnElement[bool]] = [Standing.buyer_id == buyer_id]
    if wanted.text:
        found.append(Standing.searched.contains(wanted.text.casefold(), autoescape=True))
    if wanted.statuses:
        found.append(seen.status.in_(sorted(wanted.statuses)))
    if wanted.late:
        found.append(seen.late)
    if wanted.old:
        found.append(seen.old)
    for column, value in (
        (Standing.sector, wanted.sector),
        (Standing.area, wanted.area),
        (Standing.tier, wanted.tier),
        (Standing.size, wanted.size),
    ):
        if value is not None:
            found.append(column == value)
    return found + _of_copies(buyer_id, wanted, seen)


def _of_copies(buyer_id: uuid.UUID, wanted: Filter, seen: Seen) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.bands:
        named = seen.band.in_(sorted(wanted.bands - {NO_BAND}))
        found.append(named | seen.band.is_(None) if NO_BAND in wanted.bands else named)
    inner: list[Select[Any]] = []
    if wanted.weak is not None:
        bars = select(StandingBar.supplier_id).where(StandingBar.buyer_id == buyer_id, StandingBar.name == wanted.weak)
        inner.append(bars.where(StandingBar.step <= WEAK))
    if wanted.duty is not None:
        duties = select(StandingDuty.supplier_id).where(StandingDuty.buyer_id == buyer_id)
        inner.append(duties.where(StandingDuty.title == wanted.duty, StandingDuty.done.is_(False)))
    if wanted.good is not None or wanted.place is not None:
        goods = select(StandingGood.supplier_id).where(StandingGood.buyer_id == buyer_id)
        if wanted.good is not None:
            goods = goods.where(StandingGood.good == wanted.good)
        inner.append(goods.where(StandingGood.place == wanted.place) if wanted.place is not None else goods)
    if inner:
        found.append(seen.shown)
    return found + [Standing.supplier_id.in_(one) for one in inner]


def leaf(
    session: Session, buyer_id: uuid.UUID, wanted: Filter, now: datetime, *, after: str | None, before: str | None
) -> Leaf[Row]:
    """One page of the rows that are looked for. `after`, `before`: the words of a page beside it; the first page without."""
    seen = Seen(now)
    key = seen.key(wanted.order)
    place = paging.read(before, key, back=True) or paging.read(after, key)
    query = _columns(seen).add_columns(*key.parts).where(*conditions(buyer_id, wanted, seen))

    def fetch(ordered: Select[Any]) -> Sequence[Row]:
        number = len(key.parts)
        rows = [tuple(row) for row in session.execute(ordered)]
        return [Row(**dict(zip(_SHOWN, row[:-number], strict=True)), key=row[-number:]) for row in rows]

    return paging.leaf_of(query, key, place, fetch)


def counts(session: Session, buyer_id: uuid.UUID, now: datetime) -> Counts:
    """How many of all suppliers on the list stand how."""
    seen = Seen(now)
    late, old = (func.count().filter(one) for one in (seen.late, seen.old))
    status = seen.status.label("stands")
    query = select(status, func.count(), late, old).where(Standing.buyer_id == buyer_id).group_by(status)
    rows = session.execute(query).all()
    return Counts({row[0]: row[1] for row in rows}, sum(row[2] for row in rows), sum(row[3] for row in rows))


def number(session: Session, buyer_id: uuid.UUID, wanted: Filter, now: datetime) -> int:
    """How many rows are looked for."""
    query = select(func.count()).select_from(Standing).where(*conditions(buyer_id, wanted, Seen(now)))
    return session.scalars(query).one()


def _columns(seen: Seen) -> Select[Any]:
    return select(
        Standing.supplier_id,
        Standing.name,
        seen.status,
        Standing.due,
        func.coalesce(seen.late, False).label("late"),
        func.coalesce(seen.old, False).label("old"),
        seen.band,
        seen.quick,
        seen.answered_on,
        seen.good_until,
        seen.shown_until,
        seen.open_steps,
        seen.next_step_due,
        Standing.sector,
        Standing.area,
        Standing.size,
        Standing.tier,
        Standing.spend_gbp,
    )

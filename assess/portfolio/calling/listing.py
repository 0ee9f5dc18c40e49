"""The list of whom to call first, a page at a time: by points, the most first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, func, not_, or_, select
from sqlalchemy.orm import Session

from assess.banks.call_settings import HIGHEST
from assess.kit.clock import date_at
from assess.portfolio.calling.filling import counted_now
from assess.portfolio.calling.rule import Count, Reason
from assess.portfolio.calling.words import to_say
from assess.portfolio.models import Standing
from assess.suppliers.models import Status, Supplier

PAGE = 25


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last supplier of the page before: its points and its id."""

    points: int
    supplier_id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.points}-{self.supplier_id.hex}"


@dataclass(frozen=True, slots=True)
class CallLine:
    """One supplier to call. `place` counts from 1; `say`: three sentences to begin with."""

    place: int
    supplier_id: uuid.UUID
    name: str
    sector: str | None
    phone: str
    points: int
    reasons: Sequence[Reason]
    say: Sequence[str]


@dataclass(frozen=True, slots=True)
class CallPage:
    """A page of the list. `as_of`: the ISO day on which its oldest row was worked out; None when there is none. `total`: of the list."""

    lines: Sequence[CallLine]
    total: int
    as_of: str | None
    next: Cursor | None


def read_cursor(text: str) -> Cursor | None:
    """The place in the list that an address names; None, the beginning, when it names none."""
    points, _, supplier = text.partition("-")
    if not (points.isascii() and points.isdigit() and len(points) <= len(str(HIGHEST))):
        return None
    try:
        return Cursor(int(points), uuid.UUID(supplier))
    except ValueError:
        return None


def page_of(
    session: Session, buyer_id: uuid.UUID, now: datetime, after: Cursor | None = None, size: int = PAGE
) -> CallPage:
    """The next so many after this place."""
    mine = Standing.buyer_id == buyer_id
    found, before = _after(session, buyer_id, now, after, size + 1)
    shown = found[:size]
    phones = _phones(session, [row.supplier_id for _, row in shown])
    oldest = session.scalar(select(func.min(Standing.reckoned_at)).where(mine))
    return CallPage(
        lines=[
            CallLine(
                place=place,
                supplier_id=row.supplier_id,
                name=row.name,
                sector=row.sector,
                phone=phones.get(row.supplier_id, ""),
                points=counted.points,
                reasons=counted.reasons,
                say=say(row, now),
            )
            for place, (counted, row) in enumerate(shown, before + 1)
        ],
        total=session.scalar(select(func.count()).where(mine)) or 0,
        as_of=None if oldest is None else date_at(oldest).isoformat(),
        next=Cursor(shown[-1][0].points, shown[-1][1].supplier_id) if len(found) > size else None,
    )


def _after(
    session: Session, buyer_id: uuid.UUID, now: datetime, after: Cursor | None, most: int
) -> tuple[list[tuple[Count, Standing]], int]:
    """The next so many rows after this place with their points, and how many stand before them.

    Rows whose share ended since they were worked out are few: they are reckoned here and stand where they belong.
    """
    outdated, beyond = _outdated(now), _beyond(after)
    fresh = and_(Standing.buyer_id == buyer_id, not_(outdated))
    order = (Standing.call_points.desc(), Standing.supplier_id.desc())
    rows = session.scalars(select(Standing).where(fresh, beyond).order_by(*order).limit(most)).all()
    over = session.scalars(select(Standing).where(Standing.buyer_id == buyer_id, outdated)).all()
    moved = [(counted_now(row, now), row) for row in over]
    ahead = [pair for pair in moved if after is None or _key(pair) < (after.points, after.supplier_id.hex)]
    before = session.scalar(select(func.count()).where(fresh, not_(beyond))) or 0 if after else 0
    found = sorted([*((counted_now(row, now), row) for row in rows), *ahead], key=_key, reverse=True)
    return found[:most], before + len(moved) - len(ahead)


def say(row: Standing, now: datetime) -> Sequence[str]:
    """What to say to this supplier."""
    over = row.shown_until is not None and row.shown_until <= now
    status = Status.SHARE_OVER if over and row.status is Status.SHARED else row.status
    old = row.good_until is None or row.good_until < date_at(now)
    late = not over and row.late_steps > 0
    return to_say(status, old_answers=old, late_steps=late)


def _outdated(now: datetime) -> ColumnElement[bool]:
    """Whether a row is to be worked out here: its share is over, or the share went and took the reasons along."""
    over = and_(Standing.shown_until.is_not(None), Standing.shown_until <= now)
    emptied = and_(Standing.call_points == HIGHEST, cast(Standing.call_reasons, String) == "[]")
    return or_(over, emptied)


def _beyond(after: Cursor | None) -> ColumnElement[bool]:
    if after is None:
        return Standing.call_points.is_not(None)
    same = and_(Standing.call_points == after.points, Standing.supplier_id < after.supplier_id)
    return or_(Standing.call_points < after.points, same)


def _key(pair: tuple[Count, Standing]) -> tuple[int, str]:
    return pair[0].points, pair[1].supplier_id.hex


def _phones(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    found = session.execute(select(Supplier.id, Supplier.phone).where(Supplier.id.in_(ids)))
    return {row.id: row.phone for row in found}

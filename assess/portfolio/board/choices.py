"""What there is to choose from in the filters of one buyer: only what stands on a row that shows it at this moment. One query."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from assess.portfolio.models import Standing, StandingBar, StandingDuty, StandingGood

Column = InstrumentedAttribute[Any]
OF_COPIES: tuple[tuple[str, Column, Column, Column], ...] = (
    ("bars", StandingBar.name, StandingBar.buyer_id, StandingBar.supplier_id),
    ("duties", StandingDuty.title, StandingDuty.buyer_id, StandingDuty.supplier_id),
    ("goods", StandingGood.good, StandingGood.buyer_id, StandingGood.supplier_id),
    ("places", StandingGood.place, StandingGood.buyer_id, StandingGood.supplier_id),
)
OF_ROWS: tuple[tuple[str, Column], ...] = (("sectors", Standing.sector), ("areas", Standing.area))


@dataclass(frozen=True, slots=True)
class Choices:
    """Sectors and areas of the buyer's list; bars, duties, goods and places of what is shared with it."""

    sectors: Sequence[str] = ()
    areas: Sequence[str] = ()
    bars: Sequence[str] = ()
    duties: Sequence[str] = ()
    goods: Sequence[str] = ()
    places: Sequence[str] = ()


def choices(session: Session, buyer_id: uuid.UUID, now: datetime) -> Choices:
    """What can be chosen, each list by the alphabet."""
    parts = [_of_rows(name, column, buyer_id) for name, column in OF_ROWS]
    parts += [_of_copies(*one, buyer_id, now) for one in OF_COPIES]
    found: dict[str, list[str]] = {}
    for name, value in session.execute(union_all(*parts)):
        found.setdefault(name, []).append(value)
    return Choices(**{name: sorted(values, key=str.casefold) for name, values in found.items()})


def _of_rows(name: str, column: Column, buyer_id: uuid.UUID) -> Select[Any]:
    found: Any = select(literal(name), column)
    return cast("Select[Any]", found.where(Standing.buyer_id == buyer_id, column.is_not(None)).distinct())


def _of_copies(
    name: str, column: Column, buyer: Column, supplier: Column, buyer_id: uuid.UUID, now: datetime
) -> Select[Any]:
    """From each value straight to the next in the index: the table may hold hundreds of thousands of rows with twenty values."""
    steps = select(func.min(column).label("value")).where(buyer == buyer_id).cte(f"step_{name}", recursive=True)
    one = aliased(steps)
    greater = select(func.min(column)).where(buyer == buyer_id, column > one.c.value).scalar_subquery()
    steps = steps.union_all(select(greater).where(one.c.value.is_not(None)))
    # one row is enough, and the limit says so: with EXISTS alone PostgreSQL joins both tables whole
    shown = (
        select(literal(1))
        .select_from(column.class_)
        .join(Standing, Standing.supplier_id == supplier)
        .where(buyer == buyer_id, column == steps.c.value, Standing.shown_until > now)
        .limit(1)
        .scalar_subquery()
    )
    value: ColumnElement[Any] = steps.c.value
    found: Any = select(literal(name), value)
    found = found.where(value.is_not(None), shown.is_not(None))
    return cast("Select[Any]", found)

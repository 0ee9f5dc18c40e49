"""The months of a buyer's picture: on the first of each month its counts are kept, and three years later they go.

Counts alone, of nobody by name. Where fewer than three copies show a band, none of that month's bands is kept.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.db import Document
from assess.people.models import Organisation
from assess.portfolio.models import Standing
from assess.portfolio.picture.counting import FEWEST, bands_of, groups_of
from assess.portfolio.picture.models import PictureMonth
from assess.portfolio.picture.rows import NONE, Seen, seen_by

KEPT = timedelta(days=3 * 366)
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Month:
    """How suppliers stood on an ISO day. `bands` is None where fewer than three copies showed one."""

    on: str
    bands: Mapping[str, int] | None
    groups: Mapping[str, int]


def month_of(rows: Sequence[Seen], on: date) -> Month:
    """The counts of these suppliers."""
    bands = bands_of(rows)
    enough = sum(bands.values()) - bands[NONE] >= FEWEST
    return Month(on.isoformat(), bands if enough else None, groups_of(rows))


def buyers_without(session: Session, month: date) -> Sequence[uuid.UUID]:
    """The buyers with suppliers of whom nothing is kept yet for the month that begins on this day."""
    kept = select(PictureMonth.buyer_id).where(PictureMonth.month == month)
    wanted = select(Standing.buyer_id).where(Standing.buyer_id.not_in(kept)).distinct()
    return session.scalars(wanted.order_by(Standing.buyer_id)).all()


def keep_month(session: Session, buyer_id: uuid.UUID, now: datetime) -> bool:
    """Keep the counts of a buyer for this month, unless they are. Returns whether they were kept now."""
    held = select(Organisation.id).where(Organisation.id == buyer_id).with_for_update(read=True, key_share=True)
    if session.scalar(held) is None:
        return False
    month = date_at(now).replace(day=1)
    made = month_of(seen_by(session, buyer_id, now), month)
    counts: Document = {"bands": None if made.bands is None else dict(made.bands), "groups": dict(made.groups)}
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(PictureMonth).values(buyer_id=buyer_id, month=month, counts=counts, made_at=now)
    kept = session.scalars(row.on_conflict_do_nothing().returning(PictureMonth.buyer_id)).first()
    return kept is not None


def forget_old_months(session: Session, now: datetime) -> None:
    """Remove what is older than three years."""
    session.execute(delete(PictureMonth).where(PictureMonth.month < date_at(now - KEPT)))


def months_of(session: Session, buyer_id: uuid.UUID, rows: Sequence[Seen], today: date) -> Sequence[Month]:
    """The last twelve months that were kept, the oldest first, and today."""
    newest = (
        select(PictureMonth)
        .where(PictureMonth.buyer_id == buyer_id, PictureMonth.month < today)
        .order_by(PictureMonth.month.desc())
        .limit(SHOWN)
    )
    kept = [Month(row.month.isoformat(), row.counts["bands"], row.counts["groups"]) for row in session.scalars(newest)]
    return [*reversed(kept), month_of(rows, today)]

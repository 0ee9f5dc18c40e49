"""Each supplier of a buyer as the picture counts it: what is over shows nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.portfolio.calling.filling import counted_now
from assess.portfolio.models import Standing
from assess.suppliers.models import Size, Status
from assess.suppliers.words import STATUSES

BANDS = ("low", "medium", "high")
NONE = "none"
"""No band to show: nothing shared, over, or a quick check. All of these are one."""

GROUPS: Mapping[str, str] = {
    "shared": STATUSES[Status.SHARED],
    "other": STATUSES[Status.OTHER_RESULT],
    "asked": "Asked, nothing shared yet",
    "declined": STATUSES[Status.DECLINED],
    "over": STATUSES[Status.SHARE_OVER],
    "not_asked": "Not asked, or waits for the season",
}
"""How suppliers stand, in six groups."""
_GROUP_OF: Mapping[Status, str] = {
    Status.NOT_ASKED: "not_asked",
    Status.WAITING: "not_asked",
    Status.INVITED: "asked",
    Status.OPENED: "asked",
    Status.STARTED: "asked",
    Status.SUBMITTED: "asked",
    Status.SHARED: "shared",
    Status.OTHER_RESULT: "other",
    Status.DECLINED: "declined",
    Status.SHARE_OVER: "over",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One supplier. `band`: as in `BANDS`, or None. `unknown`: how many of its points are for what is not known.

    `weeks_late`: whole weeks past the date by which it was asked, while nothing is shared; None when it is not late.
    `late_steps`: of the plan it shows.
    """

    supplier_id: uuid.UUID
    name: str
    sector: str | None
    size: Size | None
    status: Status
    band: str | None
    old: bool
    weeks_late: int | None
    late_steps: int
    points: int
    unknown: int

    @property
    def group(self) -> str:
        """In which of the six groups it stands."""
        return _GROUP_OF[self.status]


def seen_by(session: Session, buyer_id: uuid.UUID, now: datetime) -> Sequence[Seen]:
    """All suppliers of a buyer at this moment, by name."""
    order = (Standing.name, Standing.supplier_id)
    rows = session.scalars(select(Standing).where(Standing.buyer_id == buyer_id).order_by(*order))
    return [_seen(row, now) for row in rows]


def _seen(row: Standing, now: datetime) -> Seen:
    over = row.shown_until is not None and row.shown_until <= now
    status = Status.SHARE_OVER if over and row.status is Status.SHARED else row.status
    band = row.band if status is Status.SHARED and row.band in BANDS else None
    counted = counted_now(row, now)
    today = date_at(now)
    return Seen(
        supplier_id=row.supplier_id,
        name=row.name,
        sector=row.sector,
        size=row.size,
        status=status,
        band=band,
        old=status is Status.SHARED and row.good_until is not None and row.good_until < today,
        weeks_late=_weeks_late(status, row.due, today),
        late_steps=row.late_steps if status is Status.SHARED else 0,
        points=counted.points,
        unknown=sum(reason.points for reason in counted.reasons if not reason.known),
    )


def _weeks_late(status: Status, due: date | None, today: date) -> int | None:
    if _GROUP_OF[status] != "asked" or due is None or due >= today:
        return None
    return (today - due).days // 7

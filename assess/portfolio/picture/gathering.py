"""The picture of a buyer's suppliers at one moment: everything that its page and its summary print."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.portfolio.calling.listing import CallLine, page_of
from assess.portfolio.models import Standing, StandingBar, StandingDuty, StandingGood
from assess.portfolio.picture.counting import (
    FEWEST,
    Bands,
    Late,
    bands_by_sector,
    groups_of,
    late_of,
)
from assess.portfolio.picture.heat import Heat, heat_of
from assess.portfolio.picture.months import Month, months_of
from assess.portfolio.picture.rows import seen_by
from assess.portfolio.picture.sizes import SizeEffect, size_effect
from assess.suppliers.models import Status

MOST_PLACES = 15
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FIRST_CALLS = len(NUMBERS) - 1


@dataclass(frozen=True, slots=True)
class Place:
    """A country from which suppliers buy: how many of them, which goods, and the words of the risk. Never about a firm."""

    name: str
    suppliers: int
    goods: Sequence[str]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Missing:
    """A duty: how many of the suppliers to which it applies do not say that it is done."""

    title: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it. `on`: ISO day. `banded`: how many suppliers show a band."""

    buyer: str
    on: str
    total: int
    banded: int
    bands: Sequence[Bands]
    groups: Mapping[str, int]
    heat: Heat
    months: Sequence[Month]
    late: Late
    places: Sequence[Place]
    more_places: int
    duties: Sequence[Missing]
    duties_left_out: int
    sizes: SizeEffect
    first: Sequence[CallLine]

    @property
    def first_number(self) -> str:
        """How many stand under whom to call first, as a word: fewer than ten where the list is shorter."""
        return NUMBERS[len(self.first)]


def picture_of(session: Session, buyer_id: uuid.UUID, name: str, now: datetime) -> Picture:
    """The picture at this moment."""
    rows = seen_by(session, buyer_id, now)
    shown = {row.supplier_id for row in rows if row.status is Status.SHARED}
    places = _places(session, buyer_id, shown)
    duties = _duties(session, buyer_id, shown)
    today = date_at(now)
    return Picture(
        buyer=name,
        on=today.isoformat(),
        total=len(rows),
        banded=sum(row.band is not None for row in rows),
        bands=bands_by_sector(rows),
        groups=groups_of(rows),
        heat=heat_of(rows, _bars(session, buyer_id)),
        months=months_of(session, buyer_id, rows, today),
        late=late_of(rows),
        places=places[:MOST_PLACES],
        more_places=max(0, len(places) - MOST_PLACES),
        duties=[duty for duty in duties if duty.of >= FEWEST],
        duties_left_out=sum(duty.of < FEWEST for duty in duties),
        sizes=size_effect(rows),
        first=page_of(session, buyer_id, now, size=FIRST_CALLS).lines,
    )


def _bars(session: Session, buyer_id: uuid.UUID) -> Mapping[uuid.UUID, Mapping[str, int]]:
    wanted = select(StandingBar).join(Standing).where(Standing.buyer_id == buyer_id)
    found: defaultdict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for bar in session.scalars(wanted):
        found[bar.supplier_id][bar.name] = bar.step
    return found


def _places(session: Session, buyer_id: uuid.UUID, shown: Collection[uuid.UUID]) -> Sequence[Place]:
    """The countries, that of the most suppliers first."""
    wanted = select(StandingGood).join(Standing).where(Standing.buyer_id == buyer_id)
    by_place: defaultdict[str, list[StandingGood]] = defaultdict(list)
    for good in session.scalars(wanted):
        if good.supplier_id in shown:
            by_place[good.place].append(good)
    found = [
        Place(
            place,
            len({good.supplier_id for good in goods}),
            sorted({good.good for good in goods}),
            sorted({good.word for good in goods}),
        )
        for place, goods in by_place.items()
    ]
    return sorted(found, key=lambda place: (-place.suppliers, place.name))


def _duties(session: Session, buyer_id: uuid.UUID, shown: Collection[uuid.UUID]) -> Sequence[Missing]:
    """The duties of which something is missing, the most first."""
    wanted = select(StandingDuty).join(Standing).where(Standing.buyer_id == buyer_id)
    by_duty: defaultdict[str, list[StandingDuty]] = defaultdict(list)
    for duty in session.scalars(wanted):
        if duty.supplier_id in shown:
            by_duty[duty.duty].append(duty)
    found = [
        Missing(duties[0].title, sum(not duty.done for duty in duties), len(duties)) for duties in by_duty.values()
    ]
    return sorted((duty for duty in found if duty.number), key=lambda duty: (-duty.number, duty.title))

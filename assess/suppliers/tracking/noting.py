"""What a buyer adds to the trail: a call it made, and that it read what was shared."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import HOME, date_at
from assess.kit.events import publish
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import Supplier, SupplierEvent, What
from assess.suppliers.tracking.lines import Way
from assess.suppliers.trail import write

LONGEST_AGREED = 500
"""Letters of what was agreed."""


@dataclass(frozen=True, slots=True)
class Call:
    """One follow-up: how, on which day, and what was agreed, in the buyer's own words."""

    way: Way
    on: date
    agreed: str


def note_call(session: Session, supplier: Supplier, call: Call, now: datetime, *, by: uuid.UUID) -> None:
    """Write it into the trail. It stays as it is."""
    write(
        session,
        supplier.id,
        What.CALLED,
        now,
        by=by,
        way=call.way.value,
        on=call.on.isoformat(),
        agreed=call.agreed[:LONGEST_AGREED],
    )
    publish(session, SupplierChanged(supplier.id, now))


def note_looked(session: Session, supplier_ids: Collection[uuid.UUID], person_id: uuid.UUID, now: datetime) -> None:
    """Write down that somebody of the buyer read what these suppliers shared: once for each supplier, person and day."""
    wanted = sorted(set(supplier_ids))
    # of two at once the second one sees the first
    session.execute(select(Supplier.id).where(Supplier.id.in_(wanted)).order_by(Supplier.id).with_for_update())
    midnight = datetime.combine(date_at(now), time(), HOME)
    today = select(SupplierEvent.supplier_id).where(
        SupplierEvent.supplier_id.in_(wanted),
        SupplierEvent.what == What.LOOKED,
        SupplierEvent.by_person == person_id,
        SupplierEvent.at >= midnight,
    )
    there = set(session.scalars(today))
    for supplier_id in wanted:
        if supplier_id not in there:
            write(session, supplier_id, What.LOOKED, now, by=person_id)

"""Whom a file is about and which plans go into a bundle, as it stands at this moment. Only ids are read, so any board fits."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from assess.kit.db import Document
from assess.plans.shares.models import ShareGrant
from assess.portfolio.board.filters import Filter
from assess.portfolio.board.listing import conditions
from assess.portfolio.board.seen import Seen
from assess.portfolio.files.models import PlanState
from assess.portfolio.models import Standing
from assess.portfolio.reckoning import is_newest
from assess.suppliers.models import Status, Supplier

AT_ONCE = 400
"""Ids in one question to the database."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One plan for a bundle. `grant_id` is None where nothing is left of what was shared."""

    supplier_id: uuid.UUID
    grant_id: uuid.UUID | None
    state: PlanState


@dataclass(frozen=True, slots=True)
class _Known:
    id: uuid.UUID
    supplier_id: uuid.UUID
    submission_id: int
    frozen_at: datetime
    over: bool
    newest: bool


def rows_of(session: Session, buyer_id: uuid.UUID, wanted: Filter, now: datetime) -> Sequence[uuid.UUID]:
    """The suppliers that the board finds by this filter at this moment, by name. Entries that were put together stand there once."""
    query = select(Standing.supplier_id).where(*conditions(buyer_id, wanted, Seen(now)))
    return session.scalars(query.order_by(Standing.sort_name, Standing.supplier_id)).all()


def rows_of_picked(session: Session, buyer_id: uuid.UUID, picked: Sequence[uuid.UUID]) -> Sequence[uuid.UUID]:
    """The same for suppliers that somebody picked. Another buyer's are left out, as if there were none."""
    stands = func.coalesce(Supplier.merged_into, Supplier.id)
    roots: set[uuid.UUID] = set()
    for ids in _batches(picked):
        roots.update(session.scalars(select(stands).where(Supplier.buyer_id == buyer_id, Supplier.id.in_(ids))))
    rows = (
        select(Standing.supplier_id, stands)
        .join(Supplier, Supplier.id == Standing.supplier_id)
        .where(Standing.buyer_id == buyer_id)
        .order_by(Standing.sort_name, Standing.supplier_id)
    )
    return [supplier_id for supplier_id, root in session.execute(rows) if root in roots]


def plans_for(session: Session, buyer_id: uuid.UUID, rows: Sequence[uuid.UUID], now: datetime) -> Iterator[Chosen]:
    """What these suppliers share with the buyer, in the order of the rows: each submission once, as it was shared last.

    Of a supplier that shared and does not any more there is one entry that says why.
    """
    for ids in _batches(rows):
        parts = _parts_of(session, buyer_id, ids)
        shares = _shares_of(session, buyer_id, [part for own in parts.values() for part in own], now)
        over = set(
            session.scalars(
                select(Standing.supplier_id).where(
                    Standing.supplier_id.in_(ids), Standing.status.in_([Status.SHARED, Status.SHARE_OVER])
                )
            )
        )
        for supplier_id in ids:
            known = [share for part in parts.get(supplier_id, ()) for share in shares.get(part, ())]
            known.sort(key=lambda one: (one.frozen_at, one.id))
            living = {one.submission_id: one for one in known if one.newest and not one.over}
            for one in reversed(living.values()):
                yield Chosen(one.supplier_id, one.id, PlanState.WAITING)
            if living or not (known or supplier_id in over):
                continue
            again = any(not one.over for one in known)
            yield Chosen(supplier_id, None, PlanState.AGAIN if again else PlanState.OVER)


def living_marks(session: Session, buyer_id: uuid.UUID, *, locked: bool = False) -> list[Document]:
    """What tells whether anything shared with this buyer has changed: each share with its moments. `locked`: and hold them so."""
    wanted = (
        select(
            ShareGrant.id,
            ShareGrant.frozen_at,
            ShareGrant.until,
            ShareGrant.ended_at,
            ShareGrant.scope,
            is_newest().label("newest"),
        )
        .where(ShareGrant.organisation_id == buyer_id)
        .order_by(ShareGrant.id)
    )
    return [dict(row) for row in session.execute(wanted.with_for_update(read=True) if locked else wanted).mappings()]


def _parts_of(session: Session, buyer_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The entries that stand behind each row, those that were taken off the list left out."""
    stands = func.coalesce(Supplier.merged_into, Supplier.id)
    row_of = {root: row for row, root in session.execute(select(Supplier.id, stands).where(Supplier.id.in_(ids)))}
    everyone = (
        select(Supplier.id, stands)
        .where(Supplier.buyer_id == buyer_id, Supplier.archived_at.is_(None))
        .where(or_(Supplier.id.in_(list(row_of)), Supplier.merged_into.in_(list(row_of))))
        .order_by(Supplier.made_at, Supplier.id)
    )
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for part, root in session.execute(everyone):
        found.setdefault(row_of[root], []).append(part)
    return found


def _shares_of(
    session: Session, buyer_id: uuid.UUID, parts: Sequence[uuid.UUID], now: datetime
) -> dict[uuid.UUID, list[_Known]]:
    """All that these entries ever shared with the buyer and did not delete."""
    found: dict[uuid.UUID, list[_Known]] = {}
    for some in _batches(parts):
        wanted = select(
            ShareGrant.id,
            ShareGrant.supplier_id,
            ShareGrant.submission_id,
            ShareGrant.frozen_at,
            ShareGrant.ended_at,
            ShareGrant.until,
            is_newest(),
        ).where(
            ShareGrant.supplier_id.in_(some),
            ShareGrant.organisation_id == buyer_id,
            ShareGrant.accepted_at.is_not(None),
        )
        for key, supplier_id, submission_id, frozen_at, ended_at, until, newest in session.execute(wanted):
            over = ended_at is not None or until <= now
            if supplier_id is not None:
                known = _Known(key, supplier_id, submission_id, frozen_at, over, bool(newest))
                found.setdefault(supplier_id, []).append(known)
    return found


def _batches(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    for begin in range(0, len(ids), AT_ONCE):
        yield ids[begin : begin + AT_ONCE]

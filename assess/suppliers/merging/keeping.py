"""Putting two entries of one buyer together, and taking them apart: one of them stands for both, and nothing moves.

The database refuses as well what is refused here: see the triggers of `supplier` in the first revision.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.events import publish
from assess.kit.mail.addresses import mailbox_of
from assess.suppliers.events import SupplierChanged
from assess.suppliers.merging.likeness import Entry, Pair, couple, pairs_of
from assess.suppliers.merging.models import ToldApart
from assess.suppliers.models import Supplier, What
from assess.suppliers.trail import write

ITSELF = "These two are the same entry. Choose another one."
OTHERS = "One of these is not on your list. Choose two entries of your own list."
ARCHIVED = "One of these is off your list. Put it back on the list first."
PART = "One of these is put together with another entry already. Choose the entry that stands for it, or take it apart first."
BOTH_STAND = "Each of these already stands for other entries. Take one of them apart first, then put them together."


class MergeRefusedError(ValueError):
    """These two cannot be put together; the sentence says why and what to do."""


def put_together(session: Session, part: Supplier, root: Supplier, now: datetime, *, by: uuid.UUID | None) -> None:
    """Show `part` as a part of `root` from now on. Doing it twice changes nothing.

    Raises:
        MergeRefusedError
    """
    _hold(session, part, root)
    if part.merged_into == root.id and part.id != root.id:
        return
    refusal = why_not(session, part, root)
    if refusal:
        raise MergeRefusedError(refusal)
    part.merged_into = root.id
    session.flush()
    write(session, part.id, What.MERGED, now, by=by, other=str(root.id))
    write(session, root.id, What.MERGED, now, by=by, other=str(part.id))
    publish(session, SupplierChanged(part.id, now))
    publish(session, SupplierChanged(root.id, now))


def take_apart(session: Session, part: Supplier, now: datetime, *, by: uuid.UUID | None) -> None:
    """Show `part` by itself again. Doing it twice changes nothing."""
    _hold(session, part)
    root_id = part.merged_into
    if root_id is None:
        return
    part.merged_into = None
    session.flush()
    write(session, part.id, What.SPLIT, now, by=by, other=str(root_id))
    write(session, root_id, What.SPLIT, now, by=by, other=str(part.id))
    publish(session, SupplierChanged(part.id, now))
    publish(session, SupplierChanged(root_id, now))


def why_not(session: Session, part: Supplier, root: Supplier) -> str | None:
    """Why these two cannot be put together, as a sentence; None when they can, and `root` then stands for both."""
    if part.id == root.id:
        return ITSELF
    if part.buyer_id != root.buyer_id:
        return OTHERS
    if part.archived_at is not None or root.archived_at is not None:
        return ARCHIVED
    if part.merged_into is not None or root.merged_into is not None:
        return PART
    if parts_of(session, part.id):
        return BOTH_STAND
    return None


def in_order(session: Session, one: Supplier, other: Supplier) -> tuple[Supplier, Supplier]:
    """The part and the one that may stand for both: the one that does so already, else the one that was here first."""
    if parts_of(session, one.id):
        return other, one
    if parts_of(session, other.id):
        return one, other
    first, second = sorted((one, other), key=lambda supplier: (supplier.made_at, supplier.id))
    return second, first


def parts_of(session: Session, root_id: uuid.UUID) -> Sequence[Supplier]:
    """The entries for which this one stands, by name."""
    wanted = select(Supplier).where(Supplier.merged_into == root_id).order_by(Supplier.name, Supplier.id)
    return session.scalars(wanted).all()


def tell_apart(session: Session, one: Supplier, other: Supplier, now: datetime) -> None:
    """Remember that these two of one buyer are not the same, so that nobody is asked again. Twice changes nothing.

    Raises:
        MergeRefusedError: when they are the same entry, or not of one buyer.
    """
    if one.id == other.id or one.buyer_id != other.buyer_id:
        raise MergeRefusedError(ITSELF if one.id == other.id else OTHERS)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    smaller, larger = couple(one.id, other.id)
    row = insert(ToldApart).values(one_id=smaller, other_id=larger, at=now)
    session.execute(row.on_conflict_do_nothing())


def proposed(session: Session, buyer_id: uuid.UUID) -> list[Pair]:
    """The pairs on the list of this buyer that look the same and were not told apart. Only its own list is looked at."""
    columns = (
        Supplier.id,
        Supplier.merged_into,
        Supplier.name,
        Supplier.email,
        Supplier.company_number,
    )
    wanted = select(*columns).where(Supplier.buyer_id == buyer_id, Supplier.archived_at.is_(None))
    rows = session.execute(wanted.order_by(Supplier.made_at, Supplier.id)).all()
    living = {row.id for row in rows}
    entries = [
        Entry(
            id=row.merged_into or row.id,
            name=row.name,
            mailbox=mailbox_of(row.email) if row.email else "",
            company_number=row.company_number,
        )
        for row in rows
        if (row.merged_into or row.id) in living
    ]
    told = select(ToldApart.one_id, ToldApart.other_id).join(Supplier, Supplier.id == ToldApart.one_id)
    apart = {(one, other) for one, other in session.execute(told.where(Supplier.buyer_id == buyer_id))}
    return pairs_of(entries, apart)


def _hold(session: Session, *suppliers: Supplier) -> None:
    """Read them anew and hold them until the end of the transaction, always in one order: two at once wait for each other."""
    ids = sorted({one.id for one in suppliers})
    wanted = select(Supplier).where(Supplier.id.in_(ids)).order_by(Supplier.id)
    session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()

"""The trail as a file for spreadsheets: UTF-8 with a mark for Excel, CRLF, every cell quoted, ISO dates, no cell that could be run.

The file of all suppliers is written while it is read, a few suppliers at a time, so that ten thousand take no more room than a hundred.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from assess.kit.db import Database
from assess.kit.spreadsheets import MARK, csv_lines
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.models import Supplier
from assess.suppliers.tracking.lines import Line, Words
from assess.suppliers.trail import trail_of

TITLES = ("Supplier", "Shown together with", "Reference", "Date", "Moment (UTC)", "What", "Who", "More")
SUPPLIERS_AT_A_TIME = 100


def trail_file(session: Session, supplier: Supplier) -> bytes:
    """The trail of one supplier and of all that is shown together with it, the oldest first."""
    shown = shown_as_one(session, supplier)
    lines = Words(session, supplier.buyer_id).lines(trail_of(session, [one.id for one in shown]))
    return (_head() + _rows(lines, {one.id: one for one in shown}, _roots(shown))).encode()


def trail_of_all(database: Database, buyer_id: uuid.UUID, *, at_a_time: int = SUPPLIERS_AT_A_TIME) -> Iterator[bytes]:
    """The trails of all suppliers of this buyer, by name, in pieces. Each piece is read by itself and holds no connection between."""
    yield _head().encode()
    after: tuple[str, uuid.UUID] | None = None
    while True:
        with database.reading() as look:
            wanted = select(Supplier).where(Supplier.buyer_id == buyer_id)
            if after is not None:
                wanted = wanted.where(tuple_(Supplier.name, Supplier.id) > after)
            some = look.scalars(wanted.order_by(Supplier.name, Supplier.id).limit(at_a_time)).all()
            if not some:
                return
            roots = {one.merged_into for one in some} - {None}
            called = {one.id: one.name for one in look.scalars(select(Supplier).where(Supplier.id.in_(roots)))}
            order = {one.id: place for place, one in enumerate(some)}
            events = sorted(trail_of(look, list(order)), key=lambda event: order[event.supplier_id])
            lines = Words(look, buyer_id).lines(events)
            text = _rows(lines, {one.id: one for one in some}, called)
            after = (some[-1].name, some[-1].id)
        yield text.encode()


def _roots(shown: Sequence[Supplier]) -> dict[uuid.UUID, str]:
    return {one.id: one.name for one in shown if one.merged_into is None}


def _head() -> str:
    return MARK + csv_lines([TITLES])


def _rows(lines: Iterable[Line], suppliers: dict[uuid.UUID, Supplier], roots: dict[uuid.UUID, str]) -> str:
    return csv_lines(
        (
            line.entry,
            roots.get(root, "") if (root := suppliers[line.supplier_id].merged_into) else "",
            suppliers[line.supplier_id].reference,
            line.on.isoformat(),
            line.iso,
            line.what,
            line.who,
            line.more,
        )
        for line in lines
    )

"""An import as it is kept: stored as a preview, counted, confirmed, stopped, thrown away, and forgotten in time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from assess.kit.db import Document, erase_after_commit
from assess.kit.jobs.ordering import LONG, defer
from assess.suppliers.importing.cells import fault_in_due
from assess.suppliers.importing.checking import CheckedRow, as_values, from_values
from assess.suppliers.importing.models import (
    LONGEST_FILE_NAME,
    NEED_REPAIR,
    Outcome,
    State,
    SupplierImport,
    SupplierImportRow,
)
from assess.suppliers.models import Supplier, SupplierInvitation

WORKING = "import_suppliers"
KEPT_UNCONFIRMED = timedelta(days=7)
KEPT_FOR_REPAIR = timedelta(days=90)
"""How long rows that need repair can be downloaded once all others are done."""


class TooLateError(Exception):
    """A last day to answer has come since the file was read. The sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be done with the suppliers of a file, as in `SupplierImport`."""

    asks: bool
    sector: str | None
    quick: bool
    due: date | None
    message: str
    in_busy_season: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are of each kind. The first three matter before, `by_outcome` afterwards."""

    good: int
    on_list: int
    """Good rows whose supplier is on the list already."""
    already_asked: int
    """Those among them who were asked and have not been taken back."""
    without_address: int
    """Good rows that cannot be asked: no address."""
    by_outcome: dict[Outcome, int]

    def of(self, *outcomes: Outcome) -> int:
        """Rows with one of these outcomes."""
        return sum(self.by_outcome.get(outcome, 0) for outcome in outcomes)

    @property
    def bad(self) -> int:
        """Rows that have to be repaired before anything can be done with them."""
        return self.of(Outcome.BAD)

    @property
    def all(self) -> int:
        """Every row of the file."""
        return sum(self.by_outcome.values())

    @property
    def worked(self) -> int:
        """Good rows that are dealt with."""
        return self.all - self.of(Outcome.BAD, Outcome.WAITING)


def store(
    session: Session,
    buyer_id: uuid.UUID,
    file_name: str,
    rows: Sequence[CheckedRow],
    wishes: Wishes,
    told: Document,
    now: datetime,
    *,
    by: uuid.UUID | None,
) -> SupplierImport:
    """Keep what was read, for somebody to look at. Nothing is done with it yet."""
    made = SupplierImport(
        buyer_id=buyer_id,
        by_person=by,
        file_name=_fit_file_name(file_name),
        asks=wishes.asks,
        sector=wishes.sector,
        quick=wishes.quick,
        due=wishes.due,
        message=wishes.message,
        in_busy_season=wishes.in_busy_season,
        told=told,
        state=State.PREVIEW,
        made_at=now,
    )
    session.add(made)
    session.flush()
    session.add_all(_row(made.id, row) for row in rows)
    session.flush()
    return made


def import_of(
    session: Session, buyer_id: uuid.UUID, import_id: uuid.UUID, *, lock: bool = False
) -> SupplierImport | None:
    """This import of this buyer; another buyer's looks like one that is not there."""
    wanted = select(SupplierImport).where(SupplierImport.id == import_id, SupplierImport.buyer_id == buyer_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).first()


def imports_of(session: Session, buyer_id: uuid.UUID, most: int = 20) -> Sequence[SupplierImport]:
    """The latest imports of a buyer, the newest first."""
    wanted = select(SupplierImport).where(SupplierImport.buyer_id == buyer_id)
    return session.scalars(wanted.order_by(SupplierImport.made_at.desc(), SupplierImport.id).limit(most)).all()


def count_rows(session: Session, one: SupplierImport) -> Counts:
    """How many rows there are of each kind."""
    own = SupplierImportRow.import_id == one.id
    grouped = (
        select(SupplierImportRow.outcome, func.count().label("rows")).where(own).group_by(SupplierImportRow.outcome)
    )
    waiting = (own, SupplierImportRow.outcome == Outcome.WAITING)
    listed = select(func.count()).select_from(SupplierImportRow).join(Supplier, _is_row(one.buyer_id)).where(*waiting)
    asked = (
        select(SupplierInvitation.id)
        .where(SupplierInvitation.supplier_id == Supplier.id, SupplierInvitation.ended_at.is_(None))
        .exists()
    )
    unknown = (
        select(SupplierImportRow.values)
        .outerjoin(Supplier, _is_row(one.buyer_id))
        .where(*waiting, func.coalesce(Supplier.email, "") == "")
    )
    by_outcome = {row.outcome: row.rows for row in session.execute(grouped)}
    return Counts(
        good=by_outcome.get(Outcome.WAITING, 0),
        on_list=session.scalar(listed) or 0,
        already_asked=session.scalar(listed.where(asked)) or 0,
        without_address=sum(not values.get("email") for values in session.scalars(unknown)),
        by_outcome=by_outcome,
    )


def rows_of(
    session: Session, import_id: uuid.UUID, outcomes: Sequence[Outcome], *, first: int = 0, most: int | None = None
) -> Sequence[SupplierImportRow]:
    """Rows of these outcomes in the order of the file."""
    wanted = select(SupplierImportRow).where(
        SupplierImportRow.import_id == import_id, SupplierImportRow.outcome.in_(outcomes)
    )
    wanted = wanted.order_by(SupplierImportRow.number).offset(first)
    return session.scalars(wanted if most is None else wanted.limit(most)).all()


def confirm(session: Session, one: SupplierImport, now: datetime, today: date) -> None:
    """Begin to work on it, or go on where it stopped. Doing it twice changes nothing.

    Raises:
        TooLateError
    """
    if one.state is State.PREVIEW:
        if one.asks:
            _see_in_time(session, one, today)
        one.state = State.CONFIRMED
        one.confirmed_at = now
    if one.state in {State.CONFIRMED, State.RUNNING}:
        defer(session, WORKING, key=f"{WORKING}:{one.id}", rank=LONG, now=now, import_id=str(one.id))


def stop(session: Session, one: SupplierImport, now: datetime) -> None:
    """Do no more of it. What was done stays done, and what the rows said that still waited is forgotten."""
    if one.state in {State.CONFIRMED, State.RUNNING}:
        one.state = State.CANCELLED
        one.ended_at = now
        _forget_values(session, SupplierImportRow.import_id == one.id, SupplierImportRow.outcome == Outcome.WAITING)


def discard(session: Session, one: SupplierImport) -> None:
    """Throw away a preview, with everything the file said."""
    if one.state is State.PREVIEW:
        session.delete(one)
        session.flush()
        erase_after_commit(session)


def forget_old(session: Session, now: datetime) -> int:
    """Delete previews nobody confirmed, and what the rows of old imports said. Returns how many previews went."""
    old = SupplierImport.state == State.PREVIEW, SupplierImport.made_at < now - KEPT_UNCONFIRMED
    gone = session.scalars(delete(SupplierImport).where(*old).returning(SupplierImport.id)).all()
    over = select(SupplierImport.id).where(SupplierImport.ended_at < now - KEPT_FOR_REPAIR)
    emptied = _forget_values(session, SupplierImportRow.import_id.in_(over))
    if gone or emptied:
        erase_after_commit(session)
    return len(gone)


def has_what_to_repair(session: Session, import_id: uuid.UUID) -> bool:
    """Whether rows can be downloaded to be repaired."""
    return any(row.values for row in rows_of(session, import_id, NEED_REPAIR, most=1))


def _see_in_time(session: Session, one: SupplierImport, today: date) -> None:
    dates = {from_values(row.values)[1] or one.due for row in rows_of(session, one.id, [Outcome.WAITING])}
    if any(due is None or fault_in_due(due, today) for due in dates):
        raise TooLateError(
            "The last day to answer has come. Discard this import and send the file again with a later day."
        )


def _row(import_id: uuid.UUID, row: CheckedRow) -> SupplierImportRow:
    good = row.details is not None
    return SupplierImportRow(
        import_id=import_id,
        number=row.number,
        identity=row.details.identity if row.details else None,
        values=as_values(row.details, row.due) if row.details else dict(row.cells),
        faults={"faults": [{"column": fault.column, "says": fault.says} for fault in row.faults]} if row.faults else {},
        outcome=Outcome.WAITING if good else Outcome.BAD,
    )


def _is_row(buyer_id: uuid.UUID) -> ColumnElement[bool]:
    return (Supplier.buyer_id == buyer_id) & (Supplier.identity == SupplierImportRow.identity)


def _forget_values(session: Session, *which: ColumnElement[bool]) -> int:
    # rows that are empty already are left alone, so that the night writes nothing for nothing
    numbers = session.execute(
        select(SupplierImportRow.import_id, SupplierImportRow.number, SupplierImportRow.values).where(*which)
    ).all()
    full = [(import_id, number) for import_id, number, values in numbers if values]
    for import_id, number in full:
        session.execute(
            update(SupplierImportRow)
            .where(SupplierImportRow.import_id == import_id, SupplierImportRow.number == number)
            .values(values={}, faults={})
        )
    return len(full)


def _fit_file_name(name: str) -> str:
    """The name without the folders it lay in, nor anything that cannot be seen."""
    own = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in own if letter.isprintable())[-LONGEST_FILE_NAME:] or "list"

"""Imports: check rows, store the preview, start, process a few rows in each transaction, cancel, and delete old data. No row is invited twice."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.clock import uk_date
from assess.core.config import Settings
from assess.core.db import JsonDict, erase_after_commit
from assess.core.jobs.services import ORDER_LONG, JobContext, enqueue
from assess.core.logs import log
from assess.identity.models import Organisation
from assess.identity.organisations.services import lock_organisation
from assess.question_banks.content_versions import files_in_force
from assess.suppliers.emails import (
    NO_EMAIL_MESSAGES,
    NoEmailReason,
    is_unsubscribed,
    may_send_emails,
    no_email_reason_for_buyer,
)
from assess.suppliers.models import (
    MAX_FILE_NAME_LENGTH,
    OUTCOMES_TO_REPAIR,
    ImportOutcome,
    ImportState,
    Supplier,
    SupplierImport,
    SupplierImportRow,
    SupplierInvitation,
)
from assess.suppliers.send_limits import first_sending_day
from assess.suppliers.services import (
    InvitationDetails,
    SupplierDetails,
    active_invitations,
    add_supplier,
    find_existing_supplier,
    invite_supplier,
    merged_group,
    update_supplier,
)
from assess.suppliers.supplier_import.validation import CheckedRow, details_from_json, details_to_json

IMPORT_JOB = "import_suppliers"
PREVIEW_RETENTION = timedelta(days=7)
REPAIR_RETENTION = timedelta(days=90)
"""How long rows that need repair can be downloaded once all others are done."""


class DueDatePassedError(Exception):
    """A last day to answer has come since the file was read. The sentence says what to do."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    asks: bool
    sector: str | None
    quick: bool
    due: date | None
    message: str
    in_busy_season: bool


@dataclass(frozen=True, slots=True)
class ImportCounts:
    good: int
    on_list: int
    """Good rows whose supplier is on the list already."""
    already_asked: int
    """Those among them who were asked and have not been taken back."""
    without_address: int
    by_outcome: dict[ImportOutcome, int]

    def of(self, *outcomes: ImportOutcome) -> int:
        return sum(self.by_outcome.get(outcome, 0) for outcome in outcomes)

    @property
    def bad(self) -> int:
        return self.of(ImportOutcome.BAD)

    @property
    def all(self) -> int:
        return sum(self.by_outcome.values())

    @property
    def worked(self) -> int:
        return self.all - self.of(ImportOutcome.BAD, ImportOutcome.WAITING)


def save_import(
    session: Session,
    buyer_id: uuid.UUID,
    file_name: str,
    rows: Sequence[CheckedRow],
    wishes: ImportOptions,
    told: JsonDict,
    now: datetime,
    *,
    by: uuid.UUID | None,
) -> SupplierImport:
    """Keep what was read, for the buyer to look at. Nothing is done with it yet."""
    own = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    made = SupplierImport(
        buyer_id=buyer_id,
        by_person=by,
        file_name="".join(letter for letter in own if letter.isprintable())[-MAX_FILE_NAME_LENGTH:] or "list",
        asks=wishes.asks,
        sector=wishes.sector,
        quick=wishes.quick,
        due=wishes.due,
        message=wishes.message,
        in_busy_season=wishes.in_busy_season,
        told=told,
        state=ImportState.PREVIEW,
        made_at=now,
    )
    session.add(made)
    session.flush()
    session.add_all(_new_row(made.id, row) for row in rows)
    session.flush()
    return made


def get_import(
    session: Session, buyer_id: uuid.UUID, import_id: uuid.UUID, *, lock: bool = False
) -> SupplierImport | None:
    """This import of this buyer; another buyer's looks like one that is not there."""
    query = select(SupplierImport).where(SupplierImport.id == import_id, SupplierImport.buyer_id == buyer_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).first()


def list_imports(session: Session, buyer_id: uuid.UUID, most: int = 20) -> Sequence[SupplierImport]:
    query = select(SupplierImport).where(SupplierImport.buyer_id == buyer_id)
    return session.scalars(query.order_by(SupplierImport.made_at.desc(), SupplierImport.id).limit(most)).all()


def count_rows(session: Session, one: SupplierImport) -> ImportCounts:
    own = SupplierImportRow.import_id == one.id
    grouped = (
        select(SupplierImportRow.outcome, func.count().label("rows")).where(own).group_by(SupplierImportRow.outcome)
    )
    waiting = (own, SupplierImportRow.outcome == ImportOutcome.WAITING)
    listed = (
        select(func.count())
        .select_from(SupplierImportRow)
        .join(Supplier, _matches_supplier(one.buyer_id))
        .where(*waiting)
    )
    has_invitation = (
        select(SupplierInvitation.id)
        .where(SupplierInvitation.supplier_id == Supplier.id, SupplierInvitation.ended_at.is_(None))
        .exists()
    )
    unknown = (
        select(SupplierImportRow.values)
        .outerjoin(Supplier, _matches_supplier(one.buyer_id))
        .where(*waiting, func.coalesce(Supplier.email, "") == "")
    )
    by_outcome = {row.outcome: row.rows for row in session.execute(grouped)}
    return ImportCounts(
        good=by_outcome.get(ImportOutcome.WAITING, 0),
        on_list=session.scalar(listed) or 0,
        already_asked=session.scalar(listed.where(has_invitation)) or 0,
        without_address=sum(not values.get("email") for values in session.scalars(unknown)),
        by_outcome=by_outcome,
    )


def list_import_rows(
    session: Session,
    import_id: uuid.UUID,
    outcomes: Sequence[ImportOutcome],
    *,
    first: int = 0,
    most: int | None = None,
) -> Sequence[SupplierImportRow]:
    query = select(SupplierImportRow).where(
        SupplierImportRow.import_id == import_id, SupplierImportRow.outcome.in_(outcomes)
    )
    query = query.order_by(SupplierImportRow.number).offset(first)
    return session.scalars(query if most is None else query.limit(most)).all()


def start_import(session: Session, one: SupplierImport, now: datetime, today: date) -> None:
    """Begin to work on it, or go on where it stopped. Doing it twice changes nothing. Raises DueDatePassedError."""
    if one.state is ImportState.PREVIEW:
        if one.asks:
            dates = {
                details_from_json(row.values)[1] or one.due
                for row in list_import_rows(session, one.id, [ImportOutcome.WAITING])
            }
            if any(due is None or due <= today for due in dates):  # the preview may have lain for days
                raise DueDatePassedError(
                    "The last day to answer has come. Discard this import and send the file again with a later day."
                )
        one.state = ImportState.CONFIRMED
        one.confirmed_at = now
    if one.state in {ImportState.CONFIRMED, ImportState.RUNNING}:
        enqueue(session, IMPORT_JOB, key=f"{IMPORT_JOB}:{one.id}", rank=ORDER_LONG, now=now, import_id=str(one.id))


def cancel_import(session: Session, one: SupplierImport, now: datetime) -> None:
    """Do no more of it. What was done stays done, and what the rows said that still waited is forgotten."""
    if one.state in {ImportState.CONFIRMED, ImportState.RUNNING}:
        one.state = ImportState.CANCELLED
        one.ended_at = now
        _clear_row_values(
            session, SupplierImportRow.import_id == one.id, SupplierImportRow.outcome == ImportOutcome.WAITING
        )


def discard_import(session: Session, one: SupplierImport) -> None:
    if one.state is ImportState.PREVIEW:
        session.delete(one)
        session.flush()
        erase_after_commit(session)


def delete_old_import_data(session: Session, now: datetime) -> int:
    """Delete previews nobody confirmed, and what the rows of old imports said. Returns how many previews went."""
    old = SupplierImport.state == ImportState.PREVIEW, SupplierImport.made_at < now - PREVIEW_RETENTION
    gone = session.scalars(delete(SupplierImport).where(*old).returning(SupplierImport.id)).all()
    over = select(SupplierImport.id).where(SupplierImport.ended_at < now - REPAIR_RETENTION)
    emptied = _clear_row_values(session, SupplierImportRow.import_id.in_(over))
    if gone or emptied:
        erase_after_commit(session)
    return len(gone)


def has_rows_to_repair(session: Session, import_id: uuid.UUID) -> bool:
    return any(row.values for row in list_import_rows(session, import_id, OUTCOMES_TO_REPAIR, most=1))


def _new_row(import_id: uuid.UUID, row: CheckedRow) -> SupplierImportRow:
    return SupplierImportRow(
        import_id=import_id,
        number=row.number,
        identity=row.details.identity if row.details else None,
        values=details_to_json(row.details, row.due) if row.details else dict(row.cells),
        faults={"faults": [{"column": error.column, "says": error.says} for error in row.errors]} if row.errors else {},
        outcome=ImportOutcome.WAITING if row.details is not None else ImportOutcome.BAD,
    )


def _matches_supplier(buyer_id: uuid.UUID) -> ColumnElement[bool]:
    return (Supplier.buyer_id == buyer_id) & (Supplier.identity == SupplierImportRow.identity)


def _clear_row_values(session: Session, *which: ColumnElement[bool]) -> int:
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


def add_or_complete_supplier(
    session: Session, buyer_id: uuid.UUID, details: SupplierDetails, now: datetime, *, by: uuid.UUID | None
) -> tuple[Supplier, bool]:
    """The supplier on this buyer's list, and whether it is new. Blanks are filled in; nothing is overwritten."""
    found = find_listed_supplier(session, buyer_id, details)
    if found is None:
        return add_supplier(session, buyer_id, details, now, by=by)
    whole = fill_blanks(get_supplier_details(found), details)
    if whole != get_supplier_details(found):
        update_supplier(session, found, whole, now, by=by)
    return found, False


def find_listed_supplier(session: Session, buyer_id: uuid.UUID, details: SupplierDetails) -> Supplier | None:
    return find_existing_supplier(session, buyer_id, details) or find_existing_supplier(
        session, buyer_id, SupplierDetails(details.name)
    )


def fill_blanks(there: SupplierDetails, more: SupplierDetails) -> SupplierDetails:
    blank = {
        one.name: getattr(more, one.name) for one in fields(SupplierDetails) if getattr(there, one.name) in {None, ""}
    }
    return replace(there, **blank)


def get_supplier_details(supplier: Supplier) -> SupplierDetails:
    return SupplierDetails(**{one.name: getattr(supplier, one.name) for one in fields(SupplierDetails)})


def no_email_warning(session: Session, buyer: Organisation, settings: Settings, today: date) -> str | None:
    reason = no_email_reason_for_buyer(session, buyer, settings, today)
    if reason is NoEmailReason.NO_MAIL:
        return "This service sends no email, so suppliers are put on your list and nobody is asked. Ask whoever runs it to set up email."
    if reason is NoEmailReason.NOT_CONFIRMED:
        return (
            "Your name is not confirmed yet, so no email can go out in it. Suppliers are put on your list and nobody is asked. "
            "The page of your organisation says how to have it confirmed."
        )
    return (
        None if reason is None else f"{NO_EMAIL_MESSAGES[reason]} Suppliers are put on your list and nobody is asked."
    )


ROWS_PER_TRANSACTION = 25
"""Rows in one transaction: on SQLite everybody else waits for it."""


@dataclass(frozen=True, slots=True)
class _ImportBatch:
    session: Session
    whole: SupplierImport
    settings: Settings
    now: datetime
    asks: bool


def import_suppliers(context: JobContext, *, import_id: str) -> None:
    """Add and ask the suppliers of an import. However often it is begun, nobody is asked twice."""
    while True:
        with context.database.writing() as session:
            left = process_next_rows(session, uuid.UUID(import_id), context.settings, context.now())
        if left is None:
            return
        context.progress(*left)


def delete_old_imports(context: JobContext) -> None:
    with context.database.writing() as session:
        removed = delete_old_import_data(session, context.now())
        if removed:
            event = NewAuditEvent(
                action="suppliers.manage", verb="removed", who=job_actor("forget_imports"), details={"count": removed}
            )
            append_event(session, AuditKeys.of(context.settings), event, context.now())
            log("imports_forgotten", number=removed)


def process_next_rows(
    session: Session, import_id: uuid.UUID, settings: Settings, now: datetime
) -> tuple[int, int] | None:
    """Work on the next rows. Returns how many of how many good rows are done; None when there is nothing left to do."""
    whole = session.get(SupplierImport, import_id, with_for_update=True, populate_existing=True)
    if whole is None or whole.state not in {ImportState.CONFIRMED, ImportState.RUNNING}:
        return None
    buyer = lock_organisation(session, whole.buyer_id)  # two imports of one buyer do not ask the same supplier
    rows = list_import_rows(session, import_id, [ImportOutcome.WAITING], most=ROWS_PER_TRANSACTION)
    if buyer is None or not rows:
        whole.state, whole.ended_at = ImportState.DONE, now
        return None
    whole.state = ImportState.RUNNING
    step = _ImportBatch(
        session, whole, settings, now, whole.asks and may_send_emails(session, buyer, settings, uk_date(now))
    )
    for row in rows:
        _process_row(step, row)
    session.flush()
    erase_after_commit(session)
    event = NewAuditEvent(
        action="suppliers.manage",
        verb="invited" if step.asks else "added",
        who=job_actor(IMPORT_JOB),
        organisation_id=whole.buyer_id,
        details={"count": len(rows)},
    )
    counts = count_rows(session, whole)
    append_event(session, AuditKeys.of(settings), event, now)
    return counts.worked, counts.worked + counts.of(ImportOutcome.WAITING)


def _process_row(step: _ImportBatch, row: SupplierImportRow) -> None:
    details, due = details_from_json(row.values)
    supplier, is_new = add_or_complete_supplier(
        step.session, step.whole.buyer_id, details, step.now, by=step.whole.by_person
    )
    row.supplier_id = supplier.id
    row.outcome = _invite_row(step, supplier, details.sector, due or step.whole.due)
    if row.outcome is ImportOutcome.ON_LIST and is_new:  # on the list because this very row put it there
        row.outcome = ImportOutcome.ADDED
    if row.outcome is not ImportOutcome.NO_ADDRESS:  # what was read is kept only while it may still be put right
        row.values = {}


def _invite_row(step: _ImportBatch, supplier: Supplier, sector: str | None, due: date | None) -> ImportOutcome:
    session = step.session
    sector = sector or supplier.sector
    if supplier.archived_at is not None:
        return ImportOutcome.TAKEN_OFF
    if not step.asks or sector is None or due is None:
        return ImportOutcome.ON_LIST
    if any(active_invitations(session, one.id) for one in merged_group(session, supplier)):
        return ImportOutcome.ALREADY_ASKED
    if not supplier.email:
        return ImportOutcome.NO_ADDRESS
    if is_unsubscribed(session, supplier.buyer_id, supplier.email, step.settings.honoured_keys):
        return ImportOutcome.MAIL_STOPPED
    whole = step.whole
    send_on = first_sending_day(files_in_force(session), sector, uk_date(step.now), at_once=whole.in_busy_season)
    ask = InvitationDetails(sector, whole.quick, due, whole.message, send_on)
    invite_supplier(session, supplier, ask, step.settings, step.now, by=whole.by_person)
    return ImportOutcome.ASKED

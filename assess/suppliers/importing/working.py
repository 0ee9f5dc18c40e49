"""What the worker does with a confirmed import: a few rows at a time, each marked in the transaction that adds and asks its supplier.

So a worker that is killed leaves whole rows behind it, and the next one goes on with those that wait.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.clock import date_at
from assess.kit.config import Settings
from assess.kit.db import erase_after_commit
from assess.kit.jobs.registry import Work
from assess.kit.logs import log
from assess.people.organisations.members import lock
from assess.suppliers.busy_seasons import first_day
from assess.suppliers.importing.checking import from_values
from assess.suppliers.importing.keeping import WORKING, count_rows, forget_old, rows_of
from assess.suppliers.importing.models import Outcome, State, SupplierImport, SupplierImportRow
from assess.suppliers.importing.placing import place
from assess.suppliers.inviting import Ask, invite, living
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.letters import is_stopped, may_write
from assess.suppliers.models import Supplier

AT_ONCE = 25
"""Rows in one transaction: on SQLite everybody else waits for it."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What every row of one transaction needs."""

    session: Session
    whole: SupplierImport
    settings: Settings
    now: datetime
    asks: bool


def import_suppliers(work: Work, *, import_id: str) -> None:
    """Add and ask the suppliers of an import. However often it is begun, nobody is asked twice."""
    while True:
        with work.database.writing() as session:
            left = work_on(session, uuid.UUID(import_id), work.settings, work.now())
        if left is None:
            return
        work.progress(*left)


def forget_imports(work: Work) -> None:
    """Delete previews that nobody confirmed, and what rows said that nobody repaired."""
    with work.database.writing() as session:
        removed = forget_old(session, work.now())
        if removed:
            deed = Deed(
                action="suppliers.manage", verb="removed", who=by_job("forget_imports"), details={"count": removed}
            )
            record(session, Keys.of(work.settings), deed, work.now())
            log("imports_forgotten", number=removed)


def work_on(session: Session, import_id: uuid.UUID, settings: Settings, now: datetime) -> tuple[int, int] | None:
    """Work on the next rows. Returns how many of how many good rows are done; None when there is nothing left to do."""
    wanted = select(SupplierImport).where(SupplierImport.id == import_id).with_for_update()
    whole = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if whole is None or whole.state not in {State.CONFIRMED, State.RUNNING}:
        return None
    buyer = lock(session, whole.buyer_id)  # two imports of one buyer do not ask the same supplier
    rows = rows_of(session, import_id, [Outcome.WAITING], most=AT_ONCE)
    if buyer is None or not rows:
        whole.state, whole.ended_at = State.DONE, now
        return None
    whole.state = State.RUNNING
    step = _Step(session, whole, settings, now, whole.asks and may_write(session, buyer, settings, date_at(now)))
    for row in rows:
        _settle(step, row)
    session.flush()
    erase_after_commit(session)
    deed = Deed(
        action="suppliers.manage",
        verb="invited" if step.asks else "added",
        who=by_job(WORKING),
        organisation_id=whole.buyer_id,
        details={"count": len(rows)},
    )
    counts = count_rows(session, whole)
    record(session, Keys.of(settings), deed, now)
    return counts.worked, counts.worked + counts.of(Outcome.WAITING)


def _settle(step: _Step, row: SupplierImportRow) -> None:
    """Put one supplier on the list, ask it if it is to be asked, and mark the row."""
    details, due = from_values(row.values)
    supplier, is_new = place(step.session, step.whole.buyer_id, details, step.now, by=step.whole.by_person)
    row.supplier_id = supplier.id
    row.outcome = _ask(step, supplier, details.sector, due or step.whole.due)
    if row.outcome is Outcome.ON_LIST and is_new:
        row.outcome = Outcome.ADDED
    if row.outcome is not Outcome.NO_ADDRESS:
        row.values = {}


def _ask(step: _Step, supplier: Supplier, sector: str | None, due: date | None) -> Outcome:
    """Ask this supplier unless something speaks against it. Returns what became of it."""
    session = step.session
    sector = sector or supplier.sector
    if supplier.archived_at is not None:
        return Outcome.TAKEN_OFF
    if not step.asks or sector is None or due is None:
        return Outcome.ON_LIST
    if any(living(session, one.id) for one in shown_as_one(session, supplier)):
        return Outcome.ALREADY_ASKED
    if not supplier.email:
        return Outcome.NO_ADDRESS
    if is_stopped(session, supplier.buyer_id, supplier.email, step.settings.honoured_keys):
        return Outcome.MAIL_STOPPED
    whole = step.whole
    send_on = first_day(sector, date_at(step.now), at_once=whole.in_busy_season)
    ask = Ask(sector, whole.quick, due, whole.message, send_on)
    invite(session, supplier, ask, step.settings, step.now, by=whole.by_person)
    return Outcome.ASKED

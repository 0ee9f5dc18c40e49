"""Ordering a file, stopping it, going on with it and deleting it. Its job is ordered in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from assess.kit.db import erase_after_commit
from assess.kit.jobs.ordering import LONG, defer, latest_with_key
from assess.plans.printing.standing import Standing, standing_of_job
from assess.portfolio.board.filters import Filter
from assess.portfolio.files.choosing import plans_for, rows_of, rows_of_picked
from assess.portfolio.files.models import FileKind, FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.portfolio.files.wanted import Wanted, of_picked

MAKE = "make_portfolio_file"
"""The name of the job."""

KEPT = timedelta(days=7)
"""For how long a file can be downloaded, from when it was finished."""

RANK = LONG + 5
"""Behind every single plan that somebody waits for, before what nobody waits for yet."""


class NothingSharedError(Exception):
    """None of these suppliers shares a plan with the buyer, nor ever did."""


class NobodyFitsError(Exception):
    """No supplier on the list fits."""


def order_bundle(
    session: Session,
    buyer_id: uuid.UUID,
    filter_: Filter,
    now: datetime,
    *,
    by: uuid.UUID | None,
    picked: Sequence[uuid.UUID] = (),
) -> PortfolioFile:
    """Order the plans of the suppliers that fit, or of those picked. The same bundle is never under way twice.

    Raises:
        NobodyFitsError, NothingSharedError
    """
    if picked:
        rows = rows_of_picked(session, buyer_id, picked)
        wanted = of_picked(rows)
    else:
        rows = rows_of(session, buyer_id, filter_, now)
        wanted = Wanted(filter_)
    if not rows:
        raise NobodyFitsError
    found = _under_way(session, buyer_id, FileKind.BUNDLE, wanted)
    if found is not None:
        return found
    plans = list(plans_for(session, buyer_id, rows, now))
    if not any(plan.state is PlanState.WAITING for plan in plans):
        raise NothingSharedError
    made = _new(buyer_id, FileKind.BUNDLE, wanted, now, by)
    made.total = len(plans)
    made.done = sum(plan.state is not PlanState.WAITING for plan in plans)
    session.add(made)
    session.flush()
    values = [
        {
            "file_id": made.id,
            "number": number,
            "supplier_id": plan.supplier_id,
            "grant_id": plan.grant_id,
            "state": plan.state,
            "tries": 0,
        }
        for number, plan in enumerate(plans, 1)
    ]
    session.execute(insert(PortfolioFilePlan), values)
    order_part(session, made, now)
    return made


def order_sheet(
    session: Session, buyer_id: uuid.UUID, kind: FileKind, filter_: Filter, now: datetime, *, by: uuid.UUID | None
) -> PortfolioFile:
    """Order the board as a spreadsheet. The same one is never under way twice.

    Raises:
        NobodyFitsError: when it would be empty.
    """
    if not rows_of(session, buyer_id, filter_, now):
        raise NobodyFitsError
    wanted = Wanted(filter_)
    found = _under_way(session, buyer_id, kind, wanted)
    if found is not None:
        return found
    made = _new(buyer_id, kind, wanted, now, by)
    made.total = 1
    session.add(made)
    session.flush()
    order_part(session, made, now)
    return made


def order_part(session: Session, file: PortfolioFile, now: datetime, after: timedelta | None = None) -> None:
    """Order the job of the part that counts now."""
    session.flush()
    defer(
        session,
        MAKE,
        key=_key(file),
        after=after,
        rank=RANK,
        now=now,
        file_id=file.id.hex,
        part=file.part,
    )


def files_of(session: Session, buyer_id: uuid.UUID, now: datetime) -> Sequence[PortfolioFile]:
    """What was ordered and is not over, the newest first."""
    wanted = select(PortfolioFile).where(PortfolioFile.buyer_id == buyer_id, PortfolioFile.until > now)
    return session.scalars(wanted.order_by(PortfolioFile.ordered_at.desc(), PortfolioFile.id)).all()


def file_of(
    session: Session, buyer_id: uuid.UUID, file_id: uuid.UUID, now: datetime, *, locked: bool = False
) -> PortfolioFile | None:
    """This file of this buyer; None when there is none, or its time is over."""
    found = session.get(PortfolioFile, file_id, with_for_update=True if locked else None, populate_existing=locked)
    return None if found is None or found.buyer_id != buyer_id or found.until <= now else found


def standing(session: Session, file: PortfolioFile, now: datetime) -> Standing:
    """How it stands with the job of a file that is ordered. A job that nobody knows of any more was given up."""
    if file.state is not FileState.ORDERED:
        return Standing.READY
    found = standing_of_job(latest_with_key(session, _key(file)), now)
    return Standing.GIVEN_UP if found is Standing.NOT_ORDERED else found


def stop(file: PortfolioFile) -> None:
    """Stop it. What is printed stays printed. Of one that is not under way nothing changes."""
    if file.state is FileState.ORDERED:
        file.state = FileState.STOPPED


def go_on(session: Session, file: PortfolioFile, now: datetime) -> None:
    """Take it up again: what was stopped or given up goes on where it was, a spreadsheet is made anew, failed plans are tried again."""
    failed = (PortfolioFilePlan.file_id == file.id, PortfolioFilePlan.state == PlanState.FAILED)
    number = session.scalar(select(func.count()).select_from(PortfolioFilePlan).where(*failed)) or 0
    under_way = file.state is FileState.ORDERED and standing(session, file, now) is not Standing.GIVEN_UP
    if under_way or (file.state is FileState.READY and not number):
        return
    session.execute(update(PortfolioFilePlan).where(*failed).values(state=PlanState.WAITING, tries=0))
    file.state, file.part, file.done = FileState.ORDERED, file.part + 1, file.done - number
    if file.kind is not FileKind.BUNDLE:
        file.done = 0
    file.began_at, file.ready_at, file.content, file.size = None, None, None, None
    file.until = now + KEPT
    order_part(session, file, now)


def remove(session: Session, file: PortfolioFile) -> None:
    """Delete it, and overwrite what it held."""
    session.execute(delete(PortfolioFile).where(PortfolioFile.id == file.id))
    erase_after_commit(session)


def forget_old(session: Session, now: datetime) -> int:
    """Delete what is over. Returns how many."""
    old = session.scalars(select(PortfolioFile.id).where(PortfolioFile.until <= now)).all()
    if old:
        session.execute(delete(PortfolioFile).where(PortfolioFile.id.in_(old)))
        erase_after_commit(session)
    return len(old)


def _under_way(session: Session, buyer_id: uuid.UUID, kind: FileKind, wanted: Wanted) -> PortfolioFile | None:
    query = select(PortfolioFile).where(
        PortfolioFile.buyer_id == buyer_id, PortfolioFile.kind == kind, PortfolioFile.state == FileState.ORDERED
    )
    return next((one for one in session.scalars(query) if one.wanted == wanted.data), None)


def _new(buyer_id: uuid.UUID, kind: FileKind, wanted: Wanted, now: datetime, by: uuid.UUID | None) -> PortfolioFile:
    return PortfolioFile(
        id=uuid.uuid4(),
        buyer_id=buyer_id,
        by_person=by,
        kind=kind,
        wanted=wanted.data,
        state=FileState.ORDERED,
        part=1,
        done=0,
        total=0,
        ordered_at=now,
        done_before=0,
        until=now + KEPT,
    )


def _key(file: PortfolioFile) -> str:
    return f"{MAKE} {file.id.hex} {file.part}"

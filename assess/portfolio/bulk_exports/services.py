"""Export files: order, choose suppliers and plans, status in words, stop, resume, delete."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from assess.core.db import JsonDict, erase_after_commit
from assess.core.documents.services import PdfStatus, pdf_status_of_job
from assess.core.jobs.services import ORDER_LONG, enqueue, latest_job_with_key
from assess.portfolio.board import columns
from assess.portfolio.board.columns import BoardFilter, BoardOrder, CurrentColumns, filter_from_query
from assess.portfolio.board.services import filter_conditions
from assess.portfolio.models import BoardRow, FileKind, FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.sharing.models import ShareGrant
from assess.sharing.viewing import shows_latest_submission
from assess.suppliers.models import InvitationStatus, Supplier

EXPORT_JOB = "make_portfolio_file"

FILE_RETENTION = timedelta(days=7)
"""For how long a file can be downloaded, from when it was finished."""

EXPORT_QUEUE_ORDER = ORDER_LONG + 5
"""Behind every single plan that a person waits for, before what nobody waits for yet."""


class NothingSharedError(Exception):
    """None of these suppliers shares a plan with the buyer, nor ever did."""


class NoSupplierMatchesError(Exception):
    """No supplier on the list fits."""


def order_bundle(
    session: Session,
    buyer_id: uuid.UUID,
    filter_: BoardFilter,
    now: datetime,
    *,
    by: uuid.UUID | None,
    picked: Sequence[uuid.UUID] = (),
) -> PortfolioFile:
    """The same bundle is never under way twice. Raises NoSupplierMatchesError, NothingSharedError."""
    if picked:
        rows = list_picked_suppliers(session, buyer_id, picked)
        wanted = export_request_for_picked(rows)
    else:
        rows = list_matching_suppliers(session, buyer_id, filter_, now)
        wanted = ExportRequest(filter_)
    if not rows:
        raise NoSupplierMatchesError
    found = _find_in_progress(session, buyer_id, FileKind.BUNDLE, wanted)
    if found is not None:
        return found
    plans = list(choose_plans(session, buyer_id, rows, now))
    if not any(plan.state is PlanState.WAITING for plan in plans):
        raise NothingSharedError
    made = _new_file(buyer_id, FileKind.BUNDLE, wanted, now, by)
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
    enqueue_part(session, made, now)
    return made


def order_spreadsheet(
    session: Session, buyer_id: uuid.UUID, kind: FileKind, filter_: BoardFilter, now: datetime, *, by: uuid.UUID | None
) -> PortfolioFile:
    """The same one is never under way twice. Raises NoSupplierMatchesError when it would be empty."""
    if not list_matching_suppliers(session, buyer_id, filter_, now):
        raise NoSupplierMatchesError
    wanted = ExportRequest(filter_)
    found = _find_in_progress(session, buyer_id, kind, wanted)
    if found is not None:
        return found
    made = _new_file(buyer_id, kind, wanted, now, by)
    made.total = 1
    session.add(made)
    session.flush()
    enqueue_part(session, made, now)
    return made


def enqueue_part(session: Session, file: PortfolioFile, now: datetime, after: timedelta | None = None) -> None:
    session.flush()
    enqueue(
        session,
        EXPORT_JOB,
        key=_job_key(file),
        after=after,
        rank=EXPORT_QUEUE_ORDER,
        now=now,
        file_id=file.id.hex,
        part=file.part,
    )


def list_files(session: Session, buyer_id: uuid.UUID, now: datetime) -> Sequence[PortfolioFile]:
    """What was ordered and is not over, the newest first."""
    wanted = select(PortfolioFile).where(PortfolioFile.buyer_id == buyer_id, PortfolioFile.until > now)
    return session.scalars(wanted.order_by(PortfolioFile.ordered_at.desc(), PortfolioFile.id)).all()


def get_file(
    session: Session, buyer_id: uuid.UUID, file_id: uuid.UUID, now: datetime, *, locked: bool = False
) -> PortfolioFile | None:
    """This file of this buyer; None when there is none, or its time is over."""
    found = session.get(PortfolioFile, file_id, with_for_update=True if locked else None, populate_existing=locked)
    return None if found is None or found.buyer_id != buyer_id or found.until <= now else found


def get_file_status(session: Session, file: PortfolioFile, now: datetime) -> PdfStatus:
    """How it stands with the job of a file that is ordered. A job that nobody knows of any more was given up."""
    if file.state is not FileState.ORDERED:
        return PdfStatus.READY
    found = pdf_status_of_job(latest_job_with_key(session, _job_key(file)), now)
    return PdfStatus.GIVEN_UP if found is PdfStatus.NOT_ORDERED else found


def stop_file(file: PortfolioFile) -> None:
    """Stop it. What is printed stays printed. Of one that is not under way nothing changes."""
    if file.state is FileState.ORDERED:
        file.state = FileState.STOPPED


def resume_file(session: Session, file: PortfolioFile, now: datetime) -> None:
    """Take it up again: what was stopped or given up goes on where it was, a spreadsheet is made anew, failed plans are tried again."""
    failed = (PortfolioFilePlan.file_id == file.id, PortfolioFilePlan.state == PlanState.FAILED)
    number = session.scalar(select(func.count()).select_from(PortfolioFilePlan).where(*failed)) or 0
    under_way = file.state is FileState.ORDERED and get_file_status(session, file, now) is not PdfStatus.GIVEN_UP
    if under_way or (file.state is FileState.READY and not number):
        return
    session.execute(update(PortfolioFilePlan).where(*failed).values(state=PlanState.WAITING, tries=0))
    file.state, file.part, file.done = FileState.ORDERED, file.part + 1, file.done - number
    if file.kind is not FileKind.BUNDLE:
        file.done = 0
    file.began_at, file.ready_at, file.content, file.size = None, None, None, None
    file.until = now + FILE_RETENTION
    enqueue_part(session, file, now)


def delete_file(session: Session, file: PortfolioFile) -> None:
    """Delete it, and overwrite what it held."""
    session.execute(delete(PortfolioFile).where(PortfolioFile.id == file.id))
    erase_after_commit(session)


def delete_expired_files(session: Session, now: datetime) -> int:
    old = session.scalars(select(PortfolioFile.id).where(PortfolioFile.until <= now)).all()
    if old:
        session.execute(delete(PortfolioFile).where(PortfolioFile.id.in_(old)))
        erase_after_commit(session)
    return len(old)


def _find_in_progress(
    session: Session, buyer_id: uuid.UUID, kind: FileKind, wanted: ExportRequest
) -> PortfolioFile | None:
    query = select(PortfolioFile).where(
        PortfolioFile.buyer_id == buyer_id, PortfolioFile.kind == kind, PortfolioFile.state == FileState.ORDERED
    )
    return next((one for one in session.scalars(query) if one.wanted == wanted.data), None)


def _new_file(
    buyer_id: uuid.UUID, kind: FileKind, wanted: ExportRequest, now: datetime, by: uuid.UUID | None
) -> PortfolioFile:
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
        until=now + FILE_RETENTION,
    )


def _job_key(file: PortfolioFile) -> str:
    return f"{EXPORT_JOB} {file.id.hex} {file.part}"


IDS_PER_QUERY = 400


@dataclass(frozen=True, slots=True)
class ChosenPlan:
    """One plan for a bundle. `grant_id` is None where nothing is left of what was shared."""

    supplier_id: uuid.UUID
    grant_id: uuid.UUID | None
    state: PlanState


@dataclass(frozen=True, slots=True)
class _KnownShare:
    id: uuid.UUID
    supplier_id: uuid.UUID
    submission_id: int
    frozen_at: datetime
    over: bool
    newest: bool


def list_matching_suppliers(
    session: Session, buyer_id: uuid.UUID, filter_: BoardFilter, now: datetime
) -> Sequence[uuid.UUID]:
    """The suppliers that the board finds by this filter at this moment, by name. Entries that were put together stand there once."""
    query = select(BoardRow.supplier_id).where(*filter_conditions(buyer_id, filter_, CurrentColumns(now)))
    return session.scalars(query.order_by(BoardRow.sort_name, BoardRow.supplier_id)).all()


def list_picked_suppliers(session: Session, buyer_id: uuid.UUID, picked: Sequence[uuid.UUID]) -> Sequence[uuid.UUID]:
    """The same for suppliers that were picked. Another buyer's are left out, as if there were none."""
    stands = func.coalesce(Supplier.merged_into, Supplier.id)
    roots: set[uuid.UUID] = set()
    for ids in _batches(picked):
        roots.update(session.scalars(select(stands).where(Supplier.buyer_id == buyer_id, Supplier.id.in_(ids))))
    rows = (
        select(BoardRow.supplier_id, stands)
        .join(Supplier, Supplier.id == BoardRow.supplier_id)
        .where(BoardRow.buyer_id == buyer_id)
        .order_by(BoardRow.sort_name, BoardRow.supplier_id)
    )
    return [supplier_id for supplier_id, root in session.execute(rows) if root in roots]


def choose_plans(
    session: Session, buyer_id: uuid.UUID, rows: Sequence[uuid.UUID], now: datetime
) -> Iterator[ChosenPlan]:
    """What these suppliers share with the buyer, in the order of the rows: each submission once, as it was shared last.

    Of a supplier that shared and does not any more there is one entry that says why.
    """
    for ids in _batches(rows):
        parts = _merged_entries(session, buyer_id, ids)
        shares = _shares_of(session, buyer_id, [part for own in parts.values() for part in own], now)
        over = set(
            session.scalars(
                select(BoardRow.supplier_id).where(
                    BoardRow.supplier_id.in_(ids),
                    BoardRow.status.in_([InvitationStatus.SHARED, InvitationStatus.SHARE_OVER]),
                )
            )
        )
        for supplier_id in ids:
            known = [share for part in parts.get(supplier_id, ()) for share in shares.get(part, ())]
            known.sort(key=lambda one: (one.frozen_at, one.id))
            # sorted by time: of two shares of one submission the later one stays
            living = {one.submission_id: one for one in known if one.newest and not one.over}
            for one in reversed(living.values()):
                yield ChosenPlan(one.supplier_id, one.id, PlanState.WAITING)
            if living or not (known or supplier_id in over):
                continue
            again = any(not one.over for one in known)  # still shared, but answered anew since
            yield ChosenPlan(supplier_id, None, PlanState.ANSWERED_AGAIN if again else PlanState.OVER)


def get_share_states(session: Session, buyer_id: uuid.UUID, *, locked: bool = False) -> list[JsonDict]:
    """What tells whether anything shared with this buyer has changed: each share with its moments. `locked`: and hold them so."""
    filter_ = (
        select(
            ShareGrant.id,
            ShareGrant.frozen_at,
            ShareGrant.until,
            ShareGrant.ended_at,
            ShareGrant.scope,
            shows_latest_submission().label("newest"),
        )
        .where(ShareGrant.organisation_id == buyer_id)
        .order_by(ShareGrant.id)
    )
    return [dict(row) for row in session.execute(filter_.with_for_update(read=True) if locked else filter_).mappings()]


def _merged_entries(
    session: Session, buyer_id: uuid.UUID, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[uuid.UUID]]:
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
) -> dict[uuid.UUID, list[_KnownShare]]:
    """All that these entries ever shared with the buyer and did not delete."""
    found: dict[uuid.UUID, list[_KnownShare]] = {}
    for some in _batches(parts):
        filter_ = select(
            ShareGrant.id,
            ShareGrant.supplier_id,
            ShareGrant.submission_id,
            ShareGrant.frozen_at,
            ShareGrant.ended_at,
            ShareGrant.until,
            shows_latest_submission(),
        ).where(
            ShareGrant.supplier_id.in_(some),
            ShareGrant.organisation_id == buyer_id,
            ShareGrant.accepted_at.is_not(None),
        )
        for key, supplier_id, submission_id, frozen_at, ended_at, until, newest in session.execute(filter_):
            over = ended_at is not None or until <= now
            if supplier_id is not None:
                known = _KnownShare(key, supplier_id, submission_id, frozen_at, over, bool(newest))
                found.setdefault(supplier_id, []).append(known)
    return found


def _batches(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    for begin in range(0, len(ids), IDS_PER_QUERY):
        yield ids[begin : begin + IDS_PER_QUERY]


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """`picked`: how many were picked, 0 where the filter counts; `mark` tells one such choice from another."""

    filter: BoardFilter = field(default_factory=BoardFilter)
    picked: int = 0
    mark: str = ""

    @property
    def data(self) -> JsonDict:
        """It as it is stored. How the board was sorted is left out: it changes nothing in a file."""
        if self.picked:
            return {"picked": self.picked, "mark": self.mark}
        return {"query": self.filter.sorted_by(BoardOrder.NAME).query}

    @property
    def sentences(self) -> list[str]:
        if self.picked:
            return [f"{self.picked} {'supplier' if self.picked == 1 else 'suppliers'} that you picked."]
        return columns.describe_filter(self.filter)


def export_request_from_json(data: JsonDict) -> ExportRequest:
    return ExportRequest(filter_from_query(data.get("query", "")), data.get("picked", 0), data.get("mark", ""))


def export_request_for_picked(ids: Sequence[uuid.UUID]) -> ExportRequest:
    mark = hashlib.sha256(b"".join(sorted(one.bytes for one in ids))).hexdigest()[:32]
    return ExportRequest(picked=len(ids), mark=mark)


FILE_KIND_LABELS: Mapping[FileKind, str] = {
    FileKind.BUNDLE: "All plans, as one ZIP file",
    FileKind.CSV: "The list of suppliers, as CSV",
    FileKind.XLSX: "The list of suppliers, as a spreadsheet (XLSX)",
}

MISSING_PLAN_REASONS: Mapping[PlanState, str] = {
    PlanState.OVER: "it is no longer shared with you",
    PlanState.ANSWERED_AGAIN: "the business has answered again since it shared: ask it to share its new plan",
    PlanState.FAILED: "it could not be printed",
    PlanState.WAITING: "it was not printed",
    PlanState.THERE: "it is another copy now than when it was printed: order the plans again",
}
"""Why a plan is not in a bundle. What is there can be missing only if its file has changed since."""

_MINUTE = 60
_MIN_PLANS_TO_ESTIMATE = 3
"""From so many plans on there is something to judge the rest by."""


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """`done` of `total`; `done_before` were done when the work at hand began, `spent` ago."""

    done: int
    total: int
    done_before: int
    spent: timedelta | None


def describe_progress(kind: FileKind, far: ExportProgress) -> str:
    """“142 of 300 plans printed, about 4 minutes left”."""
    if kind is not FileKind.BUNDLE:
        return "The spreadsheet is being made."
    left = time_left(far)
    plans = "plan" if far.total == 1 else "plans"
    return f"{far.done} of {far.total} {plans} printed{f', {left} left' if left else ''}."


def time_left(far: ExportProgress) -> str | None:
    """About how long it still takes, judged by how long it took so far; None while nobody can tell."""
    new = far.done - far.done_before
    if far.spent is None or new < _MIN_PLANS_TO_ESTIMATE or far.done >= far.total:
        return None
    seconds = far.spent.total_seconds() / new * (far.total - far.done)
    if seconds < _MINUTE:
        return "less than a minute"
    minutes = round(seconds / _MINUTE)
    if minutes < 2 * _MINUTE:
        return "about a minute" if minutes == 1 else f"about {minutes} minutes"
    return f"about {round(minutes / _MINUTE)} hours"


def format_file_size(size: int | None) -> str:
    """“3.4 MB”; empty for nothing."""
    if not size:
        return ""
    kilobytes = size / 1000
    return f"{max(1, round(kilobytes))} kB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"  # noqa: PLR2004  # 1000 kB are 1 MB

"""Jobs that print the plans of a bundle in short parts, and the ZIP that is streamed on download. Each plan is checked again before it is sent."""

from __future__ import annotations

import re
import time
import unicodedata
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.clock import Clock, uk_date
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.documents.printing import PdfRendererBusyError, PdfRenderError, render_pdf
from assess.core.documents.services import Drawing, PrintableDocument, load_document
from assess.core.encryption import plain_length
from assess.core.exports import ZipBuffer, csv_file, write_zip_entry
from assess.core.jobs.services import JobContext
from assess.core.logs import log
from assess.core.models import StoredPdf
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation
from assess.portfolio.bulk_exports.services import (
    EXPORT_JOB,
    FILE_RETENTION,
    MISSING_PLAN_REASONS,
    delete_expired_files,
    enqueue_part,
    export_request_from_json,
    get_share_states,
)
from assess.portfolio.bulk_exports.tables import build_tables, save_included_shares, tables_to_csv, tables_to_xlsx
from assess.portfolio.models import FileKind, FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.sharing.models import ShareGrant, ShareViewKind
from assess.sharing.services import is_live
from assess.sharing.viewing import copy_valid_until, find_permitted_share, is_latest_submission, log_share_views
from assess.suppliers.models import Supplier

PART_SECONDS = 20
"""After so many seconds the next plan belongs to the next part."""
BUSY_RETRY_DELAY = timedelta(seconds=10)
_MAX_ATTEMPTS = 4


class BoardChangedError(Exception):
    """Something that is shared changed each time a spreadsheet was to be kept."""


def make_export_part(context: JobContext, *, file_id: str, part: int) -> None:
    """Do one part of a file, and order the next one if it is not finished. A part that is over does nothing.

    Raises:
        PdfRendererUnavailableError: something is missing on this machine; the job is tried again.
        BoardChangedError: the same.
    """
    this = ExportPart(uuid.UUID(hex=file_id), part)
    kind = _start_part(context, this)
    if kind is FileKind.BUNDLE:
        _print_plans(context, this)
    elif kind is not None:
        _make_spreadsheet(context, this)


def delete_expired_exports(context: JobContext) -> None:
    with context.database.writing() as session:
        removed = delete_expired_files(session, context.now())
        if removed:
            who = job_actor("forget_portfolio_files")
            event = NewAuditEvent(action="suppliers.manage", verb="removed", who=who, details={"count": removed})
            append_event(session, AuditKeys.of(context.settings), event, context.now())


def _start_part(context: JobContext, part: ExportPart) -> FileKind | None:
    with context.database.writing() as session:
        file = session.get(PortfolioFile, part.file_id, with_for_update=True)
        if file is None or not part.lives(file):
            return None
        if file.began_at is None:  # later parts go on with the clock of the first
            file.began_at, file.done_before = context.now(), file.done
        return file.kind


def _print_plans(context: JobContext, part: ExportPart) -> None:
    until = time.monotonic() + PART_SECONDS
    while time.monotonic() < until:
        try:
            step = process_next_plan(context.database, part, context.now)
        except PdfRendererBusyError:
            return _enqueue_next_part(context, part, BUSY_RETRY_DELAY)
        if step is None:
            return _finish_bundle(context, part)
        if step.printed:  # the others take no time, and each note is one more writer
            context.progress(step.done, step.total)
    return _enqueue_next_part(context, part, None)


def _enqueue_next_part(context: JobContext, part: ExportPart, after: timedelta | None) -> None:
    with context.database.writing() as session:
        file = session.get(PortfolioFile, part.file_id, with_for_update=True)
        if file is not None and part.lives(file):
            file.part += 1
            enqueue_part(session, file, context.now(), after)


def _finish_bundle(context: JobContext, part: ExportPart) -> None:
    with context.database.writing() as session:
        file = session.get(PortfolioFile, part.file_id, with_for_update=True)
        if file is None or not part.lives(file):
            return
        sizes = (
            select(func.sum(plain_length(StoredPdf.content)))
            .join(PortfolioFilePlan, PortfolioFilePlan.grant_id == StoredPdf.grant_id)
            .where(PortfolioFilePlan.file_id == file.id, PortfolioFilePlan.state == PlanState.THERE)
        )
        _mark_ready(
            session, file, session.scalar(sizes) or 0, context.now() + FILE_RETENTION, context.settings, context.now()
        )


def _make_spreadsheet(context: JobContext, part: ExportPart) -> None:
    """What was read is kept only if nothing of what is shared has changed meanwhile."""
    for _round in range(_MAX_ATTEMPTS):
        with context.database.reading() as session:
            file = session.get(PortfolioFile, part.file_id)
            if file is None or not part.lives(file):
                return
            marks = get_share_states(session, file.buyer_id)
            tables = build_tables(session, file.buyer_id, export_request_from_json(file.wanted).filter, context.now())
        content = tables_to_csv(tables) if file.kind is FileKind.CSV else tables_to_xlsx(tables)
        with context.database.writing() as session:
            # a share ended while it was read must not stand in the file
            if get_share_states(session, file.buyer_id, locked=True) != marks:
                continue
            stored = session.get(PortfolioFile, part.file_id, with_for_update=True)
            if stored is None or not part.lives(stored):
                return
            stored.content, stored.done = content, 1
            save_included_shares(session, stored, tables.included)
            until = min(context.now() + FILE_RETENTION, tables.shown_until or context.now() + FILE_RETENTION)
            _mark_ready(session, stored, len(content), until, context.settings, context.now())
            return
    raise BoardChangedError


def _mark_ready(
    session: Session, file: PortfolioFile, size: int, until: datetime, settings: Settings, now: datetime
) -> None:
    file.state, file.ready_at, file.size, file.until = FileState.READY, now, size, until
    event = NewAuditEvent(
        action="suppliers.read",
        verb="made",
        who=job_actor(EXPORT_JOB),
        about=("file", file.id),
        organisation_id=file.buyer_id,
        details={"count": file.done},
    )
    append_event(session, AuditKeys.of(settings), event, now)


PLANS_PER_TRANSACTION = 10
"""So many views are written in one transaction, just before their plans are sent."""

INDEX_FILE, READ_ME_FILE = "index.csv", "READ-ME.txt"
_INDEX_COLUMNS = ("File", "Supplier", "Your reference", "Shared on", "Counts until")


@dataclass(frozen=True, slots=True)
class _BundleItem:
    number: int
    supplier: str
    reference: str
    grant_id: uuid.UUID | None
    state: PlanState


def stream_bundle(database: Database, file_id: uuid.UUID, who: CurrentUser, clock: Clock) -> Iterator[bytes]:
    """The ZIP, part by part, for a caller whose access was checked. What is over or was changed meanwhile is left out, and told at the end."""
    sink = ZipBuffer()
    with database.reading() as session:
        file = session.get(PortfolioFile, file_id)
        if file is None:
            return
        buyer = session.get(Organisation, file.buyer_id)
        listed = _list_bundle_items(session, file_id)
    index: list[tuple[str, ...]] = []
    missing: list[tuple[str, PlanState]] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for begin in range(0, len(listed), PLANS_PER_TRANSACTION):
            some = listed[begin : begin + PLANS_PER_TRANSACTION]
            # before they are sent: a look that is not written down must not happen
            _log_views(database, file.buyer_id, some, who, clock())
            for one in some:
                entry = _read_plan(database, file.buyer_id, one, who, clock())
                if isinstance(entry, PlanState):
                    missing.append((one.supplier, entry))
                    continue
                index.append(entry.row)
                write_zip_entry(archive, entry.row[0], entry.content, clock(), zipfile.ZIP_STORED)
                del entry  # the next one is read only when this one is sent
                yield sink.take()
        write_zip_entry(archive, INDEX_FILE, csv_file(_INDEX_COLUMNS, index), clock())
        words = _read_me_text(buyer.name if buyer else "", file, len(index), missing, clock())
        write_zip_entry(archive, READ_ME_FILE, words, clock())
    yield sink.take()


@dataclass(frozen=True, slots=True)
class _ZipEntry:
    row: tuple[str, ...]
    content: bytes


def _list_bundle_items(session: Session, file_id: uuid.UUID) -> Sequence[_BundleItem]:
    wanted = (
        select(
            PortfolioFilePlan.number,
            Supplier.name,
            Supplier.reference,
            PortfolioFilePlan.grant_id,
            PortfolioFilePlan.state,
        )
        .join(Supplier, Supplier.id == PortfolioFilePlan.supplier_id)
        .where(PortfolioFilePlan.file_id == file_id)
        .order_by(PortfolioFilePlan.number)
    )
    return [_BundleItem(*row) for row in session.execute(wanted)]


def _log_views(
    database: Database, buyer_id: uuid.UUID, some: Sequence[_BundleItem], who: CurrentUser, now: datetime
) -> None:
    wanted = [one.grant_id for one in some if one.grant_id is not None and one.state is PlanState.THERE]
    if not wanted:
        return
    with database.writing() as session:
        for grant_id in wanted:
            grant = find_permitted_share(session, who, grant_id, now)
            if grant is not None and _is_available(session, buyer_id, grant_id, now):
                log_share_views(session, [grant], who, ShareViewKind.FILE, now)


def _is_available(session: Session, buyer_id: uuid.UUID, grant_id: uuid.UUID, now: datetime) -> bool:
    shown = get_plan_state(session, buyer_id, grant_id, now) is PlanState.WAITING
    document = load_document(session, "share", grant_id, now) if shown else None
    return document is not None and document.is_stored(session)


def _read_plan(
    database: Database, buyer_id: uuid.UUID, one: _BundleItem, who: CurrentUser, now: datetime
) -> _ZipEntry | PlanState:
    if one.state is not PlanState.THERE or one.grant_id is None:
        return PlanState.OVER if one.state is PlanState.THERE else one.state
    with database.reading() as session:
        found = get_plan_state(session, buyer_id, one.grant_id, now)
        if found is not PlanState.WAITING:
            return found
        grant: ShareGrant | None = find_permitted_share(session, who, one.grant_id, now)
        if grant is None:
            return PlanState.OVER
        document = load_document(session, "share", one.grant_id, now)
        kept = document.file(session) if document else None
        if kept is None:
            return PlanState.THERE
        day = uk_date(grant.frozen_at)
        name = plan_file_name(one.number, one.supplier, day)
        return _ZipEntry((name, one.supplier, one.reference, day.isoformat(), copy_valid_until(grant)), kept.content)


def _read_me_text(
    buyer: str, file: PortfolioFile, count: int, missing: Sequence[tuple[str, PlanState]], now: datetime
) -> bytes:
    lines = [
        f"Plans that suppliers of {buyer} share with it, as of {uk_date(now).isoformat()}.",
        *export_request_from_json(file.wanted).sentences,
        "",
        f"In this file: {count} {'plan' if count == 1 else 'plans'} (PDF), and index.csv, which says whose each is.",
        "The businesses’ own answers; not a finding; not for selection or exclusion.",
        "Each plan says until when it counts. A business can end what it shares on any day.",
        "",
        "Keep it safe: only those should read it who need it for their work. Delete it when you have used it.",
        "If something is wrong at a supplier: stay and help fix it. Leaving can make it worse for the people who work there.",
    ]
    if missing:
        lines += ["", "Not in this file:", *(f"- {name}: {MISSING_PLAN_REASONS[state]}." for name, state in missing)]
    return "\r\n".join([*lines, ""]).encode()


MAX_TRIES = 3
"""A plan that fails so often is left out and said to be."""


@dataclass(frozen=True, slots=True)
class ExportPart:
    """One part of the work on a file: whatever has another number by now is not this one's business."""

    file_id: uuid.UUID
    number: int

    def lives(self, file: PortfolioFile | None) -> bool:
        return file is not None and file.state is FileState.ORDERED and file.part == self.number


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far it is after one plan. `printed`: the PDF renderer was at work."""

    done: int
    total: int
    printed: bool


def get_plan_state(session: Session, buyer_id: uuid.UUID, grant_id: uuid.UUID | None, now: datetime) -> PlanState:
    """How it stands with a share at this moment: over, answered again since, or (waiting) to be shown."""
    grant = None if grant_id is None else session.get(ShareGrant, grant_id)
    if grant is None or grant.accepted_at is None or grant.organisation_id != buyer_id or not is_live(grant, now):
        return PlanState.OVER
    return PlanState.WAITING if is_latest_submission(session, grant) else PlanState.ANSWERED_AGAIN


def process_next_plan(database: Database, part: ExportPart, clock: Clock) -> PlanProgress | None:
    """None: no plan waits, or the part is over. Raises PdfRendererBusyError, PdfRendererUnavailableError: nothing changed."""
    with database.reading() as session:
        file = session.get(PortfolioFile, part.file_id)
        if file is None or not part.lives(file):
            return None
        plan = session.scalars(
            select(PortfolioFilePlan)
            .where(PortfolioFilePlan.file_id == part.file_id, PortfolioFilePlan.state == PlanState.WAITING)
            # one that failed waits until all others were tried
            .order_by(PortfolioFilePlan.tries, PortfolioFilePlan.number)
            .limit(1)
        ).first()
        if plan is None:
            return None
        found = get_plan_state(session, file.buyer_id, plan.grant_id, clock())
        document = drawing = None
        if plan.grant_id is not None and found is PlanState.WAITING:
            document = load_document(session, "share", plan.grant_id, clock())
        if document is not None and not document.is_stored(session):
            drawing = document.spec.draw(session)
    if document is None or drawing is None:
        return _save_plan_state(database, part, plan.number, PlanState.THERE if found is PlanState.WAITING else found)
    return _print_plan(database, part, plan.number, document, drawing, clock)


def _print_plan(
    database: Database, part: ExportPart, number: int, document: PrintableDocument, drawing: Drawing, clock: Clock
) -> PlanProgress | None:
    log("plan_of_a_bundle", number=number)  # one line for each time the PDF renderer is asked
    try:
        content = render_pdf(drawing.html)
    except PdfRenderError as error:
        # the sentence is ours and holds nothing of the copy
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        return _save_plan_state(database, part, number, None)
    with database.writing() as session:
        kept = document.save(session, drawing, content, clock())
        # ended or changed while it was printed: it is looked at anew in the next round
        return _update_plan(session, part, number, PlanState.THERE if kept else PlanState.WAITING, printed=True)


def _save_plan_state(database: Database, part: ExportPart, number: int, state: PlanState | None) -> PlanProgress | None:
    with database.writing() as session:
        return _update_plan(session, part, number, state, printed=state is None)


def _update_plan(
    session: Session, part: ExportPart, number: int, state: PlanState | None, *, printed: bool
) -> PlanProgress | None:
    """Write down what became of a plan; None: a try that failed. The file is locked before the plan, as where it is deleted."""
    file = session.get(PortfolioFile, part.file_id, with_for_update=True, populate_existing=True)
    plan = session.get(PortfolioFilePlan, (part.file_id, number), with_for_update=True, populate_existing=True)
    if file is None or plan is None or not part.lives(file):
        return None
    if state is None:
        plan.tries += 1
        state = PlanState.FAILED if plan.tries >= MAX_TRIES else PlanState.WAITING
    plan.state = state
    file.done += state is not PlanState.WAITING
    return PlanProgress(file.done, file.total, printed)


MAX_STEM_LENGTH = 60
DEFAULT_STEM = "supplier"
"""For a name without any character that can be written in ASCII."""
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def plan_file_name(number: int, supplier: str, day: date) -> str:
    """“007-fen-edge-growers-2026-11-24.pdf”: the place in the bundle, the name in plain small letters, and the day.

    The number begins it, so no two are alike and none is a name that a system keeps for itself, such as CON or “..”.
    """
    plain = unicodedata.normalize("NFKD", supplier).encode("ascii", "ignore").decode().lower()
    letters = _NOT_PLAIN.sub("-", plain).strip("-")[:MAX_STEM_LENGTH].strip("-") or DEFAULT_STEM
    return f"{number:03}-{letters}-{day.isoformat()}.pdf"

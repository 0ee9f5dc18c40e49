"""The jobs that make files. A bundle is made in short parts: after each the others in the queue have their turn.

A worker may be killed at any moment. Whatever was kept stays kept, and the next one goes on with the first plan that waits.
"""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.config import Settings
from assess.kit.encryption import plain_length
from assess.kit.jobs.registry import Work
from assess.plans.printing.render import PressBusyError
from assess.plans.shares.models import ShareFile
from assess.portfolio.files.choosing import living_marks
from assess.portfolio.files.models import FileKind, FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.portfolio.files.ordering import KEPT, MAKE, forget_old, order_part
from assess.portfolio.files.plans import Part, next_plan
from assess.portfolio.files.sheets import as_csv, as_xlsx
from assess.portfolio.files.tables import tables_of
from assess.portfolio.files.taking import keep_held
from assess.portfolio.files.wanted import of_data

SECONDS_OF_A_PART = 20
"""After so many seconds the next plan belongs to the next part."""
WHEN_BUSY = timedelta(seconds=10)
"""When to come back if others keep the press busy."""
_MOST_ROUNDS = 4


class BoardMovesError(Exception):
    """Something that is shared changed each time a spreadsheet was to be kept."""


def make_file(work: Work, *, file_id: str, part: int) -> None:
    """Do one part of a file, and order the next one if it is not finished. A part that is over does nothing.

    Raises:
        PressUnfitError: something is missing on this machine; the job is tried again.
        BoardMovesError: the same.
    """
    this = Part(uuid.UUID(hex=file_id), part)
    kind = _begin(work, this)
    if kind is FileKind.BUNDLE:
        _print_for_a_while(work, this)
    elif kind is not None:
        _make_sheet(work, this)


def forget_portfolio_files(work: Work) -> None:
    """Delete the files whose time is over."""
    with work.database.writing() as session:
        removed = forget_old(session, work.now())
        if removed:
            who = by_job("forget_portfolio_files")
            deed = Deed(action="suppliers.manage", verb="removed", who=who, details={"count": removed})
            record(session, Keys.of(work.settings), deed, work.now())


def _begin(work: Work, part: Part) -> FileKind | None:
    with work.database.writing() as session:
        file = session.get(PortfolioFile, part.file_id, with_for_update=True)
        if file is None or not part.lives(file):
            return None
        if file.began_at is None:
            file.began_at, file.done_before = work.now(), file.done
        return file.kind


def _print_for_a_while(work: Work, part: Part) -> None:
    until = time.monotonic() + SECONDS_OF_A_PART
    while time.monotonic() < until:
        try:
            step = next_plan(work.database, part, work.now)
        except PressBusyError:
            return _go_on_later(work, part, WHEN_BUSY)
        if step is None:
            return _finish_bundle(work, part)
        if step.printed:  # the others take no time, and each note is one more writer
            work.progress(step.done, step.total)
    return _go_on_later(work, part, None)


def _go_on_later(work: Work, part: Part, after: timedelta | None) -> None:
    with work.database.writing() as session:
        file = session.get(PortfolioFile, part.file_id, with_for_update=True)
        if file is not None and part.lives(file):
            file.part += 1
            order_part(session, file, work.now(), after)


def _finish_bundle(work: Work, part: Part) -> None:
    """Nothing waits any more, or somebody stopped it."""
    with work.database.writing() as session:
        file = session.get(PortfolioFile, part.file_id, with_for_update=True)
        if file is None or not part.lives(file):
            return
        sizes = (
            select(func.sum(plain_length(ShareFile.content)))
            .join(PortfolioFilePlan, PortfolioFilePlan.grant_id == ShareFile.grant_id)
            .where(PortfolioFilePlan.file_id == file.id, PortfolioFilePlan.state == PlanState.THERE)
        )
        _ready(session, file, session.scalar(sizes) or 0, work.now() + KEPT, work.settings, work.now())


def _make_sheet(work: Work, part: Part) -> None:
    """What was read is kept only if nothing of what is shared has changed meanwhile."""
    for _round in range(_MOST_ROUNDS):
        with work.database.reading() as look:
            file = look.get(PortfolioFile, part.file_id)
            if file is None or not part.lives(file):
                return
            marks = living_marks(look, file.buyer_id)
            tables = tables_of(look, file.buyer_id, of_data(file.wanted).filter, work.now())
        content = as_csv(tables) if file.kind is FileKind.CSV else as_xlsx(tables)
        with work.database.writing() as session:
            if living_marks(session, file.buyer_id, locked=True) != marks:
                continue
            stored = session.get(PortfolioFile, part.file_id, with_for_update=True)
            if stored is None or not part.lives(stored):
                return
            stored.content, stored.done = content, 1
            keep_held(session, stored, tables.held)
            until = min(work.now() + KEPT, tables.shown_until or work.now() + KEPT)
            _ready(session, stored, len(content), until, work.settings, work.now())
            return
    raise BoardMovesError


def _ready(
    session: Session, file: PortfolioFile, size: int, until: datetime, settings: Settings, now: datetime
) -> None:
    file.state, file.ready_at, file.size, file.until = FileState.READY, now, size, until
    deed = Deed(
        action="suppliers.read",
        verb="made",
        who=by_job(MAKE),
        about=("file", file.id),
        organisation_id=file.buyer_id,
        details={"count": file.done},
    )
    record(session, Keys.of(settings), deed, now)

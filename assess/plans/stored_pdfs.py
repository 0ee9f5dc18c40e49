"""Stored PDFs of plans: enqueue, status, rendering in the worker process, and storage by copy and tracker state."""

from __future__ import annotations

import enum
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.services import enqueue_pdf, latest_submission_id, print_job_key, record_etag
from assess.assessments.sign_off import get_sign_off
from assess.core.clock import uk_date
from assess.core.db import dialect_insert
from assess.core.fonts import FontsUnavailableError, cache_folder, fonts_are_built
from assess.core.jobs.services import JobContext, JobStatus, latest_job_with_key
from assess.core.logs import log
from assess.core.models import JobState
from assess.engine.record import canonical_json
from assess.plans import pdf_worker
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.action_tracker.state import EMPTY_STATE, TrackerState, state_digest, state_to_json
from assess.plans.annex import PrintedSignOff
from assess.plans.check_codes import check_code_of, save_check_code
from assess.plans.copies import COPIES, Copy, Record
from assess.plans.models import StoredSubmissionPdf
from assess.plans.pages import copy_html
from assess.plans.wall_page import state_for_wall_page
from assess.question_banks.editions import load_edition

MAX_CONCURRENT = 2


@dataclass(frozen=True, slots=True)
class RenderTimeouts:
    """How many seconds to wait for a slot of the PDF worker, and for the printing itself."""

    wait: float
    printing: int


DEFAULT_TIMEOUTS = RenderTimeouts(15, 60)

MAX_PDF_BYTES = 20 * 1024 * 1024
_GRACE_SECONDS = 3
MAX_RENDER_SECONDS = int(DEFAULT_TIMEOUTS.wait) + DEFAULT_TIMEOUTS.printing + _GRACE_SECONDS
"""Seconds after which `render_pdf` has ended, whatever happens."""
_PASSED_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
)


class PdfError(Exception):
    """No PDF was made."""


class PdfWorkerBusyError(PdfError):
    """Two are being printed already and neither has ended in time. Try again in a minute."""


class PdfWorkerUnavailableError(PdfError):
    """Something on this machine is missing. The sentence says what, and how to get it."""


class PdfRenderError(PdfError):
    """The child ended badly, ran into a limit, or wrote no whole file."""


def render_pdf(
    record: Record,
    copy: Copy,
    state: TrackerState = EMPTY_STATE,
    code: str | None = None,
    signed: PrintedSignOff | None = None,
    *,
    patience: RenderTimeouts = DEFAULT_TIMEOUTS,
) -> bytes:
    """With the state of its tracker, the check code of this service, and its sign-off. Raises PdfError."""
    job = {
        "copy": copy,
        "record": record,
        "state": state_to_json(state),
        "code": code,
        "signed": None if signed is None else asdict(signed),
    }
    with _worker_slot(patience.wait) as slot:
        return _run_worker(json.dumps(job).encode(), slot, patience.printing)


def render_html_pdf(html: str) -> bytes:
    """The PDF of a finished page that needs nothing of a record: a template, or an index. Raises PdfError."""
    with _worker_slot(DEFAULT_TIMEOUTS.wait) as slot:
        return _run_worker(json.dumps({"page": html}).encode(), slot, DEFAULT_TIMEOUTS.printing)


@contextmanager
def log_pdf_errors() -> Iterator[None]:
    """Log why a job made no PDF, and let it fail, so that it is tried again."""
    try:
        yield
    except PdfError as error:
        # the sentence is ours and holds nothing of the plan; for a machine that lacks something it says what
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        raise


def html_digest(html: str) -> str:
    """What tells a printed page from others: its SHA-256 in hexadecimal."""
    return hashlib.sha256(html.encode()).hexdigest()


def build_fonts_in_background() -> threading.Thread:
    """Have the two faces made in a child, and do not wait for it: a worker calls this when it starts.

    They are there when the first plan is printed, or that plan waits for the rest of their making. Where they are there
    already, nothing happens. What goes wrong is logged; the next printing says it again.
    """
    thread = threading.Thread(target=_build_fonts_in_child, name="faces", daemon=True)
    thread.start()
    return thread


def _build_fonts_in_child() -> None:
    try:
        if fonts_are_built():
            return
    except FontsUnavailableError as error:
        log("printing_failed", error=type(error).__name__, reason=str(error))
        return
    done = subprocess.run(  # our own module, no shell
        [sys.executable, "-m", "assess.core.fonts"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=_worker_environment(os.environ),
        cwd="/",
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [""]
        log("printing_failed", error=FontsUnavailableError.__name__, reason=said[-1])


def _run_worker(job: bytes, slot: IO[bytes], seconds: int) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no shell
            [sys.executable, "-m", "assess.plans.pdf_worker", str(seconds)],
            input=job,
            capture_output=True,
            env=_worker_environment(os.environ),
            cwd="/",
            pass_fds=[slot.fileno()],  # the child keeps its slot even when its parent dies
            timeout=seconds + _GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfRenderError("The PDF worker did not end in time.") from error
    if done.returncode == pdf_worker.EXIT_UNAVAILABLE:
        raise PdfWorkerUnavailableError(done.stderr.decode(errors="replace").strip().splitlines()[-1])
    if done.returncode:
        raise PdfRenderError(f"The PDF worker ended with {done.returncode}.")
    if not _is_complete_pdf(done.stdout):
        raise PdfRenderError("The PDF worker wrote no whole file.")
    return done.stdout


def _is_complete_pdf(made: bytes) -> bool:
    return made.startswith(b"%PDF-") and made.rstrip().endswith(b"%%EOF") and len(made) <= MAX_PDF_BYTES


def _worker_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """What the child may know: nothing that guards or opens anything."""
    home = str(Path(__file__).parents[2])
    paths = [home, *filter(None, [ours.get("PYTHONPATH")])]
    passed = {name: ours[name] for name in _PASSED_VARIABLES if name in ours}
    return {**passed, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0"}


@contextmanager
def _worker_slot(wait: float) -> Iterator[IO[bytes]]:
    """One of the slots of the PDF worker, held by a lock that goes when its holders do."""
    folder = cache_folder()
    until = time.monotonic() + wait
    handles = [(folder / f"press-{number}.lock").open("ab") for number in range(MAX_CONCURRENT)]
    try:
        while True:
            for handle in handles:
                if _try_lock(handle):
                    yield handle
                    return
            if time.monotonic() >= until:
                raise PdfWorkerBusyError
            time.sleep(0.1)
    finally:
        for handle in handles:
            handle.close()


def _try_lock(handle: IO[bytes]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


LANGUAGE = "en"
UNTOUCHED_KEY = ""
"""The `pdf_key` of a copy while nobody has touched the tracker and nobody has signed."""


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A finished file, its SHA-256 in hexadecimal, and when it was printed."""

    content: bytes
    digest: str
    made_at: datetime


def state_for_copy(session: Session, submission_id: int, copy: Copy) -> TrackerState:
    """The tracker as this copy shows it now: nothing on a buyer's copy, of the wall what can be read there, else all of it."""
    if copy == "buyer":
        return EMPTY_STATE
    state = get_tracker_state(session, submission_id)
    if copy != "wall" or not state:
        return state
    submission = session.get(Submission, submission_id)
    return EMPTY_STATE if submission is None else state_for_wall_page(submission.record, state)


def pdf_key(state: TrackerState, signed: PrintedSignOff | None) -> str:
    """What tells files of one copy apart: the digest of the tracker; with a sign-off, of both. Empty while there is neither."""
    digest = state_digest(state)
    if signed is None:
        return digest
    return hashlib.sha256(canonical_json({"state": digest, "signed": asdict(signed)})).hexdigest()


def current_pdf_key(session: Session, submission_id: int, copy: Copy) -> str:
    """The same for this copy as it would be printed now."""
    return pdf_key(state_for_copy(session, submission_id, copy), printed_sign_off(session, submission_id, copy))


def get_plan_pdf(session: Session, submission_id: int, copy: Copy) -> PdfFile | None:
    """The stored file of this copy with the tracker and the sign-off as they are now; never an earlier one."""
    state = current_pdf_key(session, submission_id, copy)
    columns = select(StoredSubmissionPdf.content, StoredSubmissionPdf.digest, StoredSubmissionPdf.made_at)
    found = session.execute(columns.where(_file_clause(submission_id, copy, state))).first()
    return None if found is None else PdfFile(*found)


def has_plan_pdf(session: Session, submission_id: int, copy: Copy, state: str) -> bool:
    """Whether the file with this `pdf_key` is there, without reading it."""
    wanted = select(StoredSubmissionPdf.digest).where(_file_clause(submission_id, copy, state))
    return session.scalar(wanted) is not None


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A file that was just printed: of which record (its etag), with which state of the tracker and which sign-off."""

    record: str
    state: TrackerState
    content: bytes
    signed: PrintedSignOff | None = None


def save_plan_pdf(session: Session, submission_id: int, copy: Copy, printed: RenderedPdf, now: datetime) -> bool:
    """Store a file that was printed, and the code on it. What is there already stays.

    Returns False when it came too late: the submission was deleted meanwhile, or the tracker has moved on. A file is never
    stored with any other record than the one that was printed.
    """
    # held until the end of this transaction, so that nobody deletes it before the file hangs on it
    submission = session.get(Submission, submission_id, with_for_update={"read": True, "key_share": True})
    state = pdf_key(printed.state, printed.signed)
    if submission is None or record_etag(submission) != printed.record:
        return False
    if current_pdf_key(session, submission_id, copy) != state:  # looked at last: nobody can change it any more
        return False
    row = {
        "submission_id": submission_id,
        "copy": copy,
        "language": LANGUAGE,
        "state": state,
        "digest": hashlib.sha256(printed.content).hexdigest(),
        "content": printed.content,
        "made_at": now,
    }
    session.execute(dialect_insert(session, StoredSubmissionPdf).values(row).on_conflict_do_nothing())
    save_check_code(session, submission, copy)
    _delete_intermediate(session, submission_id, copy, state)
    return True


def _copy_clause(submission_id: int, copy: Copy) -> ColumnElement[bool]:
    return and_(
        StoredSubmissionPdf.submission_id == submission_id,
        StoredSubmissionPdf.copy == copy,
        StoredSubmissionPdf.language == LANGUAGE,
    )


def _file_clause(submission_id: int, copy: Copy, state: str) -> ColumnElement[bool]:
    return and_(_copy_clause(submission_id, copy), StoredSubmissionPdf.state == state)


def _delete_intermediate(session: Session, submission_id: int, copy: Copy, newest: str) -> None:
    session.execute(
        delete(StoredSubmissionPdf).where(
            _copy_clause(submission_id, copy), StoredSubmissionPdf.state.not_in((UNTOUCHED_KEY, newest))
        ),
        execution_options={"synchronize_session": False},
    )


LATE_AFTER = timedelta(seconds=20)
"""A job nobody has begun for so long: no worker is there, or all have much to do. Or the clock was set back since."""


class PdfStatus(enum.StrEnum):
    READY = "ready"
    NOT_ORDERED = "not_ordered"
    WAITING = "waiting"
    RUNNING = "running"
    AGAIN = "again"
    """It failed and is going to be tried again."""
    LATE = "late"
    GIVEN_UP = "given_up"


IN_PROGRESS = frozenset({PdfStatus.WAITING, PdfStatus.RUNNING, PdfStatus.AGAIN, PdfStatus.LATE})


def pdf_status(session: Session, submission_id: int, copy: Copy, now: datetime) -> PdfStatus:
    """How it stands with this copy as it would be printed now. Of what was deleted nothing was ordered."""
    if has_plan_pdf(session, submission_id, copy, current_pdf_key(session, submission_id, copy)):
        return PdfStatus.READY
    key = print_job_key(session, submission_id, copy, _revision_for_copy(session, submission_id, copy))
    return pdf_status_of_job(None if key is None else latest_job_with_key(session, str(key)), now)


def enqueue_plan_pdf(session: Session, submission_id: int, copy: Copy, now: datetime) -> None:
    """Order this copy as it is now; nothing when it is on its way, or its submission was deleted."""
    enqueue_pdf(session, submission_id, copy, now, _revision_for_copy(session, submission_id, copy))


def _revision_for_copy(session: Session, submission_id: int, copy: Copy) -> int:
    """A number that grows with every change of the tracker; 0 for a copy that shows nothing of it."""
    return 0 if copy == "buyer" else sum(item.revision for item in get_tracker_state(session, submission_id).values())


def pdf_status_of_job(found: JobStatus | None, now: datetime) -> PdfStatus:
    """The same for a file that is not there, from the job that was last ordered for it."""
    if found is None or found.state is JobState.DONE:  # done, and the file is for an earlier state or was removed
        return PdfStatus.NOT_ORDERED
    if found.state is JobState.FAILED:
        return PdfStatus.GIVEN_UP
    if found.state is JobState.RUNNING:
        return PdfStatus.RUNNING
    if found.attempts:
        return PdfStatus.AGAIN
    return PdfStatus.LATE if abs(now - found.made_at) > LATE_AFTER else PdfStatus.WAITING


PDF_TITLES: Mapping[Copy, str] = {
    "business": "Your whole plan (PDF)",
    "large": "Your whole plan in large print (PDF)",
    "wall": "One page for the wall (PDF)",
    "buyer": "The copy for a buyer (PDF)",
    "coordinator": "The coordinator’s copy (PDF)",
}
PDF_FILE_NAMES: Mapping[Copy, str] = {
    "business": "action-plan",
    "large": "action-plan-large-print",
    "wall": "page-for-the-wall",
    "buyer": "buyer-copy",
    "coordinator": "coordinator-copy",
}
"""What a file is called, before the day it was printed. Neutral on purpose: it shows on shared computers."""


class RequestedPdf(Protocol):
    """A file as the page sees it on which somebody waits for it."""

    @property
    def title(self) -> str:
        """What a link to it says."""

    @property
    def meanwhile(self) -> str:
        """What there is without it, in a sentence, for when it cannot be made."""

    def name(self, made_at: datetime) -> str:
        """The name of the file that was made at this moment, with its ending."""

    def kept(self, session: Session) -> PdfFile | None:
        """The stored file as it would be made now; never an outdated one."""

    def standing(self, session: Session, now: datetime) -> PdfStatus:
        """Where it is on its way."""

    def order(self, session: Session, now: datetime) -> None:
        """Order it; nothing when it is on its way."""


@dataclass(frozen=True, slots=True)
class PlanPdf:
    """One copy of a submission, with the tracker as it is now."""

    submission_id: int
    copy: Copy
    meanwhile = "What was answered and saved is safe, and you can read it on the pages."

    @property
    def title(self) -> str:
        return PDF_TITLES[self.copy]

    def name(self, made_at: datetime) -> str:
        return f"{PDF_FILE_NAMES[self.copy]}-{uk_date(made_at).isoformat()}.pdf"

    def kept(self, session: Session) -> PdfFile | None:
        return get_plan_pdf(session, self.submission_id, self.copy)

    def standing(self, session: Session, now: datetime) -> PdfStatus:
        return pdf_status(session, self.submission_id, self.copy, now)

    def order(self, session: Session, now: datetime) -> None:
        enqueue_plan_pdf(session, self.submission_id, self.copy, now)


def render_plan_pdf(context: JobContext, *, submission_id: int, copy: str) -> None:
    """Print a copy with the tracker as it is at this moment, unless that file is there.

    When the business deletes everything meanwhile, or changes the tracker, nothing is stored and the job is done all
    the same: whoever asks next orders what is needed then. A submission that is no longer the latest is not printed:
    no page and no buyer's link shows it any more. Raises PdfError: nothing was stored; the job is tried again.
    """
    wanted = next(one for one in COPIES if one == copy)
    with context.database.reading() as session:
        submission = session.get(Submission, submission_id)
        if submission is None or submission_id != latest_submission_id(session, submission.assessment_id):
            return
        shown = state_for_copy(session, submission_id, wanted)
        signed = printed_sign_off(session, submission_id, wanted)
        if has_plan_pdf(session, submission_id, wanted, pdf_key(shown, signed)):
            return
        code, record_as_read = check_code_of(session, submission, wanted), record_etag(submission)
        edition = load_edition(session, submission.edition_id).edition if wanted == "buyer" else None
    with log_pdf_errors():
        if edition:  # the PDF worker knows no editions, and nothing travels inside this copy
            content = render_html_pdf(copy_html(submission.record, wanted, code=code, signed=signed, edition=edition))
        else:
            content = render_pdf(submission.record, wanted, shown, code, signed)
    printed = RenderedPdf(record_as_read, shown, content, signed)
    with context.database.writing() as session:
        save_plan_pdf(session, submission_id, wanted, printed, context.now())


def printed_sign_off(session: Session, submission_id: int, copy: Copy) -> PrintedSignOff | None:
    """The sign-off as this copy shows it now; None while there is none, and on the wall always."""
    found = None if copy == "wall" else get_sign_off(session, submission_id)
    if found is None:
        return None
    day = uk_date(found.signed_at).isoformat()
    named = copy in {"business", "large"} and found.on_paper
    return PrintedSignOff(day, found.name, found.job) if named else PrintedSignOff(day)

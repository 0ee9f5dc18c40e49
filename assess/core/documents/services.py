"""Printed documents: what one shows now, its stored file, how far that is, and the job that prints it.

A file is handed out only while its document still shows the same, and stored only if it did when the file was there. The packages above
say what their documents show: `assess/subscriptions.py` lists a `DocumentKind` for each.
"""

from __future__ import annotations

import enum
import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Uuid, delete, select
from sqlalchemy.orm import Session

from assess.core.clock import uk_date
from assess.core.db import NO_SYNCHRONIZE, dialect_insert
from assess.core.documents.printing import PdfError, render_pdf
from assess.core.events import providers_of
from assess.core.jobs.services import ORDER_AHEAD, ORDER_LONG, JobContext, JobStatus, enqueue, latest_job_with_key
from assess.core.logs import log
from assess.core.models import Job, JobState, StoredPdf
from assess.core.operator_identity import with_identity
from assess.core.pdf import AttachedFile

PRINT_JOB = "print_document"
UNTOUCHED_KEY = ""
"""The key of a document nobody has changed anything about yet. Its file stays beside the newest one."""
DocumentSubject = int | uuid.UUID | str
"""The id of a submission, of a share or an organisation, or of a document template."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A document ready to be printed. `source`: what it was drawn from, as far as the key of the document does not say it."""

    html: str
    attached: Sequence[AttachedFile] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class DocumentSpec:
    """What a document shows at one moment, read in one transaction.

    Args:
        key: a digest of what it shows.
        title: what a link to it says.
        file_name: with its ending, and `{day}` for the day it was printed.
        meanwhile: what there is without it, in a sentence, for when it cannot be made.
        draw: reads the rest and draws it, in the transaction that read this.
        source: reads `Drawing.source` again.
        revision: what tells its orders apart, where nobody may guess from the table of jobs what the document says; else the key does.
        assessment_id: the assessment it tells of; its jobs are deleted with it.
        hold: locks whatever else it tells of, before it is looked at again and stored.
        saved: what is written once the file is stored.
    """

    key: str
    title: str
    file_name: str
    meanwhile: str
    draw: Callable[[Session], Drawing]
    source: Callable[[Session], str] = lambda _session: ""
    revision: str = ""
    assessment_id: uuid.UUID | None = None
    hold: Callable[[Session], object] = lambda _session: None
    saved: Callable[[Session, datetime], None] = lambda _session, _now: None


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document: its name in the database, the column of its subject, and what it shows of a subject at a moment.

    `describe` returns None where there is nothing to print, or the document may not be seen any more.
    """

    name: str
    subject_column: Literal["submission_id", "grant_id", "organisation_id", "template"]
    describe: Callable[[Session, Any, datetime], DocumentSpec | None]


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A finished file, its SHA-256 in hexadecimal, and when it was printed."""

    content: bytes
    digest: str
    made_at: datetime


class PdfStatus(enum.StrEnum):
    READY = "ready"
    NOT_ORDERED = "not_ordered"
    WAITING = "waiting"
    RUNNING = "running"
    RETRYING = "again"
    """It failed and is going to be tried again."""
    LATE = "late"
    GIVEN_UP = "given_up"


IN_PROGRESS = frozenset({PdfStatus.WAITING, PdfStatus.RUNNING, PdfStatus.RETRYING, PdfStatus.LATE})
LATE_AFTER = timedelta(seconds=20)
"""A job nobody has begun for so long: no worker is there, or all have much to do. Or the clock was set back since."""


_columns = StoredPdf.__table__.c


@dataclass(frozen=True, slots=True)
class PrintableDocument:
    """A document of a subject, with what it shows at this moment."""

    kind: DocumentKind
    subject: DocumentSubject
    spec: DocumentSpec

    def name(self, made_at: datetime) -> str:
        """The name of the file that was made at this moment."""
        return self.spec.file_name.format(day=uk_date(made_at).isoformat())

    def file(self, session: Session) -> PdfFile | None:
        """The stored file; never an earlier one."""
        columns = select(StoredPdf.content, StoredPdf.digest, StoredPdf.made_at)
        found = session.execute(columns.where(*self._rows, StoredPdf.key == self.spec.key)).first()
        return None if found is None else PdfFile(*found)

    def is_stored(self, session: Session) -> bool:
        """Whether the file is there, without reading it."""
        return session.scalar(select(StoredPdf.id).where(*self._rows, StoredPdf.key == self.spec.key)) is not None

    def status(self, session: Session, now: datetime) -> PdfStatus:
        if self.is_stored(session):
            return PdfStatus.READY
        return pdf_status_of_job(latest_job_with_key(session, self.job_key), now)

    def enqueue(self, session: Session, now: datetime, *, ahead: timedelta | None = None) -> None:
        """Order it; nothing when it is on its way, or its assessment was deleted.

        `ahead`: no page waits for it, and it is printed after this time at the earliest. A page that does wait gets a job of its own.
        """
        # held until the end of this transaction, so that nobody deletes it before the job hangs on it
        if not _lock(session, Job.__table__.c.about, self.spec.assessment_id, key_share=True):
            return
        enqueue(
            session,
            PRINT_JOB,
            key=self.job_key if ahead is None else self.job_key_ahead,
            about=self.spec.assessment_id,
            after=ahead,
            rank=ORDER_LONG if ahead is None else ORDER_AHEAD,
            now=now,
            kind=self.kind.name,
            subject=_as_argument(self.subject),
        )

    @property
    def job_key(self) -> str:
        """What may not be printed twice at the same time for pages that wait."""
        return f"{PRINT_JOB} {self.kind.name} {_as_argument(self.subject)} {self.spec.revision or self.spec.key[:32]}"

    @property
    def job_key_ahead(self) -> str:
        return f"ahead {self.job_key}"

    def save(self, session: Session, drawing: Drawing, content: bytes, now: datetime) -> bool:
        """Store its file. What is there already stays; files of what it showed before go.

        Returns False when it came too late: meanwhile it was deleted, or may not be seen any more, or shows something else.
        """
        # held until the end of this transaction, so that nobody deletes or changes it before the file hangs on it, nor takes words out of it;
        # in the order in which all of it is deleted
        held = ((Job.__table__.c.about, self.spec.assessment_id), (_columns[self.kind.subject_column], self.subject))
        if not all(_lock(session, column, row_id) for column, row_id in held):
            return False
        self.spec.hold(session)
        spec = self.kind.describe(session, self.subject, now)  # looked at last: nobody can change it any more
        if spec is None or spec.key != self.spec.key or spec.source(session) != drawing.source:
            return False
        session.execute(
            delete(StoredPdf).where(*self._rows, StoredPdf.key.not_in((UNTOUCHED_KEY, spec.key))),
            execution_options=NO_SYNCHRONIZE,
        )
        row = {
            self.kind.subject_column: self.subject,
            "kind": self.kind.name,
            "key": spec.key,
            "digest": hashlib.sha256(content).hexdigest(),
            "content": content,
            "made_at": now,
        }
        session.execute(dialect_insert(session, StoredPdf).values(row).on_conflict_do_nothing())
        spec.saved(session, now)
        return True

    @property
    def _rows(self) -> Sequence[ColumnElement[bool]]:
        return (_columns[self.kind.subject_column] == self.subject, StoredPdf.kind == self.kind.name)


def _as_argument(subject: DocumentSubject) -> int | str:
    return subject.hex if isinstance(subject, uuid.UUID) else subject


def _lock(
    session: Session, column: ColumnElement[Any], subject: DocumentSubject | None, *, key_share: bool = False
) -> bool:
    """Hold the row that this column refers to. Returns whether it is there; what refers to none needs none."""
    for reference in column.foreign_keys if subject is not None else ():
        row = select(reference.column).where(reference.column == subject)
        return session.scalar(row.with_for_update(read=True, key_share=key_share)) is not None
    return True


def load_document(session: Session, kind: str, subject: DocumentSubject, now: datetime) -> PrintableDocument | None:
    """A document with what it shows now, by the name of its kind; None: there is nothing to print, or it may not be seen any more."""
    found = {one.name: one for one in providers_of(DocumentKind)}[kind]
    if isinstance(subject, str) and isinstance(_columns[found.subject_column].type, Uuid):  # as an argument of a job
        subject = uuid.UUID(hex=subject)
    spec = found.describe(session, subject, now)
    return None if spec is None else PrintableDocument(found, subject, spec)


def print_document(context: JobContext, *, kind: str, subject: int | str) -> None:
    """Print a document as it is at this moment, unless its file is there.

    When it is deleted or changed meanwhile, nothing is stored and the job is done all the same: the next request orders what is needed
    then. Raises PdfError: nothing was stored; the job is tried again.
    """
    with context.database.reading() as session:
        document = load_document(session, kind, subject, context.now())
        if document is None or document.is_stored(session):
            return
        drawing = document.spec.draw(session)
    try:
        content = render_pdf(with_identity(drawing.html, context.settings.operator_identity), drawing.attached)
    except PdfError as error:
        # the sentence is ours and holds nothing of the document; for a machine that lacks something it says what
        log("printing_failed", error=type(error).__name__, reason=str(error) or None)
        raise
    with context.database.writing() as session:
        document.save(session, drawing, content, context.now())


def pdf_status_of_job(found: JobStatus | None, now: datetime) -> PdfStatus:
    """How it stands with a file that is not there, from the job that was last ordered for it."""
    if found is None or found.state is JobState.DONE:  # done, and the file is for an earlier state or was removed
        return PdfStatus.NOT_ORDERED
    if found.state is JobState.FAILED:
        return PdfStatus.GIVEN_UP
    if found.state is JobState.RUNNING:
        return PdfStatus.RUNNING
    if found.attempts:
        return PdfStatus.RETRYING
    return PdfStatus.LATE if abs(now - found.made_at) > LATE_AFTER else PdfStatus.WAITING


def html_digest(html: str) -> str:
    """What tells a printed document from others: its SHA-256 in hexadecimal."""
    return hashlib.sha256(html.encode()).hexdigest()

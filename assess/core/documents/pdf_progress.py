"""The page that waits for a file, and the file once it is there.

The file is made by a worker, never in the request. The page says in words how it stands and asks again by itself. It
reads the same whatever was answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.application import query_integer
from assess.core.db import database, request_session
from assess.core.documents.services import (
    IN_PROGRESS,
    DocumentSpec,
    DocumentSubject,
    PdfStatus,
    PrintableDocument,
    load_document,
)
from assess.core.errors import request_id
from assess.core.logs import log
from assess.core.rate_limits import RENDER_PDF, enforce_expensive_limits

REFRESH_SECONDS, REFRESH_SECONDS_WHEN_LATE = 2, 10
MAX_REFRESHES = 30
"""How often the page asks again by itself before it waits for a person to."""

PDF_STATUS_TEXTS: Mapping[PdfStatus, str] = {
    PdfStatus.WAITING: "It is waiting for its turn.",
    PdfStatus.RUNNING: "It is being made now.",
    PdfStatus.RETRYING: "The first try did not work. It is being tried again by itself.",
    PdfStatus.LATE: "It takes longer than usual to begin. Nothing is lost: you can close this page and come back later.",
}


@dataclass(frozen=True, slots=True)
class RequestedPdf:
    """The document a page asks for, the addresses of its file, of the page that waits for it and of the page to go back to.

    `limit_subject`: the assessment, share, link or organisation by which orders are counted.
    """

    kind: str
    subject: DocumentSubject
    limit_subject: uuid.UUID
    file_url: str
    progress_url: str
    back_url: str

    def find(self, session: Session) -> PrintableDocument:
        """What it shows now. Where there is nothing to print, the way back ends the request."""
        return load_document(session, self.kind, self.subject, clock.now()) or abort(redirect(self.back_url, 303))


def send_pdf(wanted: RequestedPdf) -> Response:
    """The file as it is now, or the way to the page that waits for it. The caller has checked the permission."""
    with database().reading() as session:
        document = wanted.find(session)
        found = document.file(session)
    if found is None:
        return redirect(wanted.progress_url, 303)
    response = make_response(found.content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{document.name(found.made_at)}"'
    response.set_etag(found.digest)
    return response.make_conditional(request)


def pdf_progress_response(wanted: RequestedPdf) -> Response:
    """How it stands with the file: 202 while it is on its way, 200 once it is there, 500 when it was given up. A POST orders it again.

    A file that nobody has ordered yet is ordered. Scripts ask for plain text and get the sentence alone.
    """
    if request.method == "POST":
        enforce_expensive_limits(RENDER_PDF, wanted.limit_subject)
        wanted.find(request_session()).enqueue(request_session(), clock.now())
        return redirect(wanted.progress_url, 303)
    document, status = _get_or_enqueue(wanted)
    if status is PdfStatus.LATE:
        log("jobs_wait", reason="a file has waited for a worker: is one running?", request=request_id())
    if status is PdfStatus.GIVEN_UP:
        log("printing_given_up", request=request_id())
    if status in IN_PROGRESS and request.accept_mimetypes.best_match(["text/html", "text/plain"]) == "text/plain":
        response = make_response(PDF_STATUS_TEXTS[status], 202)
        response.mimetype = "text/plain"
    else:
        response = make_response(_progress_page(status, document.spec, wanted), _http_status(status))
    if status in IN_PROGRESS:
        response.headers["Retry-After"] = str(_refresh_seconds(status))
    return response


def _get_or_enqueue(wanted: RequestedPdf) -> tuple[PrintableDocument, PdfStatus]:
    with database().reading() as session:
        document = wanted.find(session)
        status = document.status(session, clock.now())
    if status is not PdfStatus.NOT_ORDERED:
        return document, status
    enforce_expensive_limits(RENDER_PDF, wanted.limit_subject)
    with database().writing() as session:
        document.enqueue(session, clock.now())
        ordered = document.status(session, clock.now())
    # deleted between the two transactions
    return abort(404) if ordered is PdfStatus.NOT_ORDERED else (document, ordered)


def _http_status(status: PdfStatus) -> int:
    if status is PdfStatus.READY:
        return 200
    return 500 if status is PdfStatus.GIVEN_UP else 202


def _refresh_seconds(status: PdfStatus) -> int:
    return REFRESH_SECONDS_WHEN_LATE if status is PdfStatus.LATE else REFRESH_SECONDS


def _progress_page(status: PdfStatus, spec: DocumentSpec, wanted: RequestedPdf) -> str:
    polls = query_integer("poll", 0)
    return render_template(
        "core/pdf_progress.html",
        status=status.value,
        words=PDF_STATUS_TEXTS.get(status, ""),
        document=spec,
        urls=wanted,
        pause=_refresh_seconds(status),
        next_poll=f"{wanted.progress_url}?poll={polls + 1}" if 0 <= polls < MAX_REFRESHES else None,
        stop=f"{wanted.progress_url}?poll={MAX_REFRESHES}",
        request_name=request_id(),
    )

"""The page that waits for a file, and the file once it is there.

The file is made by a worker, never in the request. The page says in words how it stands and asks again by itself. It
reads the same whatever was answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.application import query_integer
from assess.core.db import database, request_session
from assess.core.errors import request_reference
from assess.core.logs import log
from assess.core.rate_limits import RENDER_PDF, enforce_expensive_limits
from assess.plans.stored_pdfs import IN_PROGRESS, PdfStatus, RequestedPdf

REFRESH_SECONDS, REFRESH_SECONDS_WHEN_LATE = 2, 10
MAX_REFRESHES = 30
"""How often the page asks again by itself before it waits for a person to."""

PDF_STATUS_TEXTS: Mapping[PdfStatus, str] = {
    PdfStatus.WAITING: "It is waiting for its turn.",
    PdfStatus.RUNNING: "It is being made now.",
    PdfStatus.AGAIN: "The first try did not work. It is being tried again by itself.",
    PdfStatus.LATE: "It takes longer than usual to begin. Nothing is lost: you can close this page and come back later.",
}


@dataclass(frozen=True, slots=True)
class PdfUrls:
    """The assessment, link or organisation the file is of, and the addresses of file, waiting page and page to go back to."""

    whose: uuid.UUID
    file: str
    waiting: str
    back: str


def send_pdf(wanted: RequestedPdf, urls: PdfUrls) -> Response:
    """The file as it is now, or the way to the page that waits for it. The caller has checked the permission."""
    with database().reading() as session:
        found = wanted.kept(session)
    if found is None:
        return redirect(urls.waiting, 303)
    response = make_response(found.content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{wanted.name(found.made_at)}"'
    response.set_etag(found.digest)
    return response.make_conditional(request)


def show_pdf_progress(wanted: RequestedPdf, urls: PdfUrls) -> Response:
    """How it stands with the file: 202 while it is on its way, 200 once it is there, 500 when it was given up.

    A file that nobody has ordered yet is ordered. Scripts ask for plain text and get the sentence alone.
    """
    status = _get_or_enqueue(wanted, urls)
    if status is PdfStatus.LATE:
        log("jobs_wait", reason="a file has waited for a worker: is one running?", request=request_reference())
    if status is PdfStatus.GIVEN_UP:
        log("printing_given_up", request=request_reference())
    if status in IN_PROGRESS and request.accept_mimetypes.best_match(["text/html", "text/plain"]) == "text/plain":
        response = make_response(PDF_STATUS_TEXTS[status], 202)
        response.mimetype = "text/plain"
    else:
        response = make_response(_progress_page(status, wanted, urls), _http_status(status))
    if status in IN_PROGRESS:
        response.headers["Retry-After"] = str(_refresh_seconds(status))
    return response


def retry_pdf(wanted: RequestedPdf, urls: PdfUrls) -> Response:
    enforce_expensive_limits(RENDER_PDF, urls.whose)
    wanted.order(request_session(), clock.now())
    return redirect(urls.waiting, 303)


def _get_or_enqueue(wanted: RequestedPdf, urls: PdfUrls) -> PdfStatus:
    with database().reading() as session:
        status = wanted.standing(session, clock.now())
    if status is not PdfStatus.NOT_ORDERED:
        return status
    enforce_expensive_limits(RENDER_PDF, urls.whose)
    with database().writing() as session:
        wanted.order(session, clock.now())
        ordered = wanted.standing(session, clock.now())
    # deleted between the two transactions
    return abort(404) if ordered is PdfStatus.NOT_ORDERED else ordered


def _http_status(status: PdfStatus) -> int:
    if status is PdfStatus.READY:
        return 200
    return 500 if status is PdfStatus.GIVEN_UP else 202


def _refresh_seconds(status: PdfStatus) -> int:
    return REFRESH_SECONDS_WHEN_LATE if status is PdfStatus.LATE else REFRESH_SECONDS


def _progress_page(status: PdfStatus, wanted: RequestedPdf, urls: PdfUrls) -> str:
    looked = query_integer("look", 0)
    return render_template(
        "plans/pdf_progress.html",
        standing=status.value,
        words=PDF_STATUS_TEXTS.get(status, ""),
        wanted=wanted,
        places=urls,
        pause=_refresh_seconds(status),
        next_look=f"{urls.waiting}?look={looked + 1}" if 0 <= looked < MAX_REFRESHES else None,
        stop=f"{urls.waiting}?look={MAX_REFRESHES}",
        request_name=request_reference(),
    )

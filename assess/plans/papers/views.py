"""The list of ready papers, and each as a Word file and a PDF. All businesses of a sector see the same, whatever they answered."""

from __future__ import annotations

import uuid
from functools import partial

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from assess.assessments.access import workspace
from assess.banks.papers import Paper
from assess.kit.clock import now, today
from assess.kit.db import database
from assess.kit.errors import Wording, error_page, request_name
from assess.kit.limits import RENDERING, by_visit, count
from assess.kit.logs import log
from assess.plans.papers.kept import kept, print_and_keep
from assess.plans.papers.page import to_html
from assess.plans.papers.shelf import address_of, for_question, for_sector, paper_at
from assess.plans.papers.word import to_docx
from assess.plans.printing.render import (
    Patience,
    PressBusyError,
    PressUnfitError,
    PrintingFailedError,
    render_page,
)
from assess.plans.views import latest_submission

blueprint = Blueprint("papers", __name__, url_prefix="/assessments/<uuid:assessment_id>/papers")
blueprint.add_app_template_global(for_question, "papers_for")

SOON = Patience(5, 20)
"""Together below the 30 seconds after which the server ends a worker. A paper takes two or three."""
SECONDS_UNTIL_FREE = 60
BUSY = Wording(
    "Your paper is not ready yet",
    (
        "Several files are being made just now. Nothing is lost.",
        "Wait {wait} and open it again, or take the Word file.",
    ),
)
FAILED = Wording(
    "Sorry, we could not make the paper",
    (
        "The fault is ours, not yours. You can take the Word file instead.",
        "Try again in a few minutes. If it goes on, tell the people who run this service and say: {request}.",
    ),
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("")
def show_papers(assessment_id: uuid.UUID) -> str | AnyResponse:
    """Every paper of the sector, by kind."""
    work = workspace(assessment_id)
    submission = latest_submission(work.id)
    if submission is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    groups = for_sector(submission.record["edition"]["bank"], today())
    return render_template("plans/papers_page.html", id=work.id, groups=groups)


@blueprint.get("/<address>.docx")
def word_file(assessment_id: uuid.UUID, address: str) -> AnyResponse:
    """A paper to change."""
    paper = _paper(assessment_id, address)
    return _sent(paper, to_docx(paper), WORD, "docx")


@blueprint.get("/<address>.pdf")
def pdf_file(assessment_id: uuid.UUID, address: str) -> AnyResponse:
    """A paper to print. At its first download since a word or a rate changed it is printed by the press, in a child process."""
    paper = _paper(assessment_id, address)
    html = to_html(paper)
    content = kept(database(), html)
    if content is None:
        count(RENDERING, by_visit())
        try:
            content = print_and_keep(database(), html, partial(render_page, patience=SOON), now())
        except PressBusyError:
            return error_page(503, BUSY, retry_after=SECONDS_UNTIL_FREE)
        except (PressUnfitError, PrintingFailedError) as error:
            log("printing_failed", error=type(error).__name__, reason=str(error), request=request_name())
            return error_page(500, FAILED)
    return _sent(paper, content, "application/pdf", "pdf")


def _paper(assessment_id: uuid.UUID, address: str) -> Paper:
    workspace(assessment_id)  # strangers get nothing
    return paper_at(address, today()) or abort(404)


def _sent(paper: Paper, content: bytes, kind: str, ending: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{address_of(paper)}.{ending}"'
    return response

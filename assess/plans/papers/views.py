"""The list of ready papers, and each as a Word file and a PDF. All businesses of a sector see the same, whatever they answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.banks.papers import Paper
from assess.kit.clock import today
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.plans.papers.shelf import address_of, for_question, for_sector, paper_at
from assess.plans.papers.wanted import PaperPdf
from assess.plans.papers.word import to_docx
from assess.plans.views import latest_submission
from assess.plans.waiting import Places, order_again, send_file, show_waiting

blueprint = Blueprint("papers", __name__, url_prefix="/assessments/<uuid:assessment_id>/papers")
blueprint.add_app_template_global(for_question, "papers_for")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("")
@requires("plan.files", load=workspace)
def show_papers(work: Workspace) -> str | Response:
    """Every paper of the sector, by kind."""
    submission = latest_submission(work.id)
    if submission is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    groups = for_sector(submission.record["edition"]["bank"], today())
    return render_template("plans/papers_page.html", id=work.id, groups=groups)


@blueprint.get("/<address>.docx")
@requires("plan.files", check=workspace)
def word_file(address: str) -> Response:
    """A paper to change."""
    paper = _paper(address)
    response = make_response(to_docx(paper))
    response.headers["Content-Type"] = WORD
    response.headers["Content-Disposition"] = f'attachment; filename="{address_of(paper)}.docx"'
    return response


@blueprint.get("/<address>.pdf")
@requires("plan.files", check=workspace)
def pdf_file(assessment_id: uuid.UUID, address: str) -> Response:
    """A paper to print."""
    return _pdf(assessment_id, address, send_file)


@blueprint.get("/<address>/making")
@requires("plan.files", check=workspace)
def show_making(assessment_id: uuid.UUID, address: str) -> Response:
    """How it stands with the PDF."""
    return _pdf(assessment_id, address, show_waiting)


@blueprint.post("/<address>/making")
@audited("made")
@limited(SAVING, by_visit)
@requires("plan.files", check=workspace)
def make_again(assessment_id: uuid.UUID, address: str) -> Response:
    """Try once more."""
    return _pdf(assessment_id, address, order_again)


def _pdf(assessment_id: uuid.UUID, address: str, answer: Callable[[PaperPdf, Places], Response]) -> Response:
    paper = _paper(address)
    places = Places(
        whose=assessment_id,
        file=url_for("papers.pdf_file", assessment_id=assessment_id, address=address),
        waiting=url_for("papers.show_making", assessment_id=assessment_id, address=address),
        back=url_for("papers.show_papers", assessment_id=assessment_id),
    )
    return answer(PaperPdf(paper), places)


def _paper(address: str) -> Paper:
    return paper_at(address, today()) or abort(404)

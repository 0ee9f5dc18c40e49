"""The plan and the buyer copy as files to take away, for the business itself."""

from __future__ import annotations

import uuid
from functools import partial

from flask import Blueprint, make_response, redirect, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import workspace
from assess.assessments.models import Submission
from assess.kit.clock import now
from assess.kit.db import database
from assess.kit.errors import Wording, error_page, request_name
from assess.kit.limits import RENDERING, by_visit, count
from assess.kit.logs import log
from assess.plans.copies import Copy
from assess.plans.printing.kept import kept, print_and_keep
from assess.plans.printing.render import IN_A_REQUEST, PressBusyError, PressUnfitError, PrintingFailedError, render
from assess.plans.views import latest_submission

blueprint = Blueprint("plan_files", __name__, url_prefix="/assessments/<uuid:assessment_id>")

SECONDS_UNTIL_FREE = 60
BUSY = Wording(
    "Your file is not ready yet",
    ("Several files are being made just now. Nothing is lost.", "Wait {wait} and open it again."),
)
FAILED = Wording(
    "Sorry, we could not make the file",
    (
        "The fault is ours, not yours. Your answers and your result are safe, and you can read them on the pages.",
        "Try again in a few minutes. If it goes on, tell the people who run this service and say: {request}.",
    ),
)
NAMES: dict[Copy, str] = {"business": "action-plan", "buyer": "buyer-copy"}
"""What a file is called. Neutral on purpose: it shows on shared computers."""


@blueprint.get("/plan.pdf")
def plan_file(assessment_id: uuid.UUID) -> Response:
    """The copy of the business."""
    return _file(assessment_id, "business")


@blueprint.get("/buyer-copy.pdf")
def buyer_file(assessment_id: uuid.UUID) -> Response:
    """What a buyer would get, for the business to see first."""
    return _file(assessment_id, "buyer")


def _file(assessment_id: uuid.UUID, copy: Copy) -> Response:
    work = workspace(assessment_id)
    submission = latest_submission(work.id)
    if submission is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    return send_copy(submission, copy)


def send_copy(submission: Submission, copy: Copy) -> Response:
    """The file of this copy, printed now if it was not before; a page that says what to do when that fails.

    Whoever asked must have been let in already, and must hold no open transaction.
    """
    content = kept(database(), submission.id, copy)
    if content is None:
        count(RENDERING, by_visit())
        try:
            content = print_and_keep(database(), submission, copy, partial(render, patience=IN_A_REQUEST), now())
        except PressBusyError:
            return error_page(503, BUSY, retry_after=SECONDS_UNTIL_FREE)
        except (PressUnfitError, PrintingFailedError) as error:
            log("printing_failed", error=type(error).__name__, reason=str(error), request=request_name())
            return error_page(500, FAILED)
    response = make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    name = f"{NAMES[copy]}-{submission.record['made_on']}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""The copies of a plan as files to take away, for the business itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import workspace
from assess.assessments.submitting import latest_id
from assess.kit.db import database
from assess.kit.declaring import needs
from assess.kit.limits import SAVING, by_visit, limited
from assess.plans.copies import Copy
from assess.plans.printing.wanted import CopyFile
from assess.plans.waiting import Places, order_again, send_file, show_waiting

blueprint = Blueprint("plan_files", __name__, url_prefix="/assessments/<uuid:assessment_id>")

FILES: Mapping[Copy, str] = {
    "business": "plan",
    "large": "plan-large-print",
    "wall": "plan-for-the-wall",
    "buyer": "buyer-copy",
}
"""The copies a business can take, by the name in their address."""


@blueprint.get("/plan.pdf")
@needs("plan.files")
def plan_file(assessment_id: uuid.UUID) -> Response:
    """The copy of the business."""
    return _answer(assessment_id, "business", send_file)


@blueprint.get("/plan-large-print.pdf")
@needs("plan.files")
def large_file(assessment_id: uuid.UUID) -> Response:
    """The same in large print."""
    return _answer(assessment_id, "large", send_file)


@blueprint.get("/plan-for-the-wall.pdf")
@needs("plan.files")
def wall_file(assessment_id: uuid.UUID) -> Response:
    """One page for everybody who works there."""
    return _answer(assessment_id, "wall", send_file)


@blueprint.get("/buyer-copy.pdf")
@needs("plan.files")
def buyer_file(assessment_id: uuid.UUID) -> Response:
    """What a buyer would get, for the business to see first."""
    return _answer(assessment_id, "buyer", send_file)


@blueprint.get("/making/<name>")
@needs("plan.files")
def show_making(assessment_id: uuid.UUID, name: str) -> Response:
    """How it stands with a file."""
    return _answer(assessment_id, _copy_called(name), show_waiting)


@blueprint.post("/making/<name>")
@needs("plan.files")
@limited(SAVING, by_visit)
def make_again(assessment_id: uuid.UUID, name: str) -> Response:
    """Try once more."""
    return _answer(assessment_id, _copy_called(name), order_again)


def _copy_called(name: str) -> Copy:
    return next((copy for copy, called in FILES.items() if called == name), None) or abort(404)


def _answer(assessment_id: uuid.UUID, copy: Copy, answer: Callable[[CopyFile, Places], Response]) -> Response:
    work = workspace(assessment_id)
    with database().reading() as look:
        submission_id = latest_id(look, work.id)
    if submission_id is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    name = FILES[copy]
    places = Places(
        whose=work.id,
        file=url_for("tasks.show_tasks", assessment_id=work.id) + f"{name}.pdf",
        waiting=url_for("plan_files.show_making", assessment_id=work.id, name=name),
        back=url_for("plans.show_result", assessment_id=work.id),
    )
    return answer(CopyFile(submission_id, copy), places)

"""The copies of a plan as files to take away, for the business itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.submitting import latest_id
from assess.kit.db import database
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
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
@requires("plan.files", load=workspace)
def plan_file(work: Workspace) -> Response:
    """The copy of the business."""
    return _answer(work, "business", send_file)


@blueprint.get("/plan-large-print.pdf")
@requires("plan.files", load=workspace)
def large_file(work: Workspace) -> Response:
    """The same in large print."""
    return _answer(work, "large", send_file)


@blueprint.get("/plan-for-the-wall.pdf")
@requires("plan.files", load=workspace)
def wall_file(work: Workspace) -> Response:
    """One page for everybody who works there."""
    return _answer(work, "wall", send_file)


@blueprint.get("/buyer-copy.pdf")
@requires("plan.files", load=workspace)
def buyer_file(work: Workspace) -> Response:
    """What a buyer would get, for the business to see first."""
    return _answer(work, "buyer", send_file)


@blueprint.get("/making/<name>")
@requires("plan.files", load=workspace)
def show_making(work: Workspace, name: str) -> Response:
    """How it stands with a file."""
    return _answer(work, _copy_called(name), show_waiting)


@blueprint.post("/making/<name>")
@audited("made")
@limited(SAVING, by_visit)
@requires("plan.files", load=workspace)
def make_again(work: Workspace, name: str) -> Response:
    """Try once more."""
    return _answer(work, _copy_called(name), order_again)


def _copy_called(name: str) -> Copy:
    return next((copy for copy, called in FILES.items() if called == name), None) or abort(404)


def _answer(work: Workspace, copy: Copy, answer: Callable[[CopyFile, Places], Response]) -> Response:
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

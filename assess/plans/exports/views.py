"""The register as files to take away, made from the latest submission and from what the business made of it since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.kit.clock import today
from assess.kit.db import database
from assess.kit.limits import Limit, by_visit, count
from assess.kit.route_permissions import requires
from assess.plans.document import Plan, business_plan
from assess.plans.exports.rows import as_csv
from assess.plans.exports.spreadsheet import as_xlsx
from assess.plans.exports.word import as_docx
from assess.plans.register.keeping import state_of
from assess.plans.views import latest_submission

blueprint = Blueprint("exports", __name__, url_prefix="/assessments/<uuid:assessment_id>")

EXPORTING = Limit("export", 60, 3600)
NAME = "actions"
"""What a file is called, before its date. Neutral on purpose: it shows on shared computers."""


@dataclass(frozen=True, slots=True)
class _Kind:
    ending: str
    media_type: str
    make: Callable[[Plan], bytes]


_XLSX = _Kind(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    lambda plan: as_xlsx(plan.register, plan.head, plan.help, plan.buying),
)
_CSV = _Kind("csv", "text/csv; charset=utf-8", lambda plan: as_csv(plan.register, plan.head, plan.help))
_DOCX = _Kind(
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    lambda plan: as_docx(plan.register, plan.head, plan.help, plan.buying),
)


@blueprint.get("/actions.xlsx")
@requires("plan.files", load=workspace)
def xlsx(work: Workspace) -> Response:
    """For a spreadsheet, with typed cells."""
    return _file(work, _XLSX)


@blueprint.get("/actions.csv")
@requires("plan.files", load=workspace)
def csv(work: Workspace) -> Response:
    """For any other program."""
    return _file(work, _CSV)


@blueprint.get("/actions.docx")
@requires("plan.files", load=workspace)
def word(work: Workspace) -> Response:
    """For those who must edit the plan."""
    return _file(work, _DOCX)


def _file(work: Workspace, kind: _Kind) -> Response:
    submission = latest_submission(work.id)
    if submission is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    count(EXPORTING, by_visit())
    with database().reading() as look:
        state = state_of(look, submission.id)
    plan = business_plan(submission.record, state)
    # made anew each time: 5 ms for a sheet and 50 ms for Word is less than keeping and ageing copies would cost
    response = make_response(kind.make(plan))
    response.headers["Content-Type"] = kind.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}-{today().isoformat()}.{kind.ending}"'
    return response

"""The business asks a coordinator to help, sees who can open its answers until when, and ends it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.together.helping import CODE_LASTS, HELP_LASTS, ask, end_all, open_help, waiting_code
from assess.assessments.together.models import Mode
from assess.assessments.visits import note_use
from assess.kit.audit.requests import note_detail
from assess.kit.clock import date_at, now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires

blueprint = Blueprint("together", __name__, url_prefix="/assessments/<uuid:assessment_id>/together")
MODES = ((Mode.PHONE.value, "By phone"), (Mode.VISIT.value, "On a visit"))


@blueprint.get("")
@requires("assessment.together", load=workspace)
def show_together(work: Workspace) -> str:
    """What it means, how it stands, and the form."""
    return _page(work)


@blueprint.post("")
@audited("asked")
@limited(SAVING, by_visit)
@requires("assessment.together", load=workspace)
def ask_for_help(work: Workspace) -> str | tuple[str, int]:
    """Make a code and show it. It is in no other place, so this page is its only sight."""
    mode = request.form.get("mode")
    if mode not in {one.value for one in Mode}:
        return _page(work, "Choose how you do it."), 422
    code = ask(session(), work.id, Mode(mode), now())
    note_detail("together", Mode(mode).value)
    note_use(session(), visit_token(), work.id, now())
    commit_request()
    return render_template(
        "assessments/together_code.html", id=work.id, code=code, mode=mode, until=date_at(now() + CODE_LASTS)
    )


@blueprint.post("/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("assessment.together", load=workspace)
def end(work: Workspace) -> Response:
    """End it: the next thing the coordinator asks for is refused."""
    end_all(session(), work.id, now())
    note_use(session(), visit_token(), work.id, now())
    return redirect(url_for("together.show_together", assessment_id=work.id), 303)


def _page(work: Workspace, error: str | None = None) -> str:
    with database().reading() as look:
        given = open_help(look, work.id, now())
        code_until = waiting_code(look, work.id, now())
    return render_template(
        "assessments/together.html",
        id=work.id,
        given=given,
        until=date_at(given.until) if given else None,
        code_until=date_at(code_until) if code_until else None,
        modes=MODES,
        days=HELP_LASTS.days,
        error=error,
    )

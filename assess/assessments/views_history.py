"""The page “What happened here”: for whoever may read the assessment."""

from __future__ import annotations

from flask import Blueprint, render_template

from assess.assessments.access import Workspace, workspace
from assess.assessments.history import history_of
from assess.kit.db import session
from assess.kit.integers import page_asked
from assess.kit.route_permissions import requires
from assess.people.caller import caller_id

blueprint = Blueprint("history", __name__, url_prefix="/assessments/<uuid:assessment_id>/history")


@blueprint.get("")
@requires("assessment.read", load=workspace)
def show_history(work: Workspace) -> str:
    """What was done, day by day, the newest first."""
    page = page_asked()
    found = history_of(session(), work.id, caller_id(), page)
    return render_template("assessments/history.html", id=work.id, entries=found.entries, more=found.more, page=page)

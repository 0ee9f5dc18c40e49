"""The page “What happened here”: for whoever may read the assessment."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from assess.assessments.access import workspace
from assess.assessments.history import history_of
from assess.kit.db import session
from assess.kit.declaring import needs
from assess.kit.integers import page_asked
from assess.people.caller import caller_id

blueprint = Blueprint("history", __name__, url_prefix="/assessments/<uuid:assessment_id>/history")


@blueprint.get("")
@needs("assessment.read")
def show_history(assessment_id: uuid.UUID) -> str:
    """What was done, day by day, the newest first."""
    work = workspace(assessment_id)
    page = page_asked()
    found = history_of(session(), work.id, caller_id(), page)
    return render_template("assessments/history.html", id=work.id, entries=found.entries, more=found.more, page=page)

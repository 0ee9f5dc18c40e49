"""The what-if page: ticks come in the body of a form, are worked out at once, and are gone with the answer.

Nothing is stored, not even a counter of how often it was asked, and nothing stands in the address.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.kit.clock import today
from assess.kit.db import database
from assess.kit.route_permissions import audited, requires
from assess.plans.document import business_plan
from assess.plans.register.keeping import state_of
from assess.plans.views import latest_submission
from assess.plans.what_if.asking import what_if_page

blueprint = Blueprint("what_if", __name__, url_prefix="/assessments/<uuid:assessment_id>/result/what-if")

NOTHING_TICKED = "Tick one step or more, then ask again"
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires("plan.read", load=workspace)
def show(work: Workspace) -> Answer:
    """The steps; those that are done are ticked to begin with."""
    return _page(work, None)


@blueprint.post("")
@audited("changed")
@requires("plan.read", load=workspace)
def show_outcome(work: Workspace) -> Answer:
    """The same page with what the ticked steps, or the short way, would bring."""
    return _page(work, request.form.getlist("step"), asked=True, short="short" in request.form)


def _page(work: Workspace, ticked: Collection[str] | None, *, asked: bool = False, short: bool = False) -> Answer:
    submission = latest_submission(work.id)
    if submission is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    record, day = submission.record, today().isoformat()
    with database().reading() as look:
        state = state_of(look, submission.id)
    found = what_if_page(record, ticked, state)
    if short and found.short:
        found = what_if_page(record, found.short, state)
    errors = [("steps", NOTHING_TICKED)] if asked and found.choices and found.outcome is None else []
    html = render_template(
        "plans/what_if_page.html",
        id=work.id,
        page="what_if",
        plan=business_plan(record),
        asked=found,
        errors=errors,
        has_errors=bool(errors),
        correcting=not work.opened.submitted,
        outdated=day > record["valid_until"],
    )
    return (html, 422) if errors else html

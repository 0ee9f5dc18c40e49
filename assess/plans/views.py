"""The result on screen: the whole story on pages that lead to each other."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.models import Submission
from assess.assessments.signing.keeping import signed
from assess.assessments.submitting import NothingSubmittedError, submission_of
from assess.kit.clock import today
from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.plans import charts
from assess.plans.check_code.codes import code_of
from assess.plans.copies import aged
from assess.plans.document import business_plan
from assess.plans.register.keeping import state_of

blueprint = Blueprint("plans", __name__, url_prefix="/assessments/<uuid:assessment_id>/result")


@blueprint.get("")
@requires("plan.read", load=workspace)
def show_result(work: Workspace) -> str | Response:
    """The story for somebody with one minute, where the business stands, and what goes well."""
    return _page("result", work)


@blueprint.get("/points")
@requires("plan.read", load=workspace)
def show_points(work: Workspace) -> str | Response:
    """Why the score is what it is, to be added up by hand, and every answer."""
    return _page("points", work)


@blueprint.get("/pay")
@requires("plan.read", load=workspace)
def show_pay(work: Workspace) -> str | Response:
    """The pay sums in the business’s own figures; the first page where the result is from before they were kept."""
    return _page("pay", work)


@blueprint.get("/duties")
@requires("plan.read", load=workspace)
def show_duties(work: Workspace) -> str | Response:
    """What the law and official guidance ask."""
    return _page("duties", work)


@blueprint.get("/buys")
@requires("plan.read", load=workspace)
def show_buying(work: Workspace) -> str | Response:
    """How risky what the business buys is, and what to ask its suppliers; the first page where it says nothing of that."""
    return _page("buying", work)


def latest_submission(assessment_id: uuid.UUID) -> Submission | None:
    """The latest submission of an assessment, for the browser that may see it; None before the first."""
    with database().reading() as look:
        try:
            return submission_of(look, assessment_id)
        except NothingSubmittedError:
            return None


def _counted_otherwise(look: Session, submission: Submission) -> str | None:
    """The ISO day of the answers before these, where they were counted by other rules; the rules of each record stay its own."""
    before = look.scalars(
        select(Submission.record).where(
            Submission.assessment_id == submission.assessment_id, Submission.number == submission.number - 1
        )
    ).first()
    return str(before["made_on"]) if before is not None and before["engine"] != submission.record["engine"] else None


def _page(name: str, work: Workspace) -> str | Response:
    submission = latest_submission(work.id)
    if submission is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    record = submission.record
    day = today().isoformat()
    with database().reading() as look:
        state = state_of(look, submission.id)
        code = code_of(look, submission, "business")
        sign_off = signed(look, submission.id)
        counted_before = _counted_otherwise(look, submission)
    plan = business_plan(aged(record, day), state, code=code)
    if (name == "buying" and plan.buying is None) or (name == "pay" and plan.verdict is None):
        return redirect(url_for("plans.show_result", assessment_id=work.id), 303)
    return render_template(
        f"plans/{name}_page.html",
        id=work.id,
        page=name,
        plan=plan,
        charts=charts,
        sign_off=sign_off,
        counted_before=counted_before,
        correcting=not work.opened.submitted,
        outdated=day > record["valid_until"],
    )

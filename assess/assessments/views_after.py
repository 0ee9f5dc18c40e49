"""What can be done with an assessment besides answering: correct it or not after all, widen it, leave it on this device, delete it."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.answering import lock
from assess.assessments.links import resume_links
from assess.assessments.moving.keeping import undo_all
from assess.assessments.opening import forget_texts
from assess.assessments.removing import delete_assessment
from assess.assessments.submitting import NothingSubmittedError, keep_as_submitted, reopen
from assess.assessments.visits import leave as leave_visit
from assess.assessments.visits import note_use
from assess.kit.application import settings_of
from assess.kit.clock import now
from assess.kit.cookies import forget_visit, visit_token
from assess.kit.db import session
from assess.kit.limits import CORRECTING, SAVING, by_visit, count_costly, limited
from assess.kit.route_permissions import audited, requires

blueprint = Blueprint("after", __name__)
HERE = "/assessments/<uuid:assessment_id>"


@blueprint.post(f"{HERE}/correct")
@audited("reopened")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def correct(work: Workspace) -> Response:
    """Open it for a correction, as a new version."""
    if work.opened.submitted:
        count_costly(CORRECTING, work.id)
    with suppress(NothingSubmittedError):  # it is open already
        reopen(session(), work.id, now())
    note_use(session(), visit_token(), work.id, now())
    return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)


@blueprint.post(f"{HERE}/keep")
@audited("kept")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def keep(work: Workspace) -> Response:
    """Give a correction up: the plan stays as it was submitted, with the questions it answered."""
    tasks = url_for("tasks.show_tasks", assessment_id=work.id)
    try:
        if work.opened.version > 1:
            undo_all(session(), work.id, now())
        keep_as_submitted(session(), work.id, now())
    except NothingSubmittedError:
        return redirect(tasks, 303)
    note_use(session(), visit_token(), work.id, now())
    return redirect(f"{tasks}result", 303)


@blueprint.post(f"{HERE}/full")
@audited("widened")
@limited(SAVING, by_visit)
@requires("assessment.answer", load=workspace)
def answer_the_rest(work: Workspace) -> Response:
    """Go on from the quick check to the full assessment, with the same answers."""
    if work.opened.submitted:
        count_costly(CORRECTING, work.id)
        reopen(session(), work.id, now())
    assessment = lock(session(), work.id)
    assessment.quick = False
    assessment.changed_at = now()
    note_use(session(), visit_token(), work.id, now())
    return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)


@blueprint.get(f"{HERE}/leave")
@requires("visit.leave", load=workspace)
def show_leave(work: Workspace) -> str:
    """What can be done before leaving, where no way leads back."""
    return render_template("assessments/leave.html", id=work.id, months=_months(work))


@blueprint.post(f"{HERE}/leave")
@audited("left")
@requires("visit.leave", load=workspace)
def leave(work: Workspace) -> Response:
    """End the visit of this browser. Nothing is deleted. Where no way leads back, that is said first."""
    way_back = _has_way_back(work)
    if not way_back and "for_good" not in request.form:
        return redirect(url_for("after.show_leave", assessment_id=work.id), 303)
    leave_visit(session(), visit_token())
    left = None if way_back else "for-good"
    return forget_visit(make_response(redirect(url_for("after.show_goodbye", left=left), 303)))


@blueprint.get(f"{HERE}/delete")
@requires("assessment.delete", load=workspace)
def show_delete(work: Workspace) -> str:
    """What is lost and what stays, before anything happens."""
    return _delete_page(work)


@blueprint.post(f"{HERE}/delete")
@audited("deleted")
@limited(SAVING, by_visit)
@requires("assessment.delete", load=workspace)
def delete(work: Workspace) -> str | Response | tuple[str, int]:
    """Delete everything, for good."""
    if "sure" not in request.form:
        return _delete_page(work, "Tick the box to say that you want all of it deleted."), 422
    delete_assessment(session(), work.id)
    forget_texts()
    return redirect(url_for("after.show_goodbye", deleted="yes"), 303)


@blueprint.get("/goodbye")
@requires("public.read")
def show_goodbye() -> str:
    """The last page: what is gone, what is still there. It says nothing about who was here."""
    return render_template(
        "assessments/goodbye.html",
        deleted=request.args.get("deleted") == "yes",
        for_good=request.args.get("left") == "for-good",
        backup_days=settings_of(current_app).backup_days,
    )


def _has_way_back(work: Workspace) -> bool:
    """Whether somebody can open it again after this browser has left: by a link that works, or by signing in."""
    return work.opened.organisation_id is not None or bool(resume_links(session(), work.id))


def _months(work: Workspace) -> int:
    """How long it is kept after the last change."""
    settings = settings_of(current_app)
    sent = work.opened.submitted or work.opened.version > 1
    return 12 * settings.submission_years if sent else settings.draft_months


def _delete_page(work: Workspace, error: str | None = None) -> str:
    return render_template(
        "assessments/delete.html",
        id=work.id,
        name=work.opened.organisation.get("name"),
        was_submitted=work.opened.submitted or work.opened.version > 1,
        backup_days=settings_of(current_app).backup_days,
        error=error,
    )

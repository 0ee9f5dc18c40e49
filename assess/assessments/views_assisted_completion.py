"""Pages on which a business asks for assistance and ends it, and on which a coordinator enters its code."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments import assisted_completion
from assess.assessments.access import (
    AssessmentContext,
    loaded_edition,
    mark_used,
    mark_used_and_commit,
    open_assessment,
)
from assess.assessments.models import AssistanceMode
from assess.assessments.services import get_assessment, get_business_details
from assess.core import clock
from assess.core.audit.requests import add_audit_detail, set_audit_subject
from assess.core.clock import uk_date
from assess.core.db import database, request_session, roll_back_request
from assess.core.forms.fields import ChoiceField, CodeField
from assess.core.forms.form import read_fields
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, Limit, by_session_or_address, enforce_limit, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import require_person
from assess.identity.current_user import CurrentUser
from assess.identity.models import StaffRole

blueprint = Blueprint("assisted_completion", __name__)
CODE_LIMIT = Limit("together-code", 10, 900)
"""No coordinator types more codes than that; who guesses has 58 bits before them."""


@blueprint.route("/staff/assistance", methods=["GET", "POST"])
@audited("entered")
@requires("desk.help", load=require_person)
def enter_assistance_code(who: CurrentUser) -> PageResponse:
    if request.method != "POST":
        return _code_page(who)
    code = read_fields(code=CodeField())["code"]
    enforce_limit(CODE_LIMIT, str(who.id))
    try:
        given = assisted_completion.begin_assistance(request_session(), who, code, clock.now())
    except assisted_completion.CodeUnknownError:
        roll_back_request()
        return _code_page(
            who, "This code opens nothing. Check it character by character, or ask the business for a new one."
        ), 422
    except assisted_completion.ConflictOfInterestError:
        roll_back_request()
        return _code_page(
            who, "You have a part in this business or buy for another, so somebody else has to help here."
        ), 422
    _note_in_audit(given.assessment_id, given.id)
    return redirect(url_for("assessments.show_tasks", assessment_id=given.assessment_id), 303)


@blueprint.post("/staff/assistance/<uuid:help_id>/stop")
@audited("stopped")
@requires("desk.help", load=require_person)
def stop_assisting(who: CurrentUser, help_id: uuid.UUID) -> Response:
    """Stop. Only a new code of the business opens it again."""
    assessment_id = assisted_completion.stop_assistance(request_session(), who, help_id, clock.now()) or abort(404)
    _note_in_audit(assessment_id, help_id)
    return redirect(url_for("assisted_completion.enter_assistance_code"), 303)


def _note_in_audit(assessment_id: uuid.UUID, help_id: uuid.UUID) -> None:
    """The business reads in its history that a coordinator came and went."""
    set_audit_subject("assessment", assessment_id)
    set_audit_subject("help", help_id)
    add_audit_detail("desk", StaffRole.COORDINATOR.value)


def _code_page(who: CurrentUser, error: str | None = None) -> str:
    with database().reading() as session:
        given = [
            {
                "id": one.id,
                "name": _assessment_name(session, one),
                "mode": one.mode,
                "until": uk_date(one.until),
                "href": url_for("assessments.show_tasks", assessment_id=one.assessment_id),
            }
            for one in assisted_completion.list_assistance_by(session, who, clock.now())
        ]
    return render_template("assessments/assistance_staff.html", given=given, error=error)


def _assessment_name(session: Session, one: assisted_completion.Assistance) -> str:
    name = get_business_details(session, one.assessment_id).get("name")
    if name is not None:
        return name.value
    return loaded_edition(get_assessment(session, one.assessment_id).edition_id).edition.title


MODES = ((AssistanceMode.PHONE.value, "By phone"), (AssistanceMode.VISIT.value, "On a visit"))


@blueprint.get("/assessments/<uuid:assessment_id>/assistance")
@requires("assessment.together", load=open_assessment)
def show_assistance(context: AssessmentContext) -> str:
    return _assistance_page(context)


@blueprint.post("/assessments/<uuid:assessment_id>/assistance")
@audited("asked")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.together", load=open_assessment)
def ask_for_assistance(context: AssessmentContext) -> str | tuple[str, int]:
    """Make a code and show it. It is in no other place, so this page is its only sight."""
    form = read_fields(mode=ChoiceField(AssistanceMode, required="Choose how you do it."))
    if form.errors:
        return _assistance_page(context, form.errors["mode"]), 422
    mode: AssistanceMode = form["mode"]
    code = assisted_completion.request_assistance(request_session(), context.id, mode, clock.now())
    add_audit_detail("together", mode.value)
    mark_used_and_commit(context)
    return render_template(
        "assessments/assistance_code.html",
        id=context.id,
        code=code,
        mode=mode.value,
        until=uk_date(clock.now() + assisted_completion.CODE_LASTS),
    )


@blueprint.post("/assessments/<uuid:assessment_id>/assistance/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.together", load=open_assessment)
def end_assistance(context: AssessmentContext) -> Response:
    assisted_completion.end_all_assistance(request_session(), context.id, clock.now())
    mark_used(context)
    return redirect(url_for("assisted_completion.show_assistance", assessment_id=context.id), 303)


def _assistance_page(context: AssessmentContext, error: str | None = None) -> str:
    with database().reading() as session:
        given = assisted_completion.get_open_assistance(session, context.id, clock.now())
        code_until = assisted_completion.unused_code_until(session, context.id, clock.now())
    return render_template(
        "assessments/assistance.html",
        id=context.id,
        given=given,
        until=uk_date(given.until) if given else None,
        code_until=uk_date(code_until) if code_until else None,
        modes=MODES,
        days=assisted_completion.ASSISTANCE_LASTS.days,
        error=error,
    )

"""Links to come back with, leaving on this browser, and deleting everything."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, mark_used_and_commit, open_assessment
from assess.assessments.guest_sessions import end_guest_session, end_other_sessions, open_resume_link
from assess.assessments.links import (
    InvalidPinError,
    PinNeededError,
    WrongPinError,
    check_pin,
    end_resume_link,
    find_resume_link,
    make_resume_link,
    mark_resume_link_opened,
    resume_links,
)
from assess.assessments.models import Assessment, ResumeLink
from assess.assessments.queries import clear_answer_cache
from assess.assessments.retention import delete_assessment
from assess.assessments.views_submission import ASSESSMENT_RULE
from assess.core import clock
from assess.core.application import absolute_url, settings_of
from assess.core.audit.requests import audit_always, set_audit_subject
from assess.core.db import database, request_session
from assess.core.forms.fields import CodeField
from assess.core.forms.form import is_ticked, read_fields
from assess.core.pages import PageResponse
from assess.core.rate_limits import (
    OPEN_LINK_LIMIT,
    PIN_DAY_LIMIT,
    PIN_LIMIT,
    SAVE_LIMIT,
    by_session_or_address,
    enforce_limit,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.core.security import clear_guest_cookie, guest_session_token, set_guest_cookie
from assess.identity.current_user import current_user_id

blueprint = Blueprint("resume_links", __name__)


@blueprint.route(f"{ASSESSMENT_RULE}/leave", methods=["GET", "POST"])
@audited("left")
@requires("visit.leave", load=open_assessment)
def leave_assessment(context: AssessmentContext) -> Response | str:
    """End the guest session of this browser. Nothing is deleted. Where no way leads back, that is said first."""
    if request.method != "POST":
        return render_template("assessments/leave.html", id=context.id, months=_months_kept(context))
    way_back = context.opened.organisation_id is not None or bool(resume_links(request_session(), context.id))
    if not way_back and not is_ticked("for_good"):
        return redirect(url_for("resume_links.leave_assessment", assessment_id=context.id), 303)
    end_guest_session(request_session(), guest_session_token())
    left = None if way_back else "for-good"
    return clear_guest_cookie(make_response(redirect(url_for("resume_links.show_goodbye", left=left), 303)))


@blueprint.route(f"{ASSESSMENT_RULE}/delete", methods=["GET", "POST"])
@audited("deleted")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.delete", load=open_assessment)
def delete_everything(context: AssessmentContext) -> PageResponse:
    if request.method != "POST":
        return _delete_page(context)
    if not is_ticked("sure"):
        return _delete_page(context, "Tick the box to say that you want all of it deleted."), 422
    delete_assessment(request_session(), context.id)
    clear_answer_cache()
    return redirect(url_for("resume_links.show_goodbye", deleted="yes"), 303)


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


def _months_kept(context: AssessmentContext) -> int:
    settings = settings_of(current_app)
    sent = context.opened.submitted or context.opened.version > 1
    return 12 * settings.submission_years if sent else settings.draft_months


def _delete_page(context: AssessmentContext, error: str | None = None) -> str:
    return render_template(
        "assessments/delete.html",
        id=context.id,
        name=context.opened.organisation.get("name"),
        was_submitted=context.opened.submitted or context.opened.version > 1,
        backup_days=settings_of(current_app).backup_days,
        error=error,
    )


LINK_RULE = f"{ASSESSMENT_RULE}/link"


@blueprint.get(LINK_RULE)
@requires("assessment.links", load=open_assessment)
def show_resume_links(context: AssessmentContext) -> str:
    return _resume_links_page(context)


@blueprint.post(LINK_RULE)
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=open_assessment)
def add_resume_link(context: AssessmentContext) -> str | tuple[str, int]:
    pin = read_fields(pin=CodeField())["pin"] or None
    try:
        link = make_resume_link(request_session(), context.id, clock.now(), pin=pin, made_by=current_user_id())
    except InvalidPinError:
        return _resume_links_page(context, error="Enter 4 to 8 digits, or leave the PIN out."), 422
    mark_used_and_commit(context)
    address = absolute_url(current_app, url_for("resume_links.show_resume", token=link.token))
    return new_link_page(
        "assessments/resume_link_new.html",
        context,
        address,
        "Your link to your business self-check",
        has_pin=pin is not None,
    )


@blueprint.post(f"{LINK_RULE}/<uuid:link_id>/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=open_assessment)
def end_link(context: AssessmentContext, link_id: uuid.UUID) -> Response:
    """End one link. This browser stays inside."""
    end_resume_link(request_session(), context.id, link_id, clock.now(), keep=guest_session_token())
    return redirect(url_for("resume_links.show_resume_links", assessment_id=context.id), 303)


@blueprint.post(f"{LINK_RULE}/end-other-devices")
@audited("left")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.links", load=open_assessment)
def end_other_devices(context: AssessmentContext) -> Response:
    """End every other browser, that of the person who began included. Links go on working."""
    end_other_sessions(request_session(), context.id, guest_session_token(), clock.now())
    audit_always()  # the history must not tell whether there was another
    return redirect(url_for("resume_links.show_resume_links", assessment_id=context.id, done="others"), 303)


@blueprint.get("/r/<token>")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def show_resume(token: str) -> str:
    """Where a kept link leads: a button, so that nothing is opened by a preview of the link."""
    return _resume_page(_find_link(token))


@blueprint.post("/r/<token>")
@audited("opened")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def resume(token: str) -> PageResponse:
    link = _find_link(token)

    def count_try() -> None:
        enforce_limit(PIN_LIMIT, str(link.id))
        enforce_limit(PIN_DAY_LIMIT, str(link.id))

    try:
        check_pin(link, read_fields(pin=CodeField())["pin"], count_try)
    except PinNeededError:
        return _resume_page(link, "Enter the PIN you chose for this link."), 422
    except WrongPinError:
        return _resume_page(link, "This is not the PIN of this link. Check it and try again."), 422
    opened = mark_resume_link_opened(request_session(), link.id, clock.now())
    set_audit_subject("assessment", opened.assessment_id)
    set_audit_subject("link", opened.id)
    fresh = open_resume_link(request_session(), opened, clock.now(), token=guest_session_token())
    assessment = request_session().get(Assessment, opened.assessment_id)
    # the person who has submitted comes back to work through the plan, not to answer
    page = (
        "action_tracker.show_tracker" if assessment is not None and assessment.submitted else "assessments.show_tasks"
    )
    return set_guest_cookie(make_response(redirect(url_for(page, assessment_id=opened.assessment_id), 303)), fresh)


def new_link_page(template: str, context: AssessmentContext, address: str, subject: str, **shown: object) -> str:
    """A link that was just made. It is in no other place, so this page is its only sight.

    `subject` is neutral: it shows on locked screens and in lists of mail.
    """
    return render_template(template, id=context.id, address=address, **link_messages(subject, address), **shown)


def link_messages(subject: str, address: str) -> dict[str, str]:
    """The same words for a text message, a mail and a share sheet: `text`, `sms`, `mail`."""
    text = f"{subject}: {address}"
    return {
        "text": text,
        "sms": f"sms:?&body={quote(text, safe='')}",
        "mail": f"mailto:?subject={quote(subject, safe='')}&body={quote(text, safe='')}",
    }


def _find_link(token: str) -> ResumeLink:
    with database().reading() as session:
        return find_resume_link(session, token)


def _resume_page(link: ResumeLink, error: str | None = None) -> str:
    return render_template("assessments/resume.html", has_pin=link.pin_hash is not None, error=error)


def _resume_links_page(context: AssessmentContext, error: str | None = None) -> str:
    with database().reading() as session:
        links = resume_links(session, context.id)
    return render_template(
        "assessments/resume_links.html", id=context.id, links=links, error=error, done=request.args.get("done")
    )

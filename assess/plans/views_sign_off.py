"""Pages to ask for a sign-off, and for the person who reads the plan, signs it or sends it back."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from assess.assessments import sign_off as sign_off_service
from assess.assessments.access import (
    AssessmentContext,
    KnownRelations,
    mark_used,
    mark_used_and_commit,
    may_here,
    note_submission_shown,
    open_assessment,
)
from assess.assessments.guest_sessions import end_guest_session, may_answer_sign_off_request, open_sign_off_request
from assess.assessments.links import LONGEST_NOTE
from assess.assessments.models import LONGEST_SIGNER_NAME, Submission
from assess.assessments.personal_data.services import FreeTextForm, check_personal_data
from assess.assessments.services import AssessmentUnknownError
from assess.assessments.submissions import latest_submission_id
from assess.assessments.views_resume_links import new_link_page
from assess.core import clock
from assess.core.application import absolute_url
from assess.core.audit.requests import set_audit_subject
from assess.core.clock import uk_date
from assess.core.db import database, request_session, roll_back_request
from assess.core.errors import ErrorText, error_page
from assess.core.forms.fields import NOTHING_WRITTEN, IntegerField, ParagraphField, SentForm, TextField, TickField
from assess.core.forms.form import form_of, read_fields, sent_form
from assess.core.links import link_works
from assess.core.pages import PageResponse
from assess.core.rate_limits import OPEN_LINK_LIMIT, SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, request_permission, requires
from assess.core.security import clear_guest_cookie, guest_session_token, set_guest_cookie
from assess.identity.current_user import current_user
from assess.identity.permissions import Relation, authorise
from assess.plans import charts
from assess.plans.action_tracker.services import get_tracker_state
from assess.plans.copies import record_as_of
from assess.plans.plan_page import business_plan
from assess.plans.printed_plan import printed_plan_of
from assess.plans.views import latest_submission, submission_or_tasks

ANSWERED_AGAIN = ErrorText(
    "The business has answered again",
    (
        "What you were asked to sign is no longer the latest, so nothing was signed.",
        "Ask whoever asked you for a new link.",
    ),
)


SIGN_OFF_FORM = form_of(
    {
        "name": TextField(LONGEST_SIGNER_NAME, required="Enter your name."),
        "job": TextField(LONGEST_SIGNER_NAME, required="Enter your job, for example: director."),
        "read": TickField(required="Tick the box once you have read the plan."),
        "on_paper": TickField(),
    }
)
_EMPTY_FORM = FreeTextForm(dict.fromkeys(SIGN_OFF_FORM.fields, ""))
_NOTHING_SENT_BACK = FreeTextForm({"words": ""})
_NO_NOTE = FreeTextForm({"note": ""})


@dataclass(frozen=True, slots=True)
class SignOffUrls:
    here: str
    back: str
    leave: str | None = None
    overview: str | None = None


WORDS_A_MINUTE = 200
"""How fast people read on a screen; the page says how long it takes."""


def plan_review_page(
    submission: Submission,
    urls: SignOffUrls,
    form: FreeTextForm = _EMPTY_FORM,
    back: FreeTextForm = _NOTHING_SENT_BACK,
) -> str:
    record = record_as_of(submission.record, clock.today().isoformat())
    with database().reading() as session:
        plan = business_plan(record, get_tracker_state(session, submission.id))
        sign_off = sign_off_service.get_sign_off(session, submission.id)
    summary = Markup(  # noqa: S704  # rendered and escaped right here
        render_template(
            "plans/parts/sign_off_summary.html", plan=plan, printed=printed_plan_of(record, plan), charts=charts
        )
    )
    return render_template(
        "plans/sign_off_review.html",
        plan=plan,
        summary=summary,
        minutes=math.ceil(len(summary.striptags().split()) / WORDS_A_MINUTE),
        places=urls,
        number=submission.number,
        sign_off=sign_off,
        signed_on=None if sign_off is None else uk_date(sign_off.signed_at),
        form=form,
        back=back,
        sent_back="sent" in request.args and sign_off is None,
        longest=sign_off_service.LONGEST_CHANGE_REQUEST,
    )


def read_sign_off_form(sent: SentForm) -> FreeTextForm:
    """The name is the signer's own and given freely; the job may be asked about."""
    return check_personal_data(SIGN_OFF_FORM.read(sent), {"job": "Your job"}, sent)


def handle_sign_form(submission: Submission, urls: SignOffUrls) -> Response | tuple[str, int]:
    form = read_sign_off_form(sent_form())
    if form.errors:
        return plan_review_page(submission, urls, form), 422
    signature = sign_off_service.Signature(form["name"], form["job"], form["on_paper"])
    try:
        sign_off_service.sign_submission(request_session(), submission, signature, clock.now())
    except sign_off_service.AlreadySignedError:
        roll_back_request()  # the page says who did
    except (sign_off_service.NotLatestSubmissionError, sign_off_service.RecordNotIntactError, AssessmentUnknownError):
        roll_back_request()
        return error_page(409, ANSWERED_AGAIN, show_typed=True)
    return redirect(urls.here, 303)


def handle_send_back_form(submission: Submission, urls: SignOffUrls) -> Response | tuple[str, int]:
    words = ParagraphField(sign_off_service.LONGEST_CHANGE_REQUEST, required=NOTHING_WRITTEN)
    form = check_personal_data(read_fields(words=words), {"words": "What should be changed?"}, sent_form())
    if form.errors:
        return plan_review_page(submission, urls, back=form), 422
    try:
        sign_off_service.send_back_submission(request_session(), submission, form["words"], clock.now())
    except sign_off_service.AlreadySignedError:
        roll_back_request()
        return redirect(urls.here, 303)
    except (sign_off_service.NotLatestSubmissionError, AssessmentUnknownError):
        roll_back_request()
        return error_page(409, ANSWERED_AGAIN, show_typed=True)
    return redirect(f"{urls.here}?sent=yes", 303)


blueprint = Blueprint("plan_sign_off", __name__)


@blueprint.get("/assessments/<uuid:assessment_id>/sign-off")
@requires("plan.read", load=open_assessment)
def show_sign_off(context: AssessmentContext) -> str:
    return _sign_off_page(context)


def _sign_off_page(context: AssessmentContext, form: FreeTextForm = _NO_NOTE) -> str:
    now, submission = clock.now(), submission_or_tasks(context)
    with database().reading() as session:
        sign_off = sign_off_service.get_sign_off(session, submission.id)
        sign_off_requests = sign_off_service.get_sign_off_requests(session, submission.id)
        history = sign_off_service.get_sign_off_events(session, context.id)
        back = sign_off_service.get_sent_back_event(session, context.id)
    return render_template(
        "plans/sign_off.html",
        id=context.id,
        made_on=submission.record["made_on"],
        number=submission.number,
        correcting=not context.opened.submitted,
        sign_off=sign_off,
        signed_on=None if sign_off is None else uk_date(sign_off.signed_at),
        sent_back=back,
        sign_off_requests=[(one, link_works(one, now)) for one in sign_off_requests],
        history=[(event, uk_date(event.at)) for event in history],
        may_ask=may_here("sign_off.ask"),
        may_sign=may_here("sign_off.give"),
        days=sign_off_service.REQUEST_DAYS,
        form=form,
    )


@blueprint.post("/assessments/<uuid:assessment_id>/sign-off")
@audited("made")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("sign_off.ask", load=open_assessment)
def create_sign_off_link(context: AssessmentContext) -> PageResponse:
    submission = submission_or_tasks(context)
    form = check_personal_data(read_fields(note=TextField(LONGEST_NOTE)), {"note": "Whom is it for?"}, sent_form())
    if form.errors:
        return _sign_off_page(context, form), 422
    try:
        link = sign_off_service.request_sign_off(request_session(), submission, form["note"], clock.now())
    except sign_off_service.NotLatestSubmissionError:  # sent in again at the same moment: the page shows how things are
        return redirect(url_for("plan_sign_off.show_sign_off", assessment_id=context.id), 303)
    set_audit_subject("request", link.id)
    mark_used_and_commit(context)
    address = absolute_url(current_app, url_for("plan_sign_off.show_sign_off_link", token=link.token))
    return new_link_page(
        "plans/sign_off_link_created.html",
        context,
        address,
        "Something to read and sign",
        days=sign_off_service.REQUEST_DAYS,
    )


@blueprint.post("/assessments/<uuid:assessment_id>/sign-off/<uuid:request_id>/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("sign_off.ask", load=open_assessment)
def end_sign_off_link(context: AssessmentContext, request_id: uuid.UUID) -> Response:
    sign_off_service.end_sign_off_request(request_session(), context.id, request_id, clock.now())
    mark_used(context)
    return redirect(url_for("plan_sign_off.show_sign_off", assessment_id=context.id), 303)


@blueprint.post("/assessments/<uuid:assessment_id>/sign-off/withdraw")
@audited("taken back")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("sign_off.ask", load=open_assessment)
def withdraw_plan_sign_off(context: AssessmentContext) -> Response:
    sign_off_service.withdraw_sign_off(request_session(), submission_or_tasks(context), clock.now())
    mark_used(context)
    return redirect(url_for("plan_sign_off.show_sign_off", assessment_id=context.id), 303)


@blueprint.route("/assessments/<uuid:assessment_id>/sign-off/read", methods=["GET", "POST"])
@audited("signed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("sign_off.give", load=open_assessment)
def sign_plan(context: AssessmentContext) -> PageResponse:
    if request.method != "POST":
        return plan_review_page(submission_or_tasks(context), _member_urls(context.id))
    return handle_sign_form(_submission_on_page(context.id), _member_urls(context.id))


@blueprint.post("/assessments/<uuid:assessment_id>/sign-off/read/send-back")
@audited("sent back")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("sign_off.give", load=open_assessment)
def send_plan_back(context: AssessmentContext) -> Response | tuple[str, int]:
    return handle_send_back_form(_submission_on_page(context.id), _member_urls(context.id))


def _submission_on_page(assessment_id: uuid.UUID) -> Submission:
    """The latest submission, if it is the one that was on the page, else the way to it: nobody signs what they have not read."""
    submission = latest_submission(assessment_id)
    if submission is None or read_fields(number=IntegerField())["number"] != submission.number:
        abort(redirect(url_for("plan_sign_off.sign_plan", assessment_id=assessment_id), 303))
    return submission


def _member_urls(assessment_id: uuid.UUID) -> SignOffUrls:
    return SignOffUrls(
        here=url_for("plan_sign_off.sign_plan", assessment_id=assessment_id),
        back=url_for("plan_sign_off.send_plan_back", assessment_id=assessment_id),
        overview=url_for("plan_sign_off.show_sign_off", assessment_id=assessment_id),
    )


@blueprint.get("/s/<token>")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def show_sign_off_link(token: str) -> str:
    """What is asked, and a button. A preview of the link opens nothing and sees no name."""
    with database().reading() as session:
        found = sign_off_service.find_sign_off_request(session, token, clock.now())
    return render_template("plans/sign_off_landing.html", until=uk_date(found.until))


@blueprint.post("/s/<token>")
@audited("opened")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def open_sign_off_link(token: str) -> Response:
    found = sign_off_service.mark_sign_off_request_opened(request_session(), token, clock.now())
    set_audit_subject("assessment", found.assessment_id)
    set_audit_subject("request", found.id)
    fresh = open_sign_off_request(request_session(), found, clock.now(), token=guest_session_token())
    plan = redirect(url_for("plan_sign_off.sign_linked_plan", request_id=found.id), 303)
    return set_guest_cookie(make_response(plan), fresh)


def _requested_submission(request_id: uuid.UUID) -> Submission | None:
    """The submission this browser was asked to sign; None once there is a newer one. For all others 404."""
    with database().reading() as session:
        opened_it = may_answer_sign_off_request(session, guest_session_token(), request_id, clock.now())
        sign_off_request = (
            sign_off_service.get_working_sign_off_request(session, request_id, clock.now()) if opened_it else None
        )
        if sign_off_request is None:
            abort(404)
        latest = latest_submission_id(session, sign_off_request.assessment_id) == sign_off_request.submission_id
        submission = session.get(Submission, sign_off_request.submission_id) if latest else None
    set_audit_subject("assessment", sign_off_request.assessment_id)
    note_submission_shown(sign_off_request.assessment_id)
    authorise(current_user(), request_permission(), KnownRelations(frozenset({Relation.REVIEWER})))
    return submission


@blueprint.route("/sign-off-requests/<uuid:request_id>", methods=["GET", "POST"])
@audited("signed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("sign_off.give", load=_requested_submission)
def sign_linked_plan(submission: Submission | None, request_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        if submission is None:
            return error_page(404, ANSWERED_AGAIN)
        return plan_review_page(submission, _link_urls(request_id))
    if submission is None:
        return error_page(409, ANSWERED_AGAIN, show_typed=True)
    return handle_sign_form(submission, _link_urls(request_id))


@blueprint.post("/sign-off-requests/<uuid:request_id>/send-back")
@audited("sent back")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("sign_off.give", load=_requested_submission)
def send_linked_plan_back(submission: Submission | None, request_id: uuid.UUID) -> Response | tuple[str, int]:
    if submission is None:
        return error_page(409, ANSWERED_AGAIN, show_typed=True)
    return handle_send_back_form(submission, _link_urls(request_id))


@blueprint.post("/sign-off-requests/<uuid:request_id>/leave")
@audited("left")
@requires("sign_off.give", check=_requested_submission)
def leave_linked_plan() -> Response:
    """End the guest session of this browser. Nothing is deleted."""
    end_guest_session(request_session(), guest_session_token())
    return clear_guest_cookie(make_response(redirect(url_for("resume_links.show_goodbye"), 303)))


def _link_urls(request_id: uuid.UUID) -> SignOffUrls:
    return SignOffUrls(
        here=url_for("plan_sign_off.sign_linked_plan", request_id=request_id),
        back=url_for("plan_sign_off.send_linked_plan_back", request_id=request_id),
        leave=url_for("plan_sign_off.leave_linked_plan", request_id=request_id),
    )

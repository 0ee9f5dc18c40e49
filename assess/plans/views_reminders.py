"""Pages to request, confirm and stop reminders."""

from __future__ import annotations

import contextlib

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import AssessmentContext, mark_used, open_assessment
from assess.core import clock
from assess.core.application import csrf, settings_of
from assess.core.audit.requests import audit_always, set_audit_subject
from assess.core.db import database, request_session, roll_back_request
from assess.core.errors import ErrorText, error_page
from assess.core.forms.fields import EmailField
from assess.core.forms.form import read_fields
from assess.core.links import LinkUnknownError
from assess.core.mail.unsubscribe import require_one_click
from assess.core.pages import PageResponse
from assess.core.rate_limits import (
    OPEN_LINK_LIMIT,
    SAVE_LIMIT,
    Limit,
    by_address,
    by_session_or_address,
    enforce_limit,
    rate_limited,
)
from assess.core.route_permissions import audited, requires
from assess.plans import reminders
from assess.plans.views import latest_submission, submission_or_tasks

blueprint = Blueprint("reminders", __name__)
REMINDERS_URL = "/assessments/<uuid:assessment_id>/reminders"
STOP_REMINDER_LIMIT = Limit("reminder-stop", 30, 60)
"""For each token that is one, never for a machine that calls: one machine of a mail company presses for all its people."""

LINK_NOT_FOUND = ErrorText(
    "This link does not work",
    (
        "It may be too old, reminders may have been stopped or deleted, or a part of the address may be missing.",
        "If you want reminders, ask for them again from your plan.",
    ),
)
NOTHING_TO_STOP = ErrorText(
    "No reminders come from this link",
    (
        "They were deleted, or a part of the address is missing.",
        "If emails still come, open the link at the foot of the newest one.",
    ),
)

TOO_MANY_REMINDERS = ErrorText(
    "This plan has all the reminders it may have",
    (
        "Other addresses were confirmed before this one, so this one gets no reminders.",
        "Whoever has the plan can stop them there and ask again.",
    ),
)


@blueprint.app_template_global("reminders_available")
def reminders_available() -> bool:
    """Whether this installation sends mail. Where it does not, no page and no link of reminders is shown."""
    return settings_of(current_app).mail_server is not None


@blueprint.route(REMINDERS_URL, methods=["GET", "POST"])
@audited("asked")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("reminder.manage", load=open_assessment)
def request_reminders(context: AssessmentContext) -> PageResponse:
    """Ask an address whether it wants reminders. The answer is the same whatever the address is."""
    if request.method != "POST":
        return _reminders_page(context)
    if not reminders_available() or latest_submission(context.id) is None:
        abort(404)
    form = read_fields(email=EmailField(required=EmailField.wanted))
    typed = form.typed["email"]
    if form.errors:
        return _reminders_page(context, typed, form.errors["email"]), 422
    address = form["email"]
    reminders.count_request(context.id)
    with database().reading() as session:
        full = reminders.count_active(session, context.id) >= reminders.MAX_REMINDERS
    if full:
        return _reminders_page(context, typed, f"{TOO_MANY_REMINDERS.heading}. Stop them first, then ask."), 422
    audit_always()  # nor may the history tell what became of an address
    if reminders.may_send_confirm_mail(address):
        # others were quicker: no word, for it would depend on the address
        with contextlib.suppress(reminders.TooManyRemindersError):
            settings = settings_of(current_app)
            reminders.create_reminder(
                request_session(), context.id, address, settings.base_url, settings.honoured_keys, clock.now()
            )
    mark_used(context)
    return redirect(url_for("reminders.show_reminders_requested", assessment_id=context.id), 303)


@blueprint.get("/assessments/<uuid:assessment_id>/reminders/requested")
@requires("reminder.manage", load=open_assessment)
def show_reminders_requested(context: AssessmentContext) -> str:
    """Look into your mail: the same words whatever the address was."""
    if not reminders_available():
        abort(404)
    return render_template(
        "plans/reminders_requested.html",
        id=context.id,
        days=reminders.CONFIRM_DAYS,
        quiet_days=reminders.SUPPRESSION_DAYS,
    )


@blueprint.post(f"{REMINDERS_URL}/stop")
@audited("stopped")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("reminder.manage", load=open_assessment)
def stop_reminders(context: AssessmentContext) -> Response:
    reminders.stop_all_reminders(request_session(), context.id, clock.now())
    return redirect(url_for("reminders.request_reminders", assessment_id=context.id), 303)


@blueprint.route(f"{reminders.CONFIRM_PATH}<token>", methods=["GET", "POST"])
@audited("confirmed")
@requires("link.open")
def confirm_reminder(token: str) -> Response | str:
    """Where the first mail leads: a button, so that no scanner of mail confirms anything."""
    if request.method != "POST":
        with database().reading() as session:
            try:
                reminders.find_unconfirmed(session, token, clock.now())
            except LinkUnknownError:
                return _link_not_found(LINK_NOT_FOUND)
        return render_template("plans/reminders_confirm.html")
    try:
        reminder = reminders.activate_reminder(request_session(), token, clock.now())
    except LinkUnknownError:
        return _link_not_found(LINK_NOT_FOUND)
    except reminders.TooManyRemindersError:
        return error_page(409, TOO_MANY_REMINDERS)
    set_audit_subject("reminder", reminder.id)
    return redirect(url_for("reminders.show_reminder_confirmed"), 303)


@blueprint.get("/reminders/confirmed")
@requires("public.read")
def show_reminder_confirmed() -> str:
    return render_template("plans/reminders_confirmed.html")


@blueprint.route(f"{reminders.STOP_PATH}<token>", methods=["GET", "POST"])
@audited("stopped")
@requires("link.open")
def stop_reminder(token: str) -> str | Response:
    """Stop at once. The token is all it takes: a mail program that sends this has no form of ours.

    The answer is a page and no redirect, because programs that press the button do not follow one (RFC 8058, 3.1).
    """
    if request.method != "POST":
        with database().reading() as session:
            try:
                reminder = reminders.find_by_stop_token(session, token)
            except LinkUnknownError:
                return _link_not_found(NOTHING_TO_STOP)
        template = "plans/reminders_stop.html" if reminder.stopped_at is None else "plans/reminders_stopped.html"
        return render_template(template, quiet_days=reminders.SUPPRESSION_DAYS)
    require_one_click()
    with database().reading() as session:
        try:
            reminder = reminders.find_by_stop_token(session, token)
        except LinkUnknownError:
            return _link_not_found(NOTHING_TO_STOP)
    enforce_limit(STOP_REMINDER_LIMIT, token)
    set_audit_subject("reminder", reminder.id)  # never the assessment: its history must not tell who stopped
    with contextlib.suppress(LinkUnknownError):  # deleted at this very moment: it is over all the same
        reminders.stop_by_token(request_session(), token, str(current_app.secret_key), clock.now())
    return render_template("plans/reminders_stopped.html", quiet_days=reminders.SUPPRESSION_DAYS)


def _link_not_found(wording: ErrorText) -> Response:
    """The page for a token that is none. Only these count against the caller: they may be guesses, the others are none."""
    roll_back_request()  # the counter has a transaction of its own, and would wait for this one
    enforce_limit(OPEN_LINK_LIMIT, by_address())
    return error_page(404, wording)


csrf.exempt(stop_reminder)


def _reminders_page(context: AssessmentContext, typed: str = "", error: str | None = None) -> str:
    if not reminders_available():
        abort(404)
    submission_or_tasks(context)
    with database().reading() as session:
        running = reminders.count_active(session, context.id)
    return render_template("plans/reminders.html", id=context.id, running=running, typed=typed, error=error)

"""Pages of reminders: asking for them inside the assessment; confirming and stopping from a mail, without any visit."""

from __future__ import annotations

import contextlib

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.visits import note_use
from assess.kit.application import settings_of
from assess.kit.audit.requests import note_about, note_always
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import database, roll_back_request, session
from assess.kit.errors import Wording, error_page
from assess.kit.guards import csrf
from assess.kit.limits import OPENING_LINKS, SAVING, Limit, by_address, by_visit, count, limited
from assess.kit.mail.addresses import LONGEST, AddressUnfitError, fit_address
from assess.kit.mail.unsubscribe_page import see_one_click
from assess.kit.route_permissions import audited, requires
from assess.plans.reminders.asking import (
    CONFIRM_DAYS,
    CONFIRM_PATH,
    MOST_RUNNING,
    STOP_PATH,
    ReminderUnknownError,
    TooManyRemindersError,
    ask,
    confirm,
    count_running,
    stop,
    stop_all,
    to_confirm,
    to_stop,
)
from assess.plans.reminders.quiet import QUIET_DAYS
from assess.plans.reminders.rationing import count_asking, may_write_to
from assess.plans.views import latest_submission

blueprint = Blueprint("reminders", __name__)
HERE = "/assessments/<uuid:assessment_id>/reminders"
STOPPING = Limit("reminder-stop", 30, 60)
"""For each token that is one, never for a machine that calls: one machine of a mail company presses for all its people."""


NO_LINK = Wording(
    "This link does not work",
    (
        "It may be too old, reminders may have been stopped or deleted, or a part of the address may be missing.",
        "If you want reminders, ask for them again from your plan.",
    ),
)
NOTHING_TO_STOP = Wording(
    "No reminders come from this link",
    (
        "They were deleted, or a part of the address is missing.",
        "If mail still comes, open the link at the foot of the newest one.",
    ),
)


FULL = Wording(
    "This plan has all the reminders it may have",
    (
        "Other addresses were confirmed before this one, so this one gets no reminders.",
        "Whoever has the plan can stop them there and ask again.",
    ),
)


@blueprint.app_template_global("reminders_available")
def available() -> bool:
    """Whether this installation sends mail. Where it does not, nothing of this room is shown."""
    return settings_of(current_app).mail_server is not None


@blueprint.get(HERE)
@requires("reminder.manage", load=workspace)
def show_reminders(work: Workspace) -> str | Response:
    """What reminders are, and the form to ask for them."""
    return _page(work)


@blueprint.post(HERE)
@audited("asked")
@limited(SAVING, by_visit)
@requires("reminder.manage", load=workspace)
def ask_for_reminders(work: Workspace) -> str | Response | tuple[str | Response, int]:
    """Ask an address whether it wants reminders. The answer is the same whatever the address is."""
    if not available() or latest_submission(work.id) is None:
        abort(404)
    typed = request.form.get("email", "")[: 2 * LONGEST]
    try:
        address = fit_address(typed)
    except AddressUnfitError:
        return _page(work, typed, "Enter an e-mail address, like name@example.org."), 422
    count_asking(work.id)
    with database().reading() as look:
        full = count_running(look, work.id) >= MOST_RUNNING
    if full:
        return _page(work, typed, f"{FULL.heading}. Stop them first, then ask."), 422
    note_always()  # nor may the history tell what became of an address
    if may_write_to(address):
        # others were quicker: no word, for it would depend on the address
        with contextlib.suppress(TooManyRemindersError):
            settings = settings_of(current_app)
            ask(session(), work.id, address, settings.base_url, settings.honoured_keys, now())
    note_use(session(), visit_token(), work.id, now())
    return redirect(url_for("reminders.show_asked", assessment_id=work.id), 303)


@blueprint.get(f"{HERE}/asked")
@requires("reminder.manage", load=workspace)
def show_asked(work: Workspace) -> str:
    """Look into your mail: the same words whatever the address was."""
    if not available():
        abort(404)
    return render_template("plans/reminders_asked.html", id=work.id, days=CONFIRM_DAYS, quiet_days=QUIET_DAYS)


@blueprint.post(f"{HERE}/stop")
@audited("stopped")
@limited(SAVING, by_visit)
@requires("reminder.manage", load=workspace)
def stop_reminders(work: Workspace) -> Response:
    """Stop all reminders of this plan, from the plan itself."""
    stop_all(session(), work.id, now())
    return redirect(url_for("reminders.show_reminders", assessment_id=work.id), 303)


@blueprint.get(f"{CONFIRM_PATH}<token>")
@requires("link.open")
def show_confirm(token: str) -> str | Response:
    """Where the first mail leads: a button, so that no scanner of mail confirms anything."""
    with database().reading() as look:
        try:
            to_confirm(look, token, now())
        except ReminderUnknownError:
            return _no_such(NO_LINK)
    return render_template("plans/reminders_confirm.html")


@blueprint.post(f"{CONFIRM_PATH}<token>")
@audited("confirmed")
@requires("link.open")
def confirm_reminder(token: str) -> Response:
    """From now on mail comes."""
    try:
        reminder = confirm(session(), token, now())
    except ReminderUnknownError:
        return _no_such(NO_LINK)
    except TooManyRemindersError:
        return error_page(409, FULL)
    note_about("reminder", reminder.id)
    return redirect(url_for("reminders.show_confirmed"), 303)


@blueprint.get("/reminders/confirmed")
@requires("public.read")
def show_confirmed() -> str:
    """It is confirmed. The token is not in this address."""
    return render_template("plans/reminders_confirmed.html")


@blueprint.get(f"{STOP_PATH}<token>")
@requires("link.open")
def show_stop(token: str) -> str | Response:
    """Where every mail leads: one button."""
    with database().reading() as look:
        try:
            reminder = to_stop(look, token)
        except ReminderUnknownError:
            return _no_such(NOTHING_TO_STOP)
    template = "plans/reminders_stop.html" if reminder.stopped_at is None else "plans/reminders_stopped.html"
    return render_template(template, quiet_days=QUIET_DAYS)


@blueprint.post(f"{STOP_PATH}<token>")
@audited("stopped")
@requires("link.open")
def stop_reminder(token: str) -> str | Response:
    """Stop at once. The token is all it takes: a mail program that sends this has no form of ours.

    The answer is a page and no redirect, because programs that press the button do not follow one (RFC 8058, 3.1).
    """
    see_one_click()
    with database().reading() as look:
        try:
            reminder = to_stop(look, token)
        except ReminderUnknownError:
            return _no_such(NOTHING_TO_STOP)
    count(STOPPING, token)
    note_about("reminder", reminder.id)  # never the assessment: its history must not tell who stopped
    with contextlib.suppress(ReminderUnknownError):  # deleted at this very moment: it is over all the same
        stop(session(), token, _secret(), now())
    return render_template("plans/reminders_stopped.html", quiet_days=QUIET_DAYS)


csrf.exempt(stop_reminder)


def _no_such(wording: Wording) -> Response:
    """The page for a token that is none. Only these count against whoever calls: they may be guesses, the others are none."""
    roll_back_request()  # the counter has a transaction of its own, and would wait for this one
    count(OPENING_LINKS, by_address())
    return error_page(404, wording)


def _secret() -> str:
    return str(current_app.secret_key)


def _page(work: Workspace, typed: str = "", error: str | None = None) -> str | Response:
    if not available():
        abort(404)
    if latest_submission(work.id) is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    with database().reading() as look:
        running = count_running(look, work.id)
    return render_template("plans/reminders_page.html", id=work.id, running=running, typed=typed, error=error)

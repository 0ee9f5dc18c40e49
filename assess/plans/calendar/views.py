"""The page about the calendar, the file to take once, and the address that calendar programs fetch."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.submitting import NothingSubmittedError
from assess.assessments.visits import note_use
from assess.kit.application import public_address
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, session
from assess.kit.limits import OPENING_LINKS, SAVING, Limit, by_address, by_visit, count, limited
from assess.kit.route_permissions import audited, requires
from assess.plans.calendar.events import as_ics, living
from assess.plans.calendar.feeds import (
    FeedUnknownError,
    end_feed,
    entries_fed,
    entries_in,
    find_feed,
    make_feed,
    note_fetch,
    working_feed,
)
from assess.plans.views import latest_submission

blueprint = Blueprint("calendar", __name__)
HERE = "/assessments/<uuid:assessment_id>/calendar"
FETCHING = Limit("calendar", 60, 3600)
"""How often one address may be fetched. Programs come once an hour at most, and a few devices may share one."""

NAME = "actions.ics"


@blueprint.get(HERE)
@requires("reminder.manage", load=workspace)
def show_calendar(work: Workspace) -> str | Response:
    """What the calendar holds, how to subscribe, and the address that works now."""
    submission = latest_submission(work.id)
    if submission is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    with database().reading() as look:
        feed = working_feed(look, work.id)
        entries = entries_in(look, submission)
    return render_template("plans/calendar_page.html", id=work.id, feed=feed, count=len(living(entries)))


@blueprint.post(HERE)
@audited("made")
@limited(SAVING, by_visit)
@requires("reminder.manage", load=workspace)
def make_address(work: Workspace) -> str | Response:
    """Make an address, end the one before and show the new one, once."""
    if latest_submission(work.id) is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    token = make_feed(session(), work.id, now())
    note_use(session(), visit_token(), work.id, now())
    commit_request()
    address = public_address(current_app, url_for("calendar.feed", token=token))
    subscribe = urlsplit(address)._replace(scheme="webcal").geturl()
    return render_template("plans/calendar_made.html", id=work.id, address=address, subscribe=subscribe)


@blueprint.post(f"{HERE}/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("reminder.manage", load=workspace)
def end_address(work: Workspace) -> Response:
    """End the address, at once."""
    end_feed(session(), work.id, now())
    return redirect(url_for("calendar.show_calendar", assessment_id=work.id), 303)


@blueprint.get(f"{HERE}/{NAME}")
@requires("reminder.manage", load=workspace)
def download(work: Workspace) -> Response:
    """What is still to come as a file, to put into a calendar once."""
    submission = latest_submission(work.id)
    if submission is None:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    count(FETCHING, by_visit())
    with database().reading() as look:
        content = as_ics(living(entries_in(look, submission)))
    return _calendar(content, "attachment")


@blueprint.get("/c/<token>.ics")
@requires("link.open")
def feed(token: str) -> Response:
    """What calendar programs fetch. No cookie is asked for or set, and the answer is kept by nobody on the way.

    Programs keep what they fetched all the same; ending the address stops them at their next try.
    """
    with database().reading() as look:
        try:
            found = find_feed(look, token)
        except FeedUnknownError:
            found = None
    if found is None:
        count(OPENING_LINKS, by_address())
        abort(404)
    count(FETCHING, str(found.id))  # many programs come by the same few addresses, so these are not counted
    with database().reading() as look:
        try:
            content = as_ics(entries_fed(look, found))
        except NothingSubmittedError:
            abort(404)
    with database().writing() as write:
        note_fetch(write, found.id, now())
    return _calendar(content, "inline")


def _calendar(content: bytes, how: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'{how}; filename="{NAME}"'
    return response

"""The pages of a business about the sign-off of its plan: how it stands, whom it has asked, and all that happened."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, may_here, workspace
from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.assessments.links import LONGEST_NOTE, LinkUnknownError
from assess.assessments.models import Submission
from assess.assessments.signing.keeping import (
    DAYS,
    NotLatestError,
    ask,
    end,
    history_of,
    requests_of,
    sent_back,
    signed,
    take_back,
    works,
)
from assess.assessments.submitting import NothingSubmittedError, submission_of
from assess.assessments.views_links import messages
from assess.assessments.visits import note_use
from assess.kit.application import public_address
from assess.kit.audit.requests import note_about
from assess.kit.clock import date_at, now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.plans.signing.reading import Places, reading_page, sent_back_by, signed_by

SUBJECT = "Something to read and sign"
"""Neutral on purpose: it shows on locked screens and in lists of mail."""

blueprint = Blueprint("signing", __name__, url_prefix="/assessments/<uuid:assessment_id>/sign-off")


@blueprint.get("")
@requires("plan.read", load=workspace)
def show(work: Workspace) -> str | Response:
    """How it stands with the sign-off of the latest submission."""
    return _page(work)


def _page(work: Workspace, careful: Asked | None = None) -> str | Response:
    moment = now()
    with database().reading() as look:
        try:
            submission = submission_of(look, work.id)
        except NothingSubmittedError:
            return _to_tasks(work.id)
        sign_off = signed(look, submission.id)
        asked = requests_of(look, submission.id)
        history = history_of(look, work.id)
        back = sent_back(look, work.id)
    return render_template(
        "plans/signing.html",
        id=work.id,
        made_on=submission.record["made_on"],
        number=submission.number,
        correcting=not work.opened.submitted,
        sign_off=sign_off,
        signed_on=None if sign_off is None else date_at(sign_off.signed_at),
        sent_back=back,
        asked=[(one, works(one, moment)) for one in asked],
        history=[(event, date_at(event.at)) for event in history],
        may_ask=may_here("sign_off.ask"),
        may_sign=may_here("sign_off.give"),
        days=DAYS,
        note=request.form.get("note", "")[:1000],
        careful=[careful] if careful else [],
        ticks=sorted(ticks_in(request.form)),
    )


@blueprint.post("")
@audited("made")
@limited(SAVING, by_visit)
@requires("sign_off.ask", load=workspace)
def make_link(work: Workspace) -> str | Response | tuple[str | Response, int]:
    """Make a link for somebody senior and show it, once."""
    submission = _latest(work.id)
    if submission is None:
        return _to_tasks(work.id)
    note = " ".join(request.form.get("note", "")[:1000].split())[:LONGEST_NOTE]
    asked = ask_about(note, "note", "Whom is it for?", ticks=ticks_in(request.form))
    if asked is not None:
        return _page(work, asked), 422
    try:
        link = ask(session(), submission, note, now())
    except NotLatestError:  # sent in again at the same moment: the page shows how things are
        return redirect(url_for("signing.show", assessment_id=work.id), 303)
    note_about("request", link.id)
    note_use(session(), visit_token(), work.id, now())
    commit_request()
    address = public_address(current_app, url_for("signer.show_landing", token=link.token))
    return render_template(
        "plans/signing_made.html", id=work.id, address=address, days=DAYS, **messages(SUBJECT, address)
    )


@blueprint.post("/<uuid:request_id>/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("sign_off.ask", load=workspace)
def end_link(work: Workspace, request_id: uuid.UUID) -> Response:
    """End one link, at once."""
    try:
        end(session(), work.id, request_id, now())
    except LinkUnknownError:
        abort(404)
    note_use(session(), visit_token(), work.id, now())
    return redirect(url_for("signing.show", assessment_id=work.id), 303)


@blueprint.post("/take-back")
@audited("taken back")
@limited(SAVING, by_visit)
@requires("sign_off.ask", load=workspace)
def take_away(work: Workspace) -> Response:
    """Take the sign-off away."""
    submission = _latest(work.id)
    if submission is None:
        return _to_tasks(work.id)
    take_back(session(), submission, now())
    note_use(session(), visit_token(), work.id, now())
    return redirect(url_for("signing.show", assessment_id=work.id), 303)


@blueprint.get("/read")
@requires("sign_off.give", load=workspace)
def read(work: Workspace) -> str | Response:
    """The plan, for somebody who signs for the organisation."""
    submission = _latest(work.id)
    return _to_tasks(work.id) if submission is None else reading_page(submission, _places(work.id))


@blueprint.post("/read")
@audited("signed")
@limited(SAVING, by_visit)
@requires("sign_off.give", load=workspace)
def sign_here(work: Workspace) -> Response | tuple[str, int]:
    """Sign it off."""
    submission = _read(work.id)
    return _again(work.id) if submission is None else signed_by(submission, _places(work.id), request.form)


@blueprint.post("/read/back")
@audited("sent back")
@limited(SAVING, by_visit)
@requires("sign_off.give", load=workspace)
def send_here(work: Workspace) -> Response | tuple[str, int]:
    """Send it back with changes asked for."""
    submission = _read(work.id)
    return _again(work.id) if submission is None else sent_back_by(submission, _places(work.id), request.form)


def _latest(assessment_id: uuid.UUID) -> Submission | None:
    with database().reading() as look:
        try:
            return submission_of(look, assessment_id)
        except NothingSubmittedError:
            return None


def _read(assessment_id: uuid.UUID) -> Submission | None:
    """The latest submission, if it is the one that was on the page: nobody signs what they have not read."""
    submission = _latest(assessment_id)
    if submission is None or request.form.get("number") != str(submission.number):
        return None
    return submission


def _again(assessment_id: uuid.UUID) -> Response:
    """To the page with what is the latest now."""
    return redirect(url_for("signing.read", assessment_id=assessment_id), 303)


def _places(assessment_id: uuid.UUID) -> Places:
    return Places(
        here=url_for("signing.read", assessment_id=assessment_id),
        back=url_for("signing.send_here", assessment_id=assessment_id),
        overview=url_for("signing.show", assessment_id=assessment_id),
    )


def _to_tasks(assessment_id: uuid.UUID) -> Response:
    return redirect(url_for("tasks.show_tasks", assessment_id=assessment_id), 303)

"""The pages of whoever was asked by a link to sign off: where it leads, and the plan. Ended, expired and unknown read alike."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.delegation.views_colleague import NO_LINK
from assess.assessments.links import LinkUnknownError
from assess.assessments.models import Submission
from assess.assessments.signing.keeping import find, note_opened, working
from assess.assessments.standing import Standing
from assess.assessments.submitting import latest_id
from assess.assessments.visits import leave as leave_visit
from assess.assessments.visits import may_review, open_sign_request
from assess.kit.audit.requests import note_about
from assess.kit.clock import date_at, now
from assess.kit.cookies import forget_visit, remember_visit, visit_token
from assess.kit.db import database, session
from assess.kit.errors import error_page
from assess.kit.limits import OPENING_LINKS, SAVING, by_visit, limited
from assess.kit.route_permissions import audited, permission_of_request, requires
from assess.people.caller import caller
from assess.people.permissions import ForbiddenError, Relation, authorise
from assess.plans.signing.reading import ANSWERED_AGAIN, Places, reading_page, sent_back_by, signed_by

blueprint = Blueprint("signer", __name__)
HERE = "/signing/<uuid:request_id>"


@blueprint.get("/s/<token>")
@limited(OPENING_LINKS)
@requires("link.open")
def show_landing(token: str) -> str | Response:
    """What is asked, and a button. A preview of the link opens nothing and sees no name."""
    with database().reading() as look:
        try:
            found = find(look, token, now())
        except LinkUnknownError:
            return error_page(404, NO_LINK)
    return render_template("plans/signing_landing.html", until=date_at(found.until))


@blueprint.post("/s/<token>")
@audited("opened")
@limited(OPENING_LINKS)
@requires("link.open")
def open_link(token: str) -> Response:
    """Let this browser read."""
    try:
        found = note_opened(session(), token, now())
    except LinkUnknownError:
        return error_page(404, NO_LINK)
    note_about("assessment", found.assessment_id)
    note_about("request", found.id)
    fresh = open_sign_request(session(), found, now(), token=visit_token())
    return remember_visit(make_response(redirect(url_for("signer.read", request_id=found.id), 303)), fresh)


def _asked(request_id: uuid.UUID) -> Submission | None:
    """The submission this browser was asked to sign; None once there is a newer one. For all others 404."""
    with database().reading() as look:
        opened_it = may_review(look, visit_token(), request_id, now())
        asked = working(look, request_id, now()) if opened_it else None
        if asked is None:
            abort(404)
        latest = latest_id(look, asked.assessment_id) == asked.submission_id
        submission = look.get(Submission, asked.submission_id) if latest else None
    note_about("assessment", asked.assessment_id)
    try:
        authorise(caller(), permission_of_request(), Standing(frozenset({Relation.REVIEWER})))
    except ForbiddenError:
        abort(404)
    return submission


@blueprint.get(HERE)
@requires("sign_off.give", load=_asked)
def read(submission: Submission | None, request_id: uuid.UUID) -> str | Response:
    """The plan and the form."""
    return error_page(404, ANSWERED_AGAIN) if submission is None else reading_page(submission, _places(request_id))


@blueprint.post(HERE)
@audited("signed")
@limited(SAVING, by_visit)
@requires("sign_off.give", load=_asked)
def sign_it(submission: Submission | None, request_id: uuid.UUID) -> Response | tuple[str, int]:
    """Sign it off."""
    if submission is None:
        return error_page(409, ANSWERED_AGAIN)
    return signed_by(submission, _places(request_id), request.form)


@blueprint.post(f"{HERE}/back")
@audited("sent back")
@limited(SAVING, by_visit)
@requires("sign_off.give", load=_asked)
def send_it_back(submission: Submission | None, request_id: uuid.UUID) -> Response | tuple[str, int]:
    """Send it back with changes asked for."""
    if submission is None:
        return error_page(409, ANSWERED_AGAIN)
    return sent_back_by(submission, _places(request_id), request.form)


@blueprint.post(f"{HERE}/leave")
@audited("left")
@requires("sign_off.give", check=_asked)
def leave() -> Response:
    """End the visit of this browser. Nothing is deleted."""
    leave_visit(session(), visit_token())
    return forget_visit(make_response(redirect(url_for("after.show_goodbye"), 303)))


def _places(request_id: uuid.UUID) -> Places:
    return Places(
        here=url_for("signer.read", request_id=request_id),
        back=url_for("signer.send_it_back", request_id=request_id),
        leave=url_for("signer.leave", request_id=request_id),
    )

"""What a buyer sees who was given a link: a landing page, the short copy, and its file. Ended, expired and unknown read alike."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import loaded_edition
from assess.assessments.links import LinkUnknownError, count_buyer_look, find_buyer_link, shared_submission
from assess.assessments.models import Submission
from assess.assessments.standing import Standing
from assess.assessments.submitting import submission_of
from assess.assessments.visits import may_look, open_buyer_link
from assess.kit.audit.requests import note_about
from assess.kit.clock import now, today
from assess.kit.cookies import remember_visit, visit_token
from assess.kit.db import database, session
from assess.kit.errors import Wording, error_page
from assess.kit.limits import OPENING_LINKS, SAVING, by_visit, limited
from assess.kit.route_permissions import audited, permission_of_request, requires
from assess.people.caller import caller
from assess.people.permissions import ForbiddenError, Relation, authorise
from assess.plans import charts
from assess.plans.check_code.codes import code_of
from assess.plans.copies import BuyerCopy, buyer_copy
from assess.plans.first_page import help_of
from assess.plans.printing.wanted import CopyFile
from assess.plans.shares.looking import note_look_by_link
from assess.plans.shares.models import Looked
from assess.plans.signing.shown import signed_shown
from assess.plans.waiting import Places, order_again, send_file, show_waiting

blueprint = Blueprint("buyer", __name__)

NO_LINK = Wording(
    "This link does not work",
    (
        "It may have been ended, its time may be up, or a part of the address may be missing.",
        "Ask the business that gave it to you for a new one.",
    ),
)

ANSWERED_AGAIN = Wording(
    "The business has answered again",
    (
        "What this link showed is no longer the latest.",
        "Ask the business that gave it to you for a new link.",
    ),
)
"""Said whatever the newer answers are."""


@blueprint.get("/b/<token>")
@limited(OPENING_LINKS)
@requires("link.open")
def show_landing(token: str) -> str | Response:
    """Who shared what, and a button. Nothing is opened or counted by a preview of the link."""
    with database().reading() as look:
        try:
            link = find_buyer_link(look, token, now())
        except LinkUnknownError:
            return error_page(404, NO_LINK)
        shared = shared_submission(look, link)
    return render_template("plans/landing_page.html", copy=_copy_of(shared), until=link.until.date())


@blueprint.post("/b/<token>")
@audited("opened")
@limited(OPENING_LINKS)
@requires("link.open")
def open_link(token: str) -> Response:
    """Let this browser look."""
    try:
        link = count_buyer_look(session(), token, now())
    except LinkUnknownError:
        return error_page(404, NO_LINK)
    note_about("assessment", link.assessment_id)
    note_about("buyer_link", link.id)
    fresh = open_buyer_link(session(), link, now(), token=visit_token())
    return remember_visit(make_response(redirect(url_for("buyer.show_copy", link_id=link.id), 303)), fresh)


def _shared(link_id: uuid.UUID) -> Submission | None:
    """What the link shows, or None once a newer submission has taken its place (decisions.md 8: open means in the latest one)."""
    with database().reading() as look:
        link = may_look(look, visit_token(), link_id, now())
        if link is None:
            abort(404)
        try:
            authorise(caller(), permission_of_request(), Standing(frozenset({Relation.LOOKER})))
        except ForbiddenError:
            abort(404)
        shared = shared_submission(look, link)
        return shared if submission_of(look, shared.assessment_id).id == shared.id else None


@blueprint.get("/buyer/<uuid:link_id>")
@requires("shared.read", load=_shared)
def show_copy(shared: Submission | None, link_id: uuid.UUID) -> str | Response:
    """The buyer copy on screen."""
    if shared is None:
        return error_page(404, ANSWERED_AGAIN)
    record = shared.record
    day = today().isoformat()
    _note(link_id, Looked.PAGE)
    with database().reading() as look:
        code = code_of(look, shared, "buyer")
        signed = signed_shown(look, shared.id, "buyer")
    return render_template(
        "plans/buyer_page.html",
        id=link_id,
        copy=_copy_of(shared),
        code=code,
        signed=signed,
        help=help_of(record),
        charts=charts,
        outdated=day > record["valid_until"],
    )


@blueprint.get("/buyer/<uuid:link_id>/plan.pdf")
@requires("shared.read", load=_shared)
def copy_file(shared: Submission | None, link_id: uuid.UUID) -> Response:
    """The buyer copy as a file."""
    response = _file(shared, link_id, send_file)
    if response.mimetype == "application/pdf":
        _note(link_id, Looked.FILE)
    return response


@blueprint.get("/buyer/<uuid:link_id>/making")
@requires("shared.read", load=_shared)
def show_making(shared: Submission | None, link_id: uuid.UUID) -> Response:
    """How it stands with the file."""
    return _file(shared, link_id, show_waiting)


@blueprint.post("/buyer/<uuid:link_id>/making")
@audited("made")
@limited(SAVING, by_visit)
@requires("shared.read", load=_shared)
def make_again(shared: Submission | None, link_id: uuid.UUID) -> Response:
    """Try once more."""
    return _file(shared, link_id, order_again)


def _file(shared: Submission | None, link_id: uuid.UUID, answer: Callable[[CopyFile, Places], Response]) -> Response:
    if shared is None:
        return error_page(404, ANSWERED_AGAIN)
    places = Places(
        whose=link_id,
        file=url_for("buyer.copy_file", link_id=link_id),
        waiting=url_for("buyer.show_making", link_id=link_id),
        back=url_for("buyer.show_copy", link_id=link_id),
    )
    return answer(CopyFile(shared.id, "buyer"), places)


def _copy_of(shared: Submission) -> BuyerCopy:
    return buyer_copy(shared.record, loaded_edition(shared.edition_id).edition)


def _note(link_id: uuid.UUID, what: Looked) -> None:
    """Write down for the business that somebody looked: after they were let in, and before a byte goes out."""
    with database().writing() as write:
        note_look_by_link(write, link_id, what, now())

"""The pages of a colleague: where her link leads, and the questions she was given."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.answering import AlreadySubmittedError, AssessmentUnknownError, OtherEditionError
from assess.assessments.careful.asking import ticks_in
from assess.assessments.careful.sections import ask_in_section
from assess.assessments.delegation.access import Given, given
from assess.assessments.delegation.answers import keep
from assess.assessments.delegation.keeping import find, note_opened, say_done, take_done_back, working
from assess.assessments.delegation.part_page import part_page
from assess.assessments.links import LinkUnknownError
from assess.assessments.section_form import Posted, read_section
from assess.assessments.typed import revision_in
from assess.assessments.visits import leave as leave_visit
from assess.assessments.visits import note_use_of_part, open_delegation
from assess.kit.audit.requests import note_about, note_verb
from assess.kit.clock import date_at, now
from assess.kit.cookies import forget_visit, remember_visit, visit_token
from assess.kit.db import commit_request, database, roll_back_request, session
from assess.kit.errors import Wording, error_page
from assess.kit.limits import OPENING_LINKS, SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires

blueprint = Blueprint("colleague", __name__)
HERE = "/delegated/<uuid:delegation_id>"

NO_LINK = Wording(
    "This link does not work",
    (
        "It may have been ended, its time may be up, or a part of the address may be missing.",
        "Ask whoever gave it to you for a new one.",
    ),
)


@blueprint.get("/d/<token>")
@limited(OPENING_LINKS)
@requires("link.open")
def show_landing(token: str) -> str | Response:
    """What the link is for, who reads the answers, and a button. A preview of it opens nothing."""
    with database().reading() as look:
        try:
            found = find(look, token, now())
        except LinkUnknownError:
            return error_page(404, NO_LINK)
    return render_template(
        "assessments/delegation_landing.html", until=date_at(found.until), alone=found.question is not None
    )


@blueprint.post("/d/<token>")
@audited("opened")
@limited(OPENING_LINKS)
@requires("link.open")
def open_link(token: str) -> Response:
    """Let this browser in, to this part and no other."""
    try:
        found = note_opened(session(), token, now())
    except LinkUnknownError:
        return error_page(404, NO_LINK)
    note_about("assessment", found.assessment_id)
    note_about("delegation", found.id)
    fresh = open_delegation(session(), found, now(), token=visit_token())
    return remember_visit(make_response(redirect(url_for("colleague.show_part", delegation_id=found.id), 303)), fresh)


@blueprint.get(HERE)
@requires("delegation.answer", load=given)
def show_part(part: Given) -> str:
    """The questions, with what she said herself."""
    return part_page(part)


@blueprint.post(HERE)
@audited("saved")
@limited(SAVING, by_visit)
@requires("delegation.answer", load=given)
def save_part(part: Given, delegation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Keep what is valid; then the page again, with what is left to put right, or with what is new."""
    posted = read_section(request.form, part.questions)
    hers = {question: row.value for question, row in part.hers.items()}
    asked = ask_in_section(posted, part.questions, hers, ticks_in(request.form))
    moment = now()
    delegation = working(session(), delegation_id, moment) or abort(404)
    drawn = revision_in(request.form, "edition") or part.edition_id
    try:
        keep(session(), delegation, posted.changes, posted.proof_noted, moment, edition_id=drawn)
        if "done" in request.form and not posted.faults:
            say_done(session(), delegation_id, moment)
            note_verb("finished")
    except AlreadySubmittedError:
        roll_back_request()
        return part_page(given(delegation_id), posted, not_saved=True), 409
    except OtherEditionError:
        roll_back_request()
        return part_page(given(delegation_id), posted, not_saved=True, moved=True), 409
    except (LinkUnknownError, AssessmentUnknownError):
        abort(404)
    note_use_of_part(session(), visit_token(), delegation_id, moment)
    commit_request()
    if posted.faults:
        return part_page(given(delegation_id), posted, asked=asked), 422
    return redirect(_next_address(part, given(delegation_id), posted), 303)


@blueprint.post(f"{HERE}/not-done")
@audited("taken back")
@limited(SAVING, by_visit)
@requires("delegation.answer", check=given)
def not_done(delegation_id: uuid.UUID) -> Response:
    """She is not done after all."""
    try:
        take_done_back(session(), delegation_id, now())
    except LinkUnknownError:
        abort(404)
    note_use_of_part(session(), visit_token(), delegation_id, now())
    return redirect(url_for("colleague.show_part", delegation_id=delegation_id), 303)


@blueprint.post(f"{HERE}/leave")
@audited("left")
@requires("delegation.answer", check=given)
def leave() -> Response:
    """End the visit of this browser. Nothing is deleted."""
    leave_visit(session(), visit_token())
    return forget_visit(make_response(redirect(url_for("after.show_goodbye"), 303)))


def _next_address(before: Given, after: Given, posted: Posted) -> str:
    """The same page, at the place where something is to be done next."""
    here = after.delegation.id
    added = request.form.get("add", "")
    if added in posted.asked:
        row = after.hers.get(added)
        count = len(row.value) if row is not None else 0
        return url_for("colleague.show_part", delegation_id=here, add=added, _anchor=f"{added}-row-{count}")
    removed = request.form.get("remove", "").partition(".")[0]
    if removed in posted.asked:
        return url_for("colleague.show_part", delegation_id=here, _anchor=f"{removed}--group")
    new = [one.id for one in after.shown if one not in before.shown and one.id not in after.hers]
    return url_for(
        "colleague.show_part", delegation_id=here, saved="yes", _anchor=f"{new[0]}--group" if new else "notice"
    )

"""Sharing with a buyer: a link to the short copy, for a time, which the business can end."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import workspace
from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.assessments.links import (
    BUYER_LINK_DAYS,
    LinkUnknownError,
    buyer_links,
    end_buyer_link,
    works,
)
from assess.assessments.links import share as make_share
from assess.assessments.submitting import NothingSubmittedError, submission_of
from assess.assessments.views_links import messages
from assess.assessments.visits import note_use
from assess.kit.application import public_address
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import commit_request, database, session
from assess.kit.declaring import needs
from assess.kit.limits import SAVING, by_visit, limited

LONGEST_NOTE = 1000
SUBJECT = "Our business self-check"

blueprint = Blueprint("share", __name__, url_prefix="/assessments/<uuid:assessment_id>/share")


@blueprint.get("")
@needs("share.manage")
def show_share(assessment_id: uuid.UUID) -> str | Response:
    """What a buyer sees and never sees, and every link that was given."""
    return _share_page(assessment_id)


def _share_page(assessment_id: uuid.UUID, asked: Asked | None = None) -> str | Response:
    work = workspace(assessment_id)
    with database().reading() as look:
        try:
            submission = submission_of(look, work.id)
        except NothingSubmittedError:
            return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
        links = buyer_links(look, work.id)
    moment = now()
    return render_template(
        "assessments/share.html",
        id=work.id,
        made_on=submission.record["made_on"],
        correcting=not work.opened.submitted,
        days=BUYER_LINK_DAYS,
        asked=[asked] if asked else [],
        note=request.form.get("note", "")[:LONGEST_NOTE] if asked else None,
        links=[(link, "works" if works(link, moment) else "ended" if link.ended_at else "over") for link in links],
    )


@blueprint.post("")
@needs("share.manage")
@limited(SAVING, by_visit)
def make_link(assessment_id: uuid.UUID) -> str | Response | tuple[str | Response, int]:
    """Make a link to the latest submission and show it, once."""
    work = workspace(assessment_id)
    try:
        submission = submission_of(session(), work.id)
    except NothingSubmittedError:
        return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)
    note = request.form.get("note", "")[:LONGEST_NOTE]
    asked = ask_about(note, "note", "Whom is it for?", ticks=ticks_in(request.form), names_expected=True)
    if asked is not None:
        return _share_page(assessment_id, asked), 422
    link = make_share(session(), submission, now(), note=note)
    note_use(session(), visit_token(), work.id, now())
    commit_request()
    address = public_address(current_app, f"/b/{link.token}")
    return render_template(
        "assessments/share_made.html", id=work.id, address=address, days=BUYER_LINK_DAYS, **messages(SUBJECT, address)
    )


@blueprint.post("/<uuid:link_id>/end")
@needs("share.manage")
@limited(SAVING, by_visit)
def end_link(assessment_id: uuid.UUID, link_id: uuid.UUID) -> Response:
    """End one link, at once."""
    work = workspace(assessment_id)
    try:
        end_buyer_link(session(), work.id, link_id, now())
    except LinkUnknownError:
        abort(404)
    return redirect(url_for("share.show_share", assessment_id=work.id), 303)

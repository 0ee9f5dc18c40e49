"""The desk: a coordinator enters the code of a business, sees what is open just now, and stops."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import loaded_edition
from assess.assessments.answering import assessment_of, organisation_of
from assess.assessments.together.helping import (
    CodeUnknownError,
    Helped,
    TooCloseError,
    begin,
    helps_given_by,
    stop,
)
from assess.kit.audit.requests import note_about, note_detail
from assess.kit.clock import date_at, now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import Limit, count
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller
from assess.people.models import Desk

blueprint = Blueprint("together_desk", __name__, url_prefix="/desk/together")
GUESSING = Limit("together-code", 10, 900)
"""Nobody types more codes than that; whoever guesses has 58 bits before them."""
UNKNOWN = "This code opens nothing. Check it letter by letter, or ask the business for a new one."
TOO_CLOSE = "You have a part in this business or buy for another, so somebody else has to help here."


@blueprint.get("")
@requires("desk.help", load=permitted_person)
def show_desk(who: Caller) -> str:
    """The form for the code, and what is open."""
    return _page(who)


@blueprint.post("")
@audited("entered")
@requires("desk.help", load=permitted_person)
def enter(who: Caller) -> Response | tuple[str, int]:
    """Use the code, and go to the answers."""
    typed = request.form.get("code", "")[:60]
    count(GUESSING, str(who.id))
    try:
        given = begin(session(), who, typed, now())
    except CodeUnknownError:
        roll_back_request()
        return _page(who, UNKNOWN), 422
    except TooCloseError:
        roll_back_request()
        return _page(who, TOO_CLOSE), 422
    _note(given.assessment_id, given.id)
    return redirect(url_for("tasks.show_tasks", assessment_id=given.assessment_id), 303)


@blueprint.post("/<uuid:help_id>/stop")
@audited("stopped")
@requires("desk.help", load=permitted_person)
def stop_helping(who: Caller, help_id: uuid.UUID) -> Response:
    """Stop. Only a new code of the business opens it again."""
    assessment_id = stop(session(), who, help_id, now()) or abort(404)
    _note(assessment_id, help_id)
    return redirect(url_for("together_desk.show_desk"), 303)


def _note(assessment_id: uuid.UUID, help_id: uuid.UUID) -> None:
    """The business reads in its history that somebody of the desk came and went."""
    note_about("assessment", assessment_id)
    note_about("help", help_id)
    note_detail("desk", Desk.COORDINATOR.value)


def _page(who: Caller, error: str | None = None) -> str:
    with database().reading() as look:
        given = [
            {
                "id": one.id,
                "name": _name(look, one),
                "mode": one.mode,
                "until": date_at(one.until),
                "href": url_for("tasks.show_tasks", assessment_id=one.assessment_id),
            }
            for one in helps_given_by(look, who, now())
        ]
    return render_template("assessments/together_desk.html", given=given, error=error)


def _name(look: Session, one: Helped) -> str:
    name = organisation_of(look, one.assessment_id).get("name")
    if name is not None:
        return name.value
    return loaded_edition(assessment_of(look, one.assessment_id).edition_id).edition.title

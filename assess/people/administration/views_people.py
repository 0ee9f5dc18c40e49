"""Pages of the desk about accounts."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.audit.requests import note_detail, note_verb
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.administration.desks import (
    LastAdministratorError,
    NotReadyError,
    PersonUnknownError,
    give_desk,
    take_desk,
)
from assess.people.administration.paging import wanted_of
from assess.people.administration.people import disable, enable, find_people, see_person, sign_out_everywhere
from assess.people.administration.views import LISTING
from assess.people.caller import Caller
from assess.people.models import Desk
from assess.people.organisations.separation import MixedError

blueprint = Blueprint("desk_people", __name__, url_prefix="/desk/people")
NOT_YOURSELF = "You cannot do this to your own account. Another administrator can."
LAST = "Somebody has to administer this. Give another person the desk first."
NOT_READY = "Their address has to be confirmed and their account enabled first."
NO_CHOICE = "Choose a desk, or none."


@blueprint.get("")
@limited(LISTING, by_visit)
@requires("desk.administer", check=permitted_person)
def show_people() -> str:
    """Everybody with an account, searched."""
    wanted = wanted_of(request.args.get("q"), request.args.get("page"))
    with database().reading() as look:
        found = find_people(look, wanted)
    return render_template("people/desk_people.html", found=found, wanted=wanted)


@blueprint.get("/<uuid:person_id>")
@requires("desk.administer", load=permitted_person)
def show_person(who: Caller, person_id: uuid.UUID) -> str:
    """One of them."""
    return _page(who, person_id)


@blueprint.post("/<uuid:person_id>/disable")
@audited("disabled")
@limited(SAVING, by_visit)
@requires("desk.administer", load=permitted_person)
def disable_person(who: Caller, person_id: uuid.UUID) -> Response | tuple[str, int]:
    """Their account opens nothing from the next request on."""
    if who.id == person_id:
        return _page(who, person_id, NOT_YOURSELF), 422
    try:
        disable(session(), person_id, who.id, now())
    except PersonUnknownError:
        abort(404)
    return _back(person_id, "disabled")


@blueprint.post("/<uuid:person_id>/enable")
@audited("enabled")
@limited(SAVING, by_visit)
@requires("desk.administer", load=permitted_person)
def enable_person(who: Caller, person_id: uuid.UUID) -> Response:
    """It opens again what it opened before."""
    try:
        enable(session(), person_id, who.id, now())
    except PersonUnknownError:
        abort(404)
    return _back(person_id, "enabled")


@blueprint.post("/<uuid:person_id>/sign-out")
@audited("signed out")
@limited(SAVING, by_visit)
@requires("desk.administer", check=permitted_person)
def sign_person_out(person_id: uuid.UUID) -> Response:
    """End every browser they are signed in with."""
    sign_out_everywhere(session(), person_id)
    return _back(person_id, "signed-out")


@blueprint.get("/<uuid:person_id>/desk")
@requires("desk.administer", load=permitted_person)
def show_desk_of(who: Caller, person_id: uuid.UUID) -> str:
    """The form for the desk they have."""
    return _desk_page(who, person_id)


@blueprint.post("/<uuid:person_id>/desk")
@audited("saved")
@limited(SAVING, by_visit)
@requires("desk.administer", load=permitted_person)
def save_desk(who: Caller, person_id: uuid.UUID) -> Response | tuple[str, int]:
    """Give or take it."""
    chosen = request.form.get("desk", "")
    fault = _change_desk(who, person_id, chosen) if chosen in {"none", *Desk} else NO_CHOICE
    return _back(person_id) if fault is None else (_desk_page(who, person_id, fault), 422)


def _change_desk(who: Caller, person_id: uuid.UUID, chosen: str) -> str | None:
    """Returns why it is refused, if it is."""
    if who.id == person_id:
        return NOT_YOURSELF
    try:
        if chosen == "none":
            take_desk(session(), person_id, who.id, now())
            note_verb("ended")
        else:
            give_desk(session(), person_id, Desk(chosen), settings_of(current_app), who.id, now())
            note_verb("given")
            note_detail("desk", Desk(chosen).value)
    except PersonUnknownError:
        abort(404)
    except NotReadyError:
        return NOT_READY
    except LastAdministratorError:
        return LAST
    except MixedError as error:
        return str(error)
    return None


def _back(person_id: uuid.UUID, done: str | None = None) -> Response:
    return redirect(url_for("desk_people.show_person", person_id=person_id, done=done), 303)


def _page(who: Caller, person_id: uuid.UUID, error: str | None = None) -> str:
    return _render("people/desk_person.html", who, person_id, error)


def _desk_page(who: Caller, person_id: uuid.UUID, error: str | None = None) -> str:
    return _render("people/desk_desk.html", who, person_id, error)


def _render(template: str, who: Caller, person_id: uuid.UUID, error: str | None) -> str:
    with database().reading() as look:
        try:
            person = see_person(look, person_id, now())
        except PersonUnknownError:
            abort(404)
    return render_template(template, person=person, myself=who.id == person_id, error=error)

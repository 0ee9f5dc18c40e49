"""Pages about who does what in an organisation: changing roles, removing somebody, leaving."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.people.models import Role
from assess.people.organisations.asking import NO_ROLE, asked_roles
from assess.people.organisations.keeping import members
from assess.people.organisations.members import LastManagerError, MemberUnknownError, change_roles, remove
from assess.people.organisations.separation import MixedError

blueprint = Blueprint("members", __name__, url_prefix="/organisations/<uuid:organisation_id>")
LAST_MANAGER = "Somebody has to manage the organisation. Make another person a manager first."


@blueprint.get("/people/<uuid:person_id>")
@requires("organisation.manage", load=permitted_member)
def show_member(who: Caller, organisation_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """What somebody does here, to change it."""
    return _page(who, organisation_id, person_id)


@blueprint.post("/people/<uuid:person_id>")
@audited("saved")
@limited(SAVING, by_visit)
@requires("organisation.manage", load=permitted_member)
def save_roles(who: Caller, organisation_id: uuid.UUID, person_id: uuid.UUID) -> Response | tuple[str, int]:
    """Have them do this. It counts at their next request."""
    roles = asked_roles()
    if not roles:
        return _page(who, organisation_id, person_id, roles, NO_ROLE), 422
    try:
        change_roles(session(), organisation_id, person_id, roles, now())
    except MemberUnknownError:
        abort(404)
    except LastManagerError:
        return _page(who, organisation_id, person_id, roles, LAST_MANAGER), 422
    except MixedError as error:
        return _page(who, organisation_id, person_id, roles, str(error)), 422
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


@blueprint.post("/people/<uuid:person_id>/remove")
@audited("removed")
@limited(SAVING, by_visit)
@requires("organisation.manage", load=permitted_member)
def remove_member(who: Caller, organisation_id: uuid.UUID, person_id: uuid.UUID) -> Response | tuple[str, int]:
    """Remove them. From their next request on they open nothing of the organisation."""
    try:
        remove(session(), organisation_id, person_id, now())
    except MemberUnknownError:
        abort(404)
    except LastManagerError:
        return _page(who, organisation_id, person_id, None, LAST_MANAGER), 422
    if person_id == who.id:
        return redirect(url_for("organisations.show_organisations"), 303)
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id, removed="yes"), 303)


@blueprint.get("/leave")
@requires("organisation.read", load=permitted_member)
def show_leave(who: Caller, organisation_id: uuid.UUID) -> str:
    """What leaving means, and the button."""
    return _leave_page(who, organisation_id)


@blueprint.post("/leave")
@audited("left")
@limited(SAVING, by_visit)
@requires("organisation.read", load=permitted_member)
def leave(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Do nothing there any more."""
    try:
        remove(session(), organisation_id, who.id, now())
    except MemberUnknownError:
        abort(404)
    except LastManagerError:
        return _leave_page(who, organisation_id, LAST_MANAGER), 422
    return redirect(url_for("organisations.show_organisations"), 303)


def _leave_page(who: Caller, organisation_id: uuid.UUID, error: str | None = None) -> str:
    organisation = organisation_or_404(session(), organisation_id)
    manages = who.has(Role.MANAGER, organisation_id)
    return render_template("people/organisation_leave.html", organisation=organisation, error=error, manages=manages)


def _page(
    who: Caller,
    organisation_id: uuid.UUID,
    person_id: uuid.UUID,
    typed: frozenset[Role] | None = None,
    error: str | None = None,
) -> str:
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        found = next((one for one in members(look, organisation_id) if one.id == person_id), None) or abort(404)
    return render_template(
        "people/organisation_member.html",
        organisation=organisation,
        member=found,
        roles=found.roles if typed is None else typed,
        error=error,
        myself=person_id == who.id,
    )

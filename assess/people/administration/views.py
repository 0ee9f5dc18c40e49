"""The first page of the desk, and the list of open invitations."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, Limit, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.administration.organisations import find_invitations, names_of
from assess.people.administration.paging import wanted_of
from assess.people.organisations.inviting import InvitationUnknownError, end, invitation_of

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
HOME = "/desk"
"""Where administrators land when they sign in."""

LISTING = Limit("desk-list", 60, 60)


@blueprint.get("")
@requires("desk.administer", check=permitted_person)
def show_desk() -> str:
    """The ways from here."""
    return render_template("people/desk.html")


@blueprint.get("/invitations")
@limited(LISTING, by_visit)
@requires("desk.administer", check=permitted_person)
def show_invitations() -> str:
    """Invitations nobody has accepted yet."""
    wanted = wanted_of(request.args.get("q"), request.args.get("page"))
    with database().reading() as look:
        found = find_invitations(look, wanted, now())
        names = names_of(look, found.rows)
    return render_template("people/desk_invitations.html", found=found, names=names, wanted=wanted)


@blueprint.post("/organisations/<uuid:organisation_id>/invitations/<uuid:invitation_id>/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("desk.administer", check=permitted_person)
def end_invitation(organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Response:
    """Take one back, for example when it went to a stranger."""
    try:
        end(session(), organisation_id, invitation_of(session(), organisation_id, invitation_id), now())
    except InvitationUnknownError:
        abort(404)
    return redirect(url_for("desk.show_invitations"), 303)

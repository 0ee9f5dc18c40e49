"""Saving what one looks for, and deleting it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.portfolio.board.filters import read_query
from assess.portfolio.board.saved import FilterUnfitError, forget, save

blueprint = Blueprint("filters", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/filters")


@blueprint.post("")
@audited("saved")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def save_filter(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Save it for me alone."""
    wanted, name = read_query(request.form.get("filter", "")), request.form.get("name", "")
    back = url_for("board.show_board", organisation_id=organisation_id) + "?" + wanted.query
    try:
        save(session(), organisation_id, who.id, name, wanted, now())
    except FilterUnfitError as fault:
        with database().reading() as look:
            organisation = organisation_or_404(look, organisation_id)
        page = render_template(
            "portfolio/board_save.html",
            organisation=organisation,
            wanted=wanted,
            name=name,
            fault=str(fault),
            back=back,
        )
        return page, 422
    return redirect(back, 303)


@blueprint.post("/<uuid:filter_id>/delete")
@audited("deleted")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def delete_filter(who: Caller, organisation_id: uuid.UUID, filter_id: uuid.UUID) -> Response:
    """Delete one of mine."""
    if not forget(session(), organisation_id, who.id, filter_id):
        abort(404)
    return redirect(url_for("board.show_board", organisation_id=organisation_id), 303)

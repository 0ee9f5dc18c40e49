"""What is shared with this buyer without being on its list, and putting it there."""

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
from assess.portfolio.board.unlisted import GrantNotThereError, alike, put_on_list, unlisted, unlisted_one

blueprint = Blueprint("unlisted", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/unlisted")
NEW = "new"


@blueprint.get("")
@requires("suppliers.read", check=permitted_member)
def show_unlisted(organisation_id: uuid.UUID) -> str:
    """All of them, the newest first."""
    with database().reading() as look:
        return render_template(
            "portfolio/board_unlisted.html",
            organisation=organisation_or_404(look, organisation_id),
            rows=unlisted(look, organisation_id, now()),
        )


@blueprint.get("/<uuid:unlisted_id>")
@requires("suppliers.read", check=permitted_member)
def show_one(organisation_id: uuid.UUID, unlisted_id: uuid.UUID) -> str:
    """One of them: to which entry it belongs."""
    return _page(organisation_id, unlisted_id, None)


@blueprint.post("/<uuid:unlisted_id>")
@audited("added")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def add_unlisted(who: Caller, organisation_id: uuid.UUID, unlisted_id: uuid.UUID) -> Response | tuple[str, int]:
    """Put it on the list, or to an entry that is there."""
    to = request.form.get("to", "")
    try:
        entry = None if to == NEW else uuid.UUID(to)
    except ValueError:
        return _page(organisation_id, unlisted_id, "Choose where it belongs."), 422
    try:
        supplier = put_on_list(session(), organisation_id, unlisted_id, entry, now(), by=who.id)
    except GrantNotThereError:
        abort(404)
    return redirect(url_for("supplier.show_supplier", organisation_id=organisation_id, supplier_id=supplier.id), 303)


def _page(organisation_id: uuid.UUID, grant_id: uuid.UUID, fault: str | None) -> str:
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        try:
            row = unlisted_one(look, organisation_id, grant_id, now())
        except GrantNotThereError:
            abort(404)
        return render_template(
            "portfolio/board_unlisted_one.html",
            organisation=organisation,
            row=row,
            alike=alike(look, organisation_id, row.name),
            fault=fault,
        )

"""The page of whom to call first."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request

from assess.kit.clock import now, today
from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import organisation_or_404, permitted_member
from assess.portfolio.calling.filling import weights_on
from assess.portfolio.calling.listing import page_of, read_cursor
from assess.portfolio.calling.words import PARTS

blueprint = Blueprint("calling", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")


@blueprint.get("/call-first")
@requires("suppliers.read", check=permitted_member)
def show_call_first(organisation_id: uuid.UUID) -> str:
    """By points, each with its reasons."""
    after = read_cursor(request.args.get("after", ""))
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        page = page_of(look, organisation_id, now(), after)
    return render_template(
        "portfolio/call_first.html",
        organisation=organisation,
        page=page,
        after=after,
        parts=PARTS,
        weights=weights_on(today()),
    )

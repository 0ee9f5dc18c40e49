"""The page on which a buyer reads what its suppliers say about it, together."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import organisation_or_404, permitted_member
from assess.portfolio.pressure.keeping import seen_by
from assess.portfolio.pressure.pooling import ANSWERS, FEWEST

blueprint = Blueprint("pressure", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/pressure")


@blueprint.get("")
@requires("suppliers.read", check=permitted_member)
def show_pressure(organisation_id: uuid.UUID) -> str:
    """The picture of this month."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        seen = seen_by(look, organisation_id)
    return render_template(
        "portfolio/pressure.html", organisation=organisation, seen=seen, answers=ANSWERS, fewest=FEWEST
    )

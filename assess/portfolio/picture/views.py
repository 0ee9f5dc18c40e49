"""The page with the picture of all suppliers."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from assess.kit.clock import now
from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import organisation_or_404, permitted_member
from assess.plans import charts
from assess.portfolio.picture import shapes
from assess.portfolio.picture.counting import BAND_WORDS
from assess.portfolio.picture.gathering import picture_of
from assess.portfolio.picture.rows import GROUPS

blueprint = Blueprint("picture", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")


@blueprint.get("/picture")
@requires("suppliers.read", check=permitted_member)
def show_picture(organisation_id: uuid.UUID) -> str:
    """Drawings, each with its table."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        picture = picture_of(look, organisation_id, organisation.name, now())
    return render_template(
        "portfolio/picture.html",
        organisation=organisation,
        picture=picture,
        bands=BAND_WORDS,
        groups=GROUPS,
        shapes=shapes,
        charts=charts,
    )

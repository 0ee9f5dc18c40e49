"""Taking all data of an organisation away: a page that has missing plans printed, and the file."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import Limit, count
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.plans.organisation_export.gathering import assessments_of, order_unprinted, unprinted
from assess.plans.organisation_export.packing import packed
from assess.plans.printing.standing import ON_ITS_WAY, Standing

blueprint = Blueprint("organisation_export", __name__, url_prefix="/organisations/<uuid:organisation_id>")
TAKING = Limit("organisation-export", 20, 3600)
PRINTING = Limit("organisation-print", 10, 3600)


@blueprint.get("/export")
@requires("organisation.manage", check=permitted_member)
def show_export(organisation_id: uuid.UUID) -> str:
    """What is in the file, and which plans are not printed yet."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        listed = assessments_of(look, organisation_id)
        missing = unprinted(look, listed, now())
    under_way = sum(standing in ON_ITS_WAY for standing in missing.values())
    return render_template(
        "plans/organisation_export.html",
        organisation=organisation,
        count=len(listed),
        missing=len(missing),
        under_way=under_way,
        given_up=sum(standing is Standing.GIVEN_UP for standing in missing.values()),
        to_order=len(missing) - under_way,
    )


@blueprint.post("/export")
@audited("made")
@requires("organisation.manage", check=permitted_member)
def print_missing(organisation_id: uuid.UUID) -> AnyResponse:
    """Have printed what is missing."""
    count(PRINTING, str(organisation_id))
    order_unprinted(session(), assessments_of(session(), organisation_id), now())
    return redirect(url_for("organisation_export.show_export", organisation_id=organisation_id), 303)


@blueprint.get("/export.zip")
@requires("organisation.manage", check=permitted_member)
def export(organisation_id: uuid.UUID) -> AnyResponse:
    """The file, sent while it is made."""
    count(TAKING, str(organisation_id))
    with database().reading() as look:
        organisation_or_404(look, organisation_id)
    response = Response(packed(database(), organisation_id, now()), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="organisation-{today().isoformat()}.zip"'
    return response

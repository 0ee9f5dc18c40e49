"""Deleting an organisation, by a manager: with its name typed, and after proving who asks."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.db import session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.organisations.deleting import delete_organisation, is_name_of
from assess.people.organisations.views import ways_of

blueprint = Blueprint("organisation_delete", __name__, url_prefix="/organisations/<uuid:organisation_id>")
NOT_THE_NAME = "Type the name exactly as it stands above, to show that you mean this one."


@blueprint.get("/delete")
@requires("organisation.manage", check=permitted_member)
def show_delete(organisation_id: uuid.UUID) -> str:
    """What goes, what stays, and the form."""
    return _page(organisation_id)


@blueprint.post("/delete")
@audited("deleted")
@limited(SAVING, by_visit)
@requires("organisation.manage", check=permitted_member)
def delete_it(organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Delete it, at once and for good."""
    organisation = organisation_or_404(session(), organisation_id)
    if not is_name_of(request.form.get("name", ""), organisation):
        return _page(organisation_id, request.form.get("name", ""), NOT_THE_NAME), 422
    delete_organisation(session(), organisation)
    return redirect(url_for("organisations.show_organisations"), 303)


def _page(organisation_id: uuid.UUID, typed: str = "", error: str | None = None) -> str:
    return render_template(
        "people/organisation_delete.html",
        organisation=organisation_or_404(session(), organisation_id),
        typed=typed,
        error=error,
        backup_days=settings_of(current_app).backup_days,
        back=url_for("organisations.show_organisation", organisation_id=organisation_id),
        export=ways_of(organisation_id)["export"],
    )

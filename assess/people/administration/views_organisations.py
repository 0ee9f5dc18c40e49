"""Pages of the desk about organisations. Nothing here reads an answer, a result or a plan."""

from __future__ import annotations

import io
import json
import uuid
import zipfile

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_person
from assess.people.administration.organisations import (
    YearsUnfitError,
    find_organisations,
    keep_for,
    years_offered,
)
from assess.people.administration.paging import wanted_of
from assess.people.administration.views import LISTING
from assess.people.organisations.deleting import delete_organisation, is_name_of
from assess.people.organisations.described import describe
from assess.people.organisations.inviting import open_invitations
from assess.people.organisations.keeping import members, sites
from assess.people.organisations.names import confirmed_words, name_note
from assess.people.organisations.views_delete import NOT_THE_NAME

blueprint = Blueprint("desk_organisations", __name__, url_prefix="/desk/organisations")
NO_YEARS = "Choose for how long."


@blueprint.get("")
@limited(LISTING, by_visit)
@requires("desk.administer", check=permitted_person)
def show_all() -> str:
    """All organisations, searched."""
    wanted = wanted_of(request.args.get("q"), request.args.get("page"))
    with database().reading() as look:
        found = find_organisations(look, wanted)
    return render_template(
        "people/desk_organisations.html", found=found, wanted=wanted, note=lambda one: name_note(one, today())
    )


@blueprint.get("/<uuid:organisation_id>")
@requires("desk.administer", check=permitted_person)
def show_one(organisation_id: uuid.UUID) -> str:
    """One of them: its people, its sites, and what may be done."""
    return _page(organisation_id)


@blueprint.post("/<uuid:organisation_id>/keep")
@audited("saved")
@limited(SAVING, by_visit)
@requires("desk.administer", check=permitted_person)
def save_years(organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """For how long its submissions are kept. What is older goes with the next tidying."""
    organisation = organisation_or_404(session(), organisation_id)
    try:
        keep_for(organisation, request.form.get("years", "?"), settings_of(current_app).submission_years)
    except YearsUnfitError:
        return _page(organisation_id, years=NO_YEARS), 422
    return _back(organisation_id)


@blueprint.get("/<uuid:organisation_id>/export.zip")
@requires("desk.administer", check=permitted_person)
def export(organisation_id: uuid.UUID) -> Response:
    """Its people, roles, sites and invitations as a file: for a request for data. Its answers only its own managers can take."""
    with database().reading() as look:
        data = describe(look, organisation_or_404(look, organisation_id), now())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("organisation.json", json.dumps(data, ensure_ascii=False, indent=2))
    response = make_response(packed.getvalue())
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="organisation-{today().isoformat()}.zip"'
    return response


@blueprint.get("/<uuid:organisation_id>/delete")
@requires("desk.administer", check=permitted_person)
def show_delete(organisation_id: uuid.UUID) -> str:
    """What goes, what stays, and the form."""
    return _delete_page(organisation_id)


@blueprint.post("/<uuid:organisation_id>/delete")
@audited("deleted")
@limited(SAVING, by_visit)
@requires("desk.administer", check=permitted_person)
def delete_it(organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Delete it, at once and for good."""
    organisation = organisation_or_404(session(), organisation_id)
    if not is_name_of(request.form.get("name", ""), organisation):
        return _delete_page(organisation_id, request.form.get("name", ""), NOT_THE_NAME), 422
    delete_organisation(session(), organisation)
    return redirect(url_for("desk_organisations.show_all"), 303)


def _back(organisation_id: uuid.UUID) -> Response:
    return redirect(url_for("desk_organisations.show_one", organisation_id=organisation_id), 303)


def _page(organisation_id: uuid.UUID, **faults: str) -> str:
    years = settings_of(current_app).submission_years
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        return render_template(
            "people/desk_organisation.html",
            organisation=organisation,
            note=name_note(organisation, today()),
            shown_by=confirmed_words(organisation, today()),
            sites=sites(look, organisation_id),
            members=members(look, organisation_id),
            invitations=open_invitations(look, organisation_id, now()),
            longest=years,
            years=years_offered(years),
            faults=faults,
        )


def _delete_page(organisation_id: uuid.UUID, typed: str = "", error: str | None = None) -> str:
    return render_template(
        "people/organisation_delete.html",
        organisation=organisation_or_404(session(), organisation_id),
        typed=typed,
        error=error,
        backup_days=settings_of(current_app).backup_days,
        back=url_for("desk_organisations.show_one", organisation_id=organisation_id),
        export=None,
    )

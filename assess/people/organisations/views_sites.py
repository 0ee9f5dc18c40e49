"""Pages for the sites of an organisation."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.organisations.keeping import (
    MOST_SITES,
    SiteInUseError,
    SiteTwiceError,
    SiteUnknownError,
    TooManySitesError,
    add_site,
    is_in_use,
    remove_site,
    rename_site,
    site_of,
)
from assess.people.organisations.members import lock
from assess.people.organisations.naming import NameUnfitError, fit_name

blueprint = Blueprint("sites", __name__, url_prefix="/organisations/<uuid:organisation_id>/sites")
WHAT = "the name of the site"
TWICE = "Enter another name: you have a site of this name."
IN_USE = "Something belongs to this site, so it cannot be removed. Move it to another site first."


@blueprint.get("/new")
@requires("organisation.manage", check=permitted_member)
def show_new(organisation_id: uuid.UUID) -> str:
    """The form to add one."""
    return _page(organisation_id)


@blueprint.post("/new")
@audited("added")
@limited(SAVING, by_visit)
@requires("organisation.manage", check=permitted_member)
def add_one(organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Add one."""
    typed = request.form.get("name", "")
    try:
        name = fit_name(typed, WHAT)
        lock(session(), organisation_id)  # two at once do not add the same
        add_site(session(), organisation_id, name, now())
    except NameUnfitError as error:
        return _page(organisation_id, typed, str(error)), 422
    except SiteTwiceError:
        return _page(organisation_id, typed, TWICE), 422
    except TooManySitesError:
        return _page(organisation_id, typed, f"An organisation can have {MOST_SITES} sites here."), 422
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


@blueprint.get("/<uuid:site_id>")
@requires("organisation.manage", check=permitted_member)
def show_site(organisation_id: uuid.UUID, site_id: uuid.UUID) -> str:
    """The form to rename or remove one."""
    return _site_page(organisation_id, site_id)


@blueprint.post("/<uuid:site_id>")
@audited("changed")
@limited(SAVING, by_visit)
@requires("organisation.manage", check=permitted_member)
def rename_one(organisation_id: uuid.UUID, site_id: uuid.UUID) -> Response | tuple[str, int]:
    """Call it otherwise."""
    typed = request.form.get("name", "")
    try:
        rename_site(session(), organisation_id, site_id, fit_name(typed, WHAT))
    except NameUnfitError as error:
        return _site_page(organisation_id, site_id, typed, str(error)), 422
    except SiteTwiceError:
        return _site_page(organisation_id, site_id, typed, TWICE), 422
    except SiteUnknownError:
        abort(404)
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


@blueprint.post("/<uuid:site_id>/remove")
@audited("removed")
@limited(SAVING, by_visit)
@requires("organisation.manage", check=permitted_member)
def remove_one(organisation_id: uuid.UUID, site_id: uuid.UUID) -> Response | tuple[str, int]:
    """Remove it when nothing belongs to it."""
    try:
        remove_site(session(), organisation_id, site_id)
    except SiteInUseError:
        return _site_page(organisation_id, site_id, error=IN_USE), 422
    except SiteUnknownError:
        abort(404)
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


def _page(organisation_id: uuid.UUID, typed: str = "", error: str | None = None) -> str:
    organisation = organisation_or_404(session(), organisation_id)
    return render_template("people/organisation_site_new.html", organisation=organisation, typed=typed, error=error)


def _site_page(
    organisation_id: uuid.UUID, site_id: uuid.UUID, typed: str | None = None, error: str | None = None
) -> str:
    with database().reading() as look:
        try:
            site = site_of(look, organisation_id, site_id)
        except SiteUnknownError:
            abort(404)
        return render_template(
            "people/organisation_site.html",
            id=organisation_id,
            place=site,
            typed=site.name if typed is None else typed,
            error=error,
            in_use=is_in_use(look, site_id),
        )

"""A new assessment for an organisation: which kind of work, how long, which place."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.answering import OrganisationField, save_organisation, start
from assess.assessments.owning.places import Typed, read_place, site_for
from assess.assessments.views_start import LENGTHS
from assess.banks.editions import published
from assess.kit.application import settings_of
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import STARTING, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_member
from assess.people.models import Organisation
from assess.people.organisations.keeping import sites as sites_in

blueprint = Blueprint("begin", __name__, url_prefix="/organisations/<uuid:organisation_id>/begin")
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@requires("assessment.again", check=permitted_member)
def show_begin(organisation_id: uuid.UUID) -> Answer:
    """What is asked before the first question."""
    return _page(organisation_id)


@blueprint.post("")
@audited("begun")
@limited(STARTING)
@requires("assessment.again", check=permitted_member)
def begin(organisation_id: uuid.UUID) -> Answer:
    """Begin it, with the name that is known already."""
    with database().reading() as look:
        target = published(look).get(request.form.get("bank", ""))
    typed = read_place(request.form, sites_in(session(), organisation_id))
    faults = dict(typed.faults)
    if target is None:
        faults["bank"] = "Choose what is done there."
    if request.form.get("length") not in LENGTHS:
        faults["length"] = "Choose how much time you have."
    if faults or target is None or target.id is None:
        return _page(organisation_id, typed, faults), 422
    moment = now()
    made = start(session(), target.id, quick=request.form["length"] == "quick", now=moment)
    organisation = session().get(Organisation, organisation_id) or abort(404)
    note_about("assessment", made.id)
    made.organisation_id = organisation.id
    made.site_id = site_for(session(), organisation.id, typed.place, moment)
    known: dict[OrganisationField, str | None] = {"name": organisation.name}
    if organisation.company_number:
        known["company_number"] = organisation.company_number
    save_organisation(session(), made.id, known, {}, moment)
    return redirect(url_for("tasks.show_tasks", assessment_id=made.id), 303)


def _page(organisation_id: uuid.UUID, typed: Typed | None = None, faults: Mapping[str, str] | None = None) -> str:
    settings = settings_of(current_app)
    with database().reading() as look:
        organisation = look.get(Organisation, organisation_id) or abort(404)
        banks = [(bank, loaded.edition.title) for bank, loaded in published(look).items()]
        sites = sites_in(look, organisation_id)
    return render_template(
        "assessments/begin.html",
        organisation=organisation,
        banks=banks,
        bank=request.form.get("bank"),
        lengths=[
            ("quick", _with_minutes("Quick check", settings.quick_minutes)),
            ("full", _with_minutes("Full assessment", settings.full_minutes)),
        ],
        length=request.form.get("length"),
        sites=sites,
        at=typed.site if typed else None,
        site_name=typed.name if typed else "",
        faults=dict(faults or {}),
    )


def _with_minutes(what: str, minutes: int) -> str:
    return f"{what}, about {minutes} minutes" if minutes else what

"""The page of an organisation about its name: how it stands, what that means, asking to have it confirmed, and the code of the letter."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, Limit, by_visit, count, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.people.models import Person
from assess.people.organisations.members import lock
from assess.people.organisations.names import (
    UNDONE_WITHIN,
    YEARS,
    NotNowError,
    ask,
    confirmed_words,
    enter_code,
    is_limited,
    latest_decision,
    open_code,
    prove_domain,
    standing_of,
)
from assess.people.organisations.naming import DomainUnfitError, is_of_government, own_domain

blueprint = Blueprint("names", __name__, url_prefix="/organisations/<uuid:organisation_id>/name")

ASKING = Limit("ask-name", 3, 86_400)
"""How often an organisation may ask in a day: each time the desks are written to."""
ENTERING = Limit("enter-name-code", 10, 3_600)
NOT_THE_CODE = "This is not the code of our last letter. Check it, or ask us for a new letter."
NOBODYS = "Anybody can have an address there, so it does not show whose it is."


@blueprint.get("")
@requires("organisation.manage", load=permitted_member)
def show_name(who: Caller, organisation_id: uuid.UUID) -> str:
    """How it stands with the name, and what to do."""
    return _page(who, organisation_id)


@blueprint.post("/ask")
@audited("asked")
@limited(SAVING, by_visit)
@requires("organisation.manage", load=permitted_member)
def ask_for_name(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Ask the desk to look at the name. What it looks like tells nobody anything: every name waits in the same words."""
    count(ASKING, str(organisation_id))
    organisation = lock(session(), organisation_id) or organisation_or_404(session(), organisation_id)
    if request.form.get("ours") == "yes":
        try:
            prove_domain(organisation, who.email)
        except DomainUnfitError:
            return _page(who, organisation_id, ours=NOBODYS), 422
    try:
        ask(session(), organisation, session().get_one(Person, who.id), now())
    except NotNowError:  # somebody else asked, or the desk decided
        return redirect(url_for("names.show_name", organisation_id=organisation_id), 303)
    return redirect(url_for("names.show_name", organisation_id=organisation_id, done="asked"), 303)


@blueprint.post("/code")
@audited("saved")
@limited(SAVING, by_visit)
@requires("organisation.manage", load=permitted_member)
def save_code(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """The code of the letter to the registered office."""
    count(ENTERING, str(organisation_id))
    organisation = lock(session(), organisation_id) or organisation_or_404(session(), organisation_id)
    if not enter_code(session(), organisation, request.form.get("code", "")[:40], now()):
        # the try is counted, whatever else becomes of this request
        return _page(who, organisation_id, code=NOT_THE_CODE), 422
    return redirect(url_for("names.show_name", organisation_id=organisation_id, done="code"), 303)


def _page(who: Caller, organisation_id: uuid.UUID, **faults: str) -> str:
    try:
        domain = own_domain(who.email)
    except DomainUnfitError:
        domain = None
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        return render_template(
            "people/organisation_name.html",
            organisation=organisation,
            standing=standing_of(look, organisation, today()),
            limited=is_limited(organisation, today()),
            shown_by=confirmed_words(organisation, today()),
            decision=latest_decision(look, organisation),
            code=open_code(look, organisation, now()),
            domain=domain,
            of_government=domain is not None and is_of_government(domain),
            years=YEARS,
            undone_days=UNDONE_WITHIN.days,
            operator=settings_of(current_app).operator,
            contact=settings_of(current_app).operator_contact,
            faults=faults,
        )

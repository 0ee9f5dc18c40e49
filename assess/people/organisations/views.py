"""Pages of an organisation: beginning one, what it is, and what it is called."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member, permitted_person
from assess.people.accounts.door import HOME
from assess.people.caller import Caller
from assess.people.models import Organisation, Role
from assess.people.organisations.asking import count_beginning, sends_mail
from assess.people.organisations.inviting import open_invitations
from assess.people.organisations.keeping import begin, members, organisations_of, sites, words_of
from assess.people.organisations.members import HINTS, WORDS, lock
from assess.people.organisations.names import give_number, name_note, rename
from assess.people.organisations.naming import (
    NameUnfitError,
    NumberUnfitError,
    fit_company_number,
    fit_organisation_name,
)

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")
ANSWERS = frozenset({Role.MANAGER, Role.RESPONDENT, Role.SIGNER})


@blueprint.app_template_global("role_words")
def role_words(roles: frozenset[Role]) -> str:
    """What somebody does, in words: “Manager; signs off”."""
    first, *more = words_of(roles, WORDS) or ["Nothing"]
    return "; ".join([first, *map(str.lower, more)])


@blueprint.app_template_global("role_options")
def role_options(chosen: frozenset[Role]) -> list[dict[str, object]]:
    """Tick boxes for the roles."""
    return [
        {
            "id": "roles" if place == 0 else f"roles-{role.value}",
            "value": role.value,
            "text": WORDS[role],
            "hint": {"text": HINTS[role]},
            "checked": role in chosen,
        }
        for place, role in enumerate(Role)
    ]


@blueprint.get("")
@requires("organisation.begin", load=permitted_person)
def show_organisations(who: Caller) -> str:
    """Those I act for."""
    with database().reading() as look:
        mine = organisations_of(look, list(who.roles))
    return render_template(
        "people/organisations.html", mine=mine, who=who, note=lambda one: name_note(one, today()), account=HOME
    )


@blueprint.get("/new")
@requires("organisation.begin", check=permitted_person)
def show_new() -> str:
    """The form to begin one."""
    return _new_page({}, {})


@blueprint.post("/new")
@audited("begun")
@limited(SAVING, by_visit)
@requires("organisation.begin", load=permitted_person)
def begin_one(who: Caller) -> Response | tuple[str, int]:
    """Begin one."""
    name, number, faults = _typed_details()
    if faults:
        return _new_page(request.form, faults), 422
    count_beginning(who.id)
    organisation = begin(session(), name, number, who.id, now())
    note_about("organisation", organisation.id)
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation.id), 303)


@blueprint.get("/<uuid:organisation_id>")
@requires("organisation.read", load=permitted_member)
def show_organisation(who: Caller, organisation_id: uuid.UUID) -> str:
    """What it is, who is in it, and the ways from here."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        manages = who.has(Role.MANAGER, organisation_id)
        return render_template(
            "people/organisation.html",
            organisation=organisation,
            note=name_note(organisation, today()),
            who=who,
            manages=manages,
            answers=bool(who.roles[organisation_id] & ANSWERS),
            buys=who.has(Role.BUYER, organisation_id),
            sites=sites(look, organisation_id),
            members=members(look, organisation_id),
            invitations=open_invitations(look, organisation_id, now()) if manages else [],
            sends_mail=sends_mail(),
            ways=ways_of(organisation_id),
        )


@blueprint.get("/<uuid:organisation_id>/details")
@requires("organisation.manage", check=permitted_member)
def show_details(organisation_id: uuid.UUID) -> str:
    """The form for name and number."""
    organisation = organisation_or_404(session(), organisation_id)
    typed = {"name": organisation.name, "company_number": organisation.company_number or ""}
    return _details_page(organisation, typed, {})


@blueprint.post("/<uuid:organisation_id>/details")
@audited("saved")
@limited(SAVING, by_visit)
@requires("organisation.manage", check=permitted_member)
def save_details(organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Call it otherwise. What confirmed the old name confirms nothing of the new one."""
    name, number, faults = _typed_details()
    # held, so that a name confirmed at this very moment is not confirmed for what it is called next
    organisation = lock(session(), organisation_id) or organisation_or_404(session(), organisation_id)
    if faults:
        return _details_page(organisation, request.form, faults), 422
    rename(session(), organisation, name, now())
    give_number(session(), organisation, number, now())
    return redirect(url_for("organisations.show_organisation", organisation_id=organisation_id), 303)


def ways_of(organisation_id: uuid.UUID) -> dict[str, str]:
    """Pages of the rooms above, by their plain addresses."""
    here = f"/organisations/{organisation_id}"
    return {
        "plans": f"{here}/plans",
        "asked": f"{here}/asked",
        "export": f"{here}/export",
        "shared": "/shared",
        "suppliers": f"{here}/suppliers",
        "chain": f"{here}/chain-sharing",
    }


def _typed_details() -> tuple[str, str | None, dict[str, str]]:
    faults: dict[str, str] = {}
    name, number = "", None
    try:
        name = fit_organisation_name(request.form.get("name", ""))
    except NameUnfitError as error:
        faults["name"] = str(error)
    try:
        number = fit_company_number(request.form.get("company_number", ""))
    except NumberUnfitError as error:
        faults["company_number"] = str(error)
    return name, number, faults


def _new_page(typed: object, faults: dict[str, str]) -> str:
    return render_template("people/organisation_new.html", typed=typed, faults=faults)


def _details_page(organisation: Organisation, typed: object, faults: dict[str, str]) -> str:
    return render_template(
        "people/organisation_details.html",
        organisation=organisation,
        note=name_note(organisation, today()),
        typed=typed,
        faults=faults,
    )

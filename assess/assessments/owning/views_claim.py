"""“Keep this with an account”: a business that began without one takes its assessment over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.fields import sentences
from assess.assessments.identity import Name
from assess.assessments.owning.claiming import (
    FILLS,
    AlreadyClaimedError,
    NotYoursError,
    claim,
    links_that_work,
    mine,
)
from assess.assessments.owning.leaving import end_ways_in
from assess.assessments.owning.places import NEW, Typed, read_place
from assess.assessments.typed import LONGEST_RAW
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.accounts.door import signed_in_or_sign_in
from assess.people.accounts.installation import accounts_available
from assess.people.caller import Caller
from assess.people.models import Organisation, Site
from assess.people.organisations.asking import count_beginning
from assess.people.organisations.keeping import begin
from assess.people.organisations.keeping import sites as sites_in

NO_NAME = "Enter the name of your organisation."
blueprint = Blueprint("claim", __name__, url_prefix="/assessments/<uuid:assessment_id>/claim")
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which organisation: one of mine, or a new one (None)."""

    organisation: Organisation | None


@blueprint.app_template_global("accounts_offered")
def accounts_offered() -> bool:
    """Whether this installation sends mail: without it nobody can have an account."""
    return accounts_available()


@blueprint.get("")
@requires("assessment.claim", load=workspace)
def show_claim(work: Workspace) -> Answer:
    """First which organisation, then which place. Whoever has no organisation yet goes on at once."""
    who = signed_in_or_sign_in()
    organisations = mine(session(), who, FILLS)
    chosen = _chosen(organisations, request.args.get("to", "" if organisations else NEW))
    if chosen is None:
        error = "Choose whose self-check this is." if "asked" in request.args else None
        return _which_page(work, organisations, error)
    return _form_page(work, chosen)


@blueprint.post("")
@audited("claimed")
@limited(SAVING, by_visit)
@requires("assessment.claim", load=workspace)
def take(work: Workspace) -> Answer:
    """Keep it. Whoever comes second is told that it is kept already."""
    who = signed_in_or_sign_in()
    with database().reading() as look:
        organisations = mine(look, who, FILLS)
    chosen = _chosen(organisations, request.form.get("to", ""))
    if chosen is None:
        return _which_page(work, organisations, "Choose whose self-check this is."), 422
    name, faults = _name(chosen)
    typed = read_place(request.form, _sites(chosen))
    faults |= typed.faults
    if faults:
        return _form_page(work, chosen, typed, faults), 422
    if chosen.organisation is None:
        count_beginning(who.id)
    try:
        _take(work, who, chosen, name, typed)
    except AlreadyClaimedError:
        roll_back_request()
        return _kept_page(work), 409
    except NotYoursError:
        roll_back_request()
        return _form_page(work, chosen, typed, {"site": "Choose which place this is about."}), 422
    if "end_links" in request.form:
        end_ways_in(session(), work.id, now())
    return make_response(redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303))


def _take(work: Workspace, who: Caller, chosen: _Chosen, name: str, typed: Typed) -> None:
    organisation = chosen.organisation
    if organisation is None:
        number = work.opened.organisation.get("company_number")
        organisation = begin(session(), name, number, who.id, now())
    claim(session(), work.id, organisation.id, typed.place, now())
    note_about("organisation", organisation.id)


def _chosen(organisations: Sequence[Organisation], to: str) -> _Chosen | None:
    if to == NEW:
        return _Chosen(None)
    found = next((one for one in organisations if str(one.id) == to), None)
    return None if found is None else _Chosen(found)


def _sites(chosen: _Chosen) -> list[Site]:
    if chosen.organisation is None:
        return []
    with database().reading() as look:
        return list(sites_in(look, chosen.organisation.id))


def _name(chosen: _Chosen) -> tuple[str, dict[str, str]]:
    if chosen.organisation is not None:
        return chosen.organisation.name, {}
    try:
        typed = request.form.get("name", "")[:LONGEST_RAW].strip()
        return (Name().deserialize(typed), {}) if typed else ("", {"name": NO_NAME})
    except ValidationError as refusal:
        return "", {"name": " ".join(sentences(refusal))}


def _which_page(work: Workspace, organisations: Sequence[Organisation], error: str | None) -> str:
    return render_template(
        "assessments/claim_which.html",
        id=work.id,
        choices=[(str(one.id), one.name) for one in organisations] + [(NEW, "Another one, that is not here yet")],
        error=error,
    )


def _form_page(
    work: Workspace, chosen: _Chosen, typed: Typed | None = None, faults: Mapping[str, str] | None = None
) -> str:
    organisation = chosen.organisation
    said = work.opened.organisation
    return render_template(
        "assessments/claim.html",
        id=work.id,
        to=NEW if organisation is None else str(organisation.id),
        organisation=organisation.name if organisation else None,
        name=request.form.get("name", said.get("name", ""))[:LONGEST_RAW],
        sites=_sites(chosen),
        at=typed.site if typed else None,
        site_name=typed.name if typed else said.get("postcode", ""),
        links=len(links_that_work(session(), work.id)),
        end_links=request.method != "POST" or "end_links" in request.form,
        faults=dict(faults or {}),
    )


def _kept_page(work: Workspace) -> str:
    return render_template("assessments/claim_kept.html", id=work.id)

"""A second site or sector that starts from this one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.models import Assessment
from assess.assessments.owning.claiming import FILLS
from assess.assessments.owning.copying import begin_again, taken_over
from assess.assessments.owning.places import Place, Typed, read_place, site_for
from assess.assessments.visits import note_use, open_started
from assess.banks.editions import published
from assess.banks.reader import LoadedEdition
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.cookies import remember_visit, visit_token
from assess.kit.db import database, session
from assess.kit.limits import STARTING, limited
from assess.kit.route_permissions import audited, requires
from assess.people.caller import caller
from assess.people.models import Site
from assess.people.organisations.keeping import sites as sites_in

blueprint = Blueprint("again", __name__, url_prefix="/assessments/<uuid:assessment_id>/again")
Answer = str | Response | tuple[str, int]
SAME, OTHER = "same", "other"


@blueprint.get("")
@requires("assessment.again", load=workspace)
def show_again(work: Workspace) -> Answer:
    """Which sector and which place."""
    return _page(work)


@blueprint.post("")
@audited("begun")
@limited(STARTING)
@requires("assessment.again", load=workspace)
def start_again(work: Workspace) -> Answer:
    """Begin the second one with what fits both, to be confirmed there."""
    with database().reading() as look:
        editions = published(look)
    target = editions.get(request.form.get("bank", ""))
    organisation_id, site_id = _whose(work)
    faults: dict[str, str] = {} if target is not None else {"bank": "Choose what is done there."}
    typed = None
    if organisation_id is not None:
        typed = read_place(request.form, sites_in(session(), organisation_id))
        faults |= typed.faults
    elif request.form.get("place") not in {SAME, OTHER}:
        faults["place"] = "Choose whether it is at the same place."
    if faults or target is None:
        return _page(work, typed, faults), 422
    place = typed.place if typed else None
    made = _begin(work, target, organisation_id, site_id, place)
    response = redirect(url_for("links.show_link", assessment_id=made.id), 303)
    if organisation_id is not None:
        return redirect(url_for("tasks.show_tasks", assessment_id=made.id), 303)
    token = open_started(session(), made.id, now(), token=visit_token())
    note_use(session(), token, work.id, now())
    return remember_visit(make_response(response), token)


def _begin(
    work: Workspace,
    target: LoadedEdition,
    organisation_id: uuid.UUID | None,
    site_id: uuid.UUID | None,
    place: Place | None,
) -> Assessment:
    moment = now()
    if organisation_id is None or place is None:
        chosen, same = None, request.form.get("place") == SAME
    else:
        chosen = site_for(session(), organisation_id, place, moment)
        same = chosen is not None and chosen == site_id
    taken = taken_over(work, target.edition, same_place=same)
    made = begin_again(session(), target, taken, moment, quick=work.opened.quick)
    made.organisation_id, made.site_id = organisation_id, chosen
    session().flush()
    note_about("assessment", made.id)  # what was begun, and not what it began from
    if organisation_id is not None:
        note_about("organisation", organisation_id)
    return made


def _whose(work: Workspace) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The organisation the second one will belong to, and the site of the first; None for whoever only holds it by a link."""
    with database().reading() as look:
        found = look.get(Assessment, work.id)
    who = caller()
    if found is None or found.organisation_id is None or who is None:
        return None, None
    return (
        (found.organisation_id, found.site_id)
        if who.roles.get(found.organisation_id, frozenset()) & FILLS
        else (None, None)
    )


def _page(work: Workspace, typed: Typed | None = None, faults: Mapping[str, str] | None = None) -> str:
    organisation_id, _ = _whose(work)
    sites: list[Site] = []
    with database().reading() as look:
        editions = published(look)
        if organisation_id is not None:
            sites = list(sites_in(look, organisation_id))
    here = work.ref.bank
    banks = sorted(editions.items(), key=lambda one: one[0] != here)
    return render_template(
        "assessments/again.html",
        id=work.id,
        banks=[(bank, loaded.edition.title) for bank, loaded in banks],
        bank=request.form.get("bank"),
        kept=organisation_id is not None,
        sites=sites,
        at=typed.site if typed else None,
        site_name=typed.name if typed else "",
        place=request.form.get("place"),
        faults=dict(faults or {}),
    )

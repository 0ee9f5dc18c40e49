"""Moving what is kept already: to another place of the organisation, or to another organisation of the same manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.owning.around import around
from assess.assessments.owning.claiming import MANAGES, NotYoursError, mine, move
from assess.assessments.owning.places import Typed, read_place
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.db import roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.accounts.door import signed_in_or_sign_in
from assess.people.models import Organisation, Site
from assess.people.organisations.keeping import sites as sites_in

blueprint = Blueprint("move", __name__, url_prefix="/assessments/<uuid:assessment_id>/move")
Answer = str | Response | tuple[str, int]
SURE = "Tick the box to say that you want to move it."


@blueprint.get("")
@requires("organisation.manage", load=workspace)
def show_move(work: Workspace) -> Answer:
    """First to which organisation, where there are several; then to which place."""
    who = signed_in_or_sign_in()
    organisations = mine(session(), who, MANAGES)
    chosen = _chosen(organisations, request.args.get("to"))
    if chosen is None:
        error = "Choose to which organisation." if "asked" in request.args else None
        return render_template(
            "assessments/move_which.html",
            id=work.id,
            choices=[(str(one.id), one.name) for one in organisations],
            error=error,
        )
    return _form_page(work, chosen)


@blueprint.post("")
@audited("moved")
@limited(SAVING, by_visit)
@requires("organisation.manage", load=workspace)
def move_it(work: Workspace) -> Answer:
    """Move it. Going to another organisation needs a tick, for its people see the answers from then on."""
    who = signed_in_or_sign_in()
    chosen = _chosen(mine(session(), who, MANAGES), request.form.get("to"))
    if chosen is None:
        abort(404)
    typed = read_place(request.form, sites_in(session(), chosen.id))
    faults = dict(typed.faults)
    if _is_elsewhere(work, chosen) and "sure" not in request.form:
        faults["sure"] = SURE
    if faults:
        return _form_page(work, chosen, typed, faults), 422
    try:
        move(session(), work.id, chosen.id, typed.place, now())
        note_about("organisation", chosen.id)
    except NotYoursError:
        roll_back_request()
        return _form_page(work, chosen, typed, {"site": "Choose which place this is about."}), 422
    return redirect(url_for("tasks.show_tasks", assessment_id=work.id), 303)


def _chosen(organisations: Sequence[Organisation], to: str | None) -> Organisation | None:
    if to is None and len(organisations) == 1:
        return organisations[0]
    return next((one for one in organisations if str(one.id) == to), None)


def _is_elsewhere(work: Workspace, chosen: Organisation) -> bool:
    return around(work).plans != chosen.id


def _form_page(
    work: Workspace, chosen: Organisation, typed: Typed | None = None, faults: Mapping[str, str] | None = None
) -> str:
    here = around(work)
    sites: Sequence[Site] = sites_in(session(), chosen.id)
    return render_template(
        "assessments/move.html",
        id=work.id,
        kept=here,
        to=chosen,
        elsewhere=_is_elsewhere(work, chosen),
        sites=sites,
        at=typed.site if typed else None,
        site_name=typed.name if typed else "",
        faults=dict(faults or {}),
    )

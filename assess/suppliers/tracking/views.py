"""The trail of a supplier: read, added to, printed and taken away as a file."""

from __future__ import annotations

import uuid

from flask import Blueprint, make_response, redirect, render_template, request, stream_with_context, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.integers import page_asked
from assess.kit.limits import SAVING, Limit, by_visit, count, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.people.models import Organisation
from assess.suppliers.door import supplier_or_404
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.models import Supplier
from assess.suppliers.tracking.call_form import Faults, TypedCall, call_of, read_call
from assess.suppliers.tracking.exporting import trail_file, trail_of_all
from assess.suppliers.tracking.lines import WAYS, Line, Words
from assess.suppliers.tracking.noting import LONGEST_AGREED, note_call
from assess.suppliers.trail import trail_of

blueprint = Blueprint("trail", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")
EXPORTING = Limit("trail-file", 60, 3600)
PAGE = 100
"""Entries on one page."""
NAME = "trail"
"""What a file is called, before its date."""


@blueprint.get("/<uuid:supplier_id>/trail")
@requires("suppliers.read", check=permitted_member)
def show_trail(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """All that was done, the latest first."""
    page = page_asked()
    with database().reading() as look:
        organisation, supplier, shown, lines = _trail(look, organisation_id, supplier_id)
    lines.reverse()
    return render_template(
        "suppliers/trail.html",
        organisation=organisation,
        supplier=supplier,
        several=len(shown) > 1,
        lines=lines[(page - 1) * PAGE : page * PAGE],
        total=len(lines),
        page=page,
        more=len(lines) > page * PAGE,
        noted=request.args.get("noted") == "yes",
    )


@blueprint.get("/<uuid:supplier_id>/trail/print")
@requires("suppliers.read", check=permitted_member)
def show_printed(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """All of it on one page for paper, the oldest first."""
    with database().reading() as look:
        organisation, supplier, shown, lines = _trail(look, organisation_id, supplier_id)
    return render_template(
        "suppliers/trail_print.html",
        organisation=organisation,
        supplier=supplier,
        several=len(shown) > 1,
        lines=lines,
        on=today(),
    )


@blueprint.get("/<uuid:supplier_id>/trail.csv")
@requires("suppliers.read", check=permitted_member)
def one_as_csv(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    """The same as a file."""
    count(EXPORTING, str(organisation_id))
    with database().reading() as look:
        content = trail_file(look, supplier_or_404(look, organisation_id, supplier_id))
    return _as_file(make_response(content))


@blueprint.get("/trail.csv")
@requires("suppliers.read", check=permitted_member)
def all_as_csv(organisation_id: uuid.UUID) -> Response:
    """The trails of all suppliers, sent while they are read."""
    count(EXPORTING, str(organisation_id))
    pieces = trail_of_all(database(), organisation_id)
    return _as_file(make_response(stream_with_context(pieces)))


@blueprint.get("/<uuid:supplier_id>/calls")
@requires("suppliers.manage", check=permitted_member)
def show_calls(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """The form to note a follow-up."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        supplier = supplier_or_404(look, organisation_id, supplier_id)
    day = today()
    return _calls_page(organisation, supplier, TypedCall(on=f"{day.day} {day.month} {day.year}"), {})


@blueprint.post("/<uuid:supplier_id>/calls")
@audited("added")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def add_call(who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response | tuple[str, int]:
    """Note it."""
    supplier = supplier_or_404(session(), organisation_id, supplier_id)
    typed = read_call(request.form)
    call, faults = call_of(typed, today())
    if call is None:
        return _calls_page(organisation_or_404(session(), organisation_id), supplier, typed, faults), 422
    note_call(session(), supplier, call, now(), by=who.id)
    note_about("supplier", supplier.id)
    there = url_for("trail.show_trail", organisation_id=organisation_id, supplier_id=supplier_id, noted="yes")
    return redirect(there, 303)


def _calls_page(organisation: Organisation, supplier: Supplier, typed: TypedCall, faults: Faults) -> str:
    return render_template(
        "suppliers/trail_calls.html",
        organisation=organisation,
        supplier=supplier,
        typed=typed,
        faults=faults,
        ways=list(WAYS.items()),
        longest=LONGEST_AGREED,
    )


def _trail(
    look: Session, organisation_id: uuid.UUID, supplier_id: uuid.UUID
) -> tuple[Organisation, Supplier, list[Supplier], list[Line]]:
    organisation = organisation_or_404(look, organisation_id)
    supplier = supplier_or_404(look, organisation_id, supplier_id)
    shown = list(shown_as_one(look, supplier))
    lines = Words(look, organisation_id).lines(trail_of(look, [one.id for one in shown]))
    return organisation, shown[0], shown, lines


def _as_file(response: Response) -> Response:
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}-{today().isoformat()}.csv"'
    return response

"""The page of one supplier, the form for what the buyer says of it, and taking it off the list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.plans.shares.looking import find_grant, note_looks
from assess.plans.shares.models import Looked
from assess.portfolio.board.filters import BANDS
from assess.portfolio.board.views import SHAPES
from assess.portfolio.supplier.details import mark_of, read_details, typed_of
from assess.portfolio.supplier.page import Copy, page_of
from assess.suppliers.door import supplier_or_404
from assess.suppliers.keeping import archive, change, find_same, shown_as_one, take_up_again
from assess.suppliers.models import Supplier
from assess.suppliers.words import DECLINES_TOLD, SIZES, STATUS_HINTS, STATUSES, name_of_code

blueprint = Blueprint(
    "supplier", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/<uuid:supplier_id>"
)
CHANGED_MEANWHILE = (
    "Somebody changed these details while you had the page open. Look at what is saved now, then save again."
)


@blueprint.get("")
@requires("suppliers.read", load=permitted_member)
def show_supplier(who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """How it stands with one supplier. What it shares is looked at here as on the page of the share, and that is noted."""
    moment = now()
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        page = page_of(look, supplier_or_404(look, organisation_id, supplier_id), moment)
    return render_template(
        "portfolio/supplier.html",
        organisation=organisation,
        page=replace(page, copies=_noted(page.copies, who, moment)),
        shapes=SHAPES,
        bands=BANDS,
        statuses=STATUSES,
        hints=STATUS_HINTS,
        declines=DECLINES_TOLD,
        sizes=SIZES,
        saved=request.args.get("saved") == "yes",
    )


@blueprint.get("/details")
@requires("suppliers.manage", check=permitted_member)
def show_details(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """The form."""
    with database().reading() as look:
        supplier = supplier_or_404(look, organisation_id, supplier_id)
    return _details_page(organisation_id, supplier, typed_of(supplier), {})


@blueprint.post("/details")
@audited("changed")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def change_details(who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response | tuple[str, int]:
    """Say something else of it. What somebody else saved meanwhile is shown, never written over unseen."""
    supplier = supplier_or_404(session(), organisation_id, supplier_id)
    details, faults = read_details(request.form)
    if details is None:
        return _details_page(organisation_id, supplier, request.form, faults, mark=request.form.get("mark")), 422
    same = find_same(session(), organisation_id, details)
    if same is not None and same.id != supplier.id:
        faults = {"name": f"Your list has this supplier already, as “{same.name}”. Give one of them another reference."}
        return _details_page(organisation_id, supplier, request.form, faults, mark=request.form.get("mark")), 422
    here = url_for("supplier.show_supplier", organisation_id=organisation_id, supplier_id=supplier_id)
    if typed_of(supplier) == {name: _text(getattr(details, name)) for name in typed_of(supplier)}:
        return redirect(here, 303)
    if request.form.get("mark") != mark_of(supplier):
        return _details_page(organisation_id, supplier, request.form, {"name": CHANGED_MEANWHILE}, differs=True), 409
    change(session(), supplier, details, now(), by=who.id)
    return redirect(f"{here}?saved=yes", 303)


@blueprint.get("/off")
@requires("suppliers.manage", check=permitted_member)
def show_off(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """Whether to take it off the list, or to put it back."""
    with database().reading() as look:
        return render_template(
            "portfolio/supplier_off.html",
            organisation=organisation_or_404(look, organisation_id),
            supplier=supplier_or_404(look, organisation_id, supplier_id),
        )


@blueprint.post("/off")
@audited("removed")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def remove_supplier(who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    """Take it off the list, with all that is shown as one with it."""
    for one in shown_as_one(session(), supplier_or_404(session(), organisation_id, supplier_id)):
        archive(session(), one, now(), by=who.id)
    return redirect(url_for("supplier.show_supplier", organisation_id=organisation_id, supplier_id=supplier_id), 303)


@blueprint.post("/back")
@audited("put back")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def put_back(who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    """Put it back on the list, with all that is shown as one with it."""
    for one in shown_as_one(session(), supplier_or_404(session(), organisation_id, supplier_id)):
        take_up_again(session(), one, now(), by=who.id)
    return redirect(url_for("supplier.show_supplier", organisation_id=organisation_id, supplier_id=supplier_id), 303)


def _noted(copies: Sequence[Copy], who: Caller, now: datetime) -> Sequence[Copy]:
    """These copies with the note that they were looked at. What ended a moment ago is left out."""
    if not copies:
        return ()
    with database().writing() as write:
        found = [find_grant(write, who, one.grant.id, now) for one in copies]
        grants = {grant.id: grant for grant in found if grant is not None}
        note_looks(write, list(grants.values()), who, Looked.PAGE, now)
    return [one for one in copies if one.grant.id in grants]


def _details_page(
    organisation_id: uuid.UUID,
    supplier: Supplier,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    mark: str | None = None,
    differs: bool = False,
) -> str:
    saved = typed_of(supplier)
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
    return render_template(
        "portfolio/supplier_details.html",
        organisation=organisation,
        supplier=supplier,
        typed={name: typed.get(name, "") for name in saved},
        faults=faults,
        mark=mark or mark_of(supplier),
        theirs={name: value for name, value in saved.items() if value != " ".join(typed.get(name, "").split())}
        if differs
        else {},
        sizes=SIZES,
        words=name_of_code,
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)

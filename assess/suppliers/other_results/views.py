"""What a supplier told this buyer of results of other schemes, and what the buyer does with each."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.engine.dates import add_months
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.suppliers.contracts.door import by_of
from assess.suppliers.contracts.form import day_from, spoken
from assess.suppliers.contracts.rules import rules
from assess.suppliers.door import supplier_or_404
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.models import Supplier, SupplierInvitation
from assess.suppliers.other_results.keeping import AskedAnewError, accept, refuse, told_by, undo
from assess.suppliers.other_results.models import OtherResult, Refusal
from assess.suppliers.other_results.words import INTERVIEWS, REFUSALS, SCOPES, is_old

blueprint = Blueprint(
    "other_results", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/<uuid:supplier_id>"
)
LONGEST_MONTHS = 24
"""For how long at most a result may stand in place of a form."""
USUAL_MONTHS = 12


@blueprint.get("/other-results")
@requires("suppliers.read", check=permitted_member)
def show_results(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """Everything this supplier told this buyer."""
    return _page(organisation_id, supplier_id)


@blueprint.post("/other-results/<uuid:result_id>/accept")
@audited("accepted")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def accept_result(
    who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID, result_id: uuid.UUID
) -> Response | tuple[str, int]:
    """Take it in place of a form until a day."""
    result = _result_or_404(session(), organisation_id, supplier_id, result_id)
    typed = request.form.get("until", "")
    until, fault = _until(typed, today())
    if until is None:
        return _page(organisation_id, supplier_id, (result_id, "until", fault), typed), 422
    try:
        accept(session(), result, until, now(), by=who.id, name=by_of(who).name)
    except AskedAnewError:
        fault = "You have asked this supplier again since. It has to tell you of its result again."
        return _page(organisation_id, supplier_id, (result_id, "until", fault), typed), 422
    return _back(organisation_id, supplier_id)


@blueprint.post("/other-results/<uuid:result_id>/refuse")
@audited("refused")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def reject_result(
    who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID, result_id: uuid.UUID
) -> Response | tuple[str, int]:
    """Do not take it in place of a form."""
    result = _result_or_404(session(), organisation_id, supplier_id, result_id)
    why = next((one for one in Refusal if one.value == request.form.get("why", "")), None)
    if why is None:
        fault = "Choose why you do not accept it."
        return _page(organisation_id, supplier_id, (result_id, "why", fault)), 422
    refuse(session(), result, why, now(), by=who.id, name=by_of(who).name)
    return _back(organisation_id, supplier_id)


@blueprint.post("/other-results/<uuid:result_id>/undo")
@audited("undone")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def undo_decision(who: Caller, organisation_id: uuid.UUID, supplier_id: uuid.UUID, result_id: uuid.UUID) -> Response:
    """Take the decision back."""
    undo(session(), _result_or_404(session(), organisation_id, supplier_id, result_id), now(), by=who.id)
    return _back(organisation_id, supplier_id)


def _until(typed: str, day: date) -> tuple[date | None, str]:
    """The last day somebody typed, or None and why not."""
    last = add_months(day, LONGEST_MONTHS)
    try:
        found = day_from(typed)
    except ValueError:
        found = None
    if found is None:
        return None, "Enter the last day as day, month and year, for example 27 3 2027."
    if not day <= found <= last:
        return None, f"Enter a last day from today to {spoken(last)}."
    return found, ""


def _result_or_404(
    session: Session, organisation_id: uuid.UUID, supplier_id: uuid.UUID, result_id: uuid.UUID
) -> OtherResult:
    """This result, if this buyer was told of it by this supplier or an entry shown with it."""
    supplier = supplier_or_404(session, organisation_id, supplier_id)
    ids = [one.id for one in shown_as_one(session, supplier)]
    wanted = (
        select(OtherResult)
        .join(SupplierInvitation)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .where(OtherResult.id == result_id, Supplier.id.in_(ids), Supplier.buyer_id == organisation_id)
    )
    return session.scalars(wanted).first() or abort(404)


def _back(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    address = url_for(
        "other_results.show_results", organisation_id=organisation_id, supplier_id=supplier_id, saved="yes"
    )
    return redirect(address, 303)


def _page(
    organisation_id: uuid.UUID,
    supplier_id: uuid.UUID,
    fault: tuple[uuid.UUID, str, str] | None = None,
    typed: str = "",
) -> str:
    """The page. `fault`: whose form, which field, what to do."""
    texts, day = rules(), today()
    with database().reading() as look:
        supplier = supplier_or_404(look, organisation_id, supplier_id)
        rows = told_by(look, [one.id for one in shown_as_one(look, supplier)])
        return render_template(
            "suppliers/other_results.html",
            organisation=organisation_or_404(look, organisation_id),
            supplier=supplier,
            rows=[
                (result, invitation, texts.schemes[result.scheme.value], _old(result, day))
                for result, invitation in rows
            ],
            fault=fault,
            typed=typed or spoken(add_months(day, USUAL_MONTHS)),
            saved="saved" in request.args,
            scopes=SCOPES,
            interviews=INTERVIEWS,
            refusals=[(one.value, words) for one, words in REFUSALS.items()],
            refusal_words=REFUSALS,
            texts=texts,
            today=day,
        )


def _old(result: OtherResult, day: date) -> bool:
    return is_old(result.result_on, rules().schemes[result.scheme.value].months, day)

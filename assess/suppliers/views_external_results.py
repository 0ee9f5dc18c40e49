"""Page on which a buyer accepts or refuses the external results of a supplier."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.core import clock
from assess.core.db import database, request_session
from assess.core.forms.fields import ChoiceField, DateField, date_as_typed
from assess.core.forms.form import read_fields
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.engine.due_dates import add_months
from assess.identity.access import organisation_or_404, require_member
from assess.identity.current_user import CurrentUser
from assess.suppliers import external_results, presenters
from assess.suppliers.contracts import load_contract_rules
from assess.suppliers.models import ExternalResult, RefusalReason, Supplier, SupplierInvitation
from assess.suppliers.services import merged_group, supplier_or_404
from assess.suppliers.views_contracts import changed_by

blueprint = Blueprint(
    "external_results", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/<uuid:supplier_id>"
)
MAX_MONTHS = 24
"""For how long at most a result may stand in place of a form."""
DEFAULT_MONTHS = 12


@blueprint.get("/external-results")
@requires("suppliers.read", check=require_member)
def show_external_results(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    return _results_page(organisation_id, supplier_id)


@blueprint.post("/external-results/<uuid:result_id>/accept")
@audited("accepted")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", load=require_member)
def accept_result(
    who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID, result_id: uuid.UUID
) -> Response | tuple[str, int]:
    result = _result_or_404(request_session(), organisation_id, supplier_id, result_id)
    read = read_fields(until=_until_field(clock.today()))
    typed = read.typed.get("until", "")
    if read.errors:
        return _results_page(organisation_id, supplier_id, (result_id, "until", read.errors["until"]), typed), 422
    try:
        external_results.accept_external_result(
            request_session(), result, read["until"], clock.now(), by=who.id, name=changed_by(who).name
        )
    except external_results.InvitationEndedError:
        error = "You have asked this supplier again since. It has to tell you of its result again."
        return _results_page(organisation_id, supplier_id, (result_id, "until", error), typed), 422
    return _redirect_to_results(organisation_id, supplier_id)


@blueprint.post("/external-results/<uuid:result_id>/refuse")
@audited("refused")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", load=require_member)
def refuse_result(
    who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID, result_id: uuid.UUID
) -> Response | tuple[str, int]:
    result = _result_or_404(request_session(), organisation_id, supplier_id, result_id)
    read = read_fields(why=ChoiceField(RefusalReason, required="Choose why you do not accept it."))
    if read.errors:
        return _results_page(organisation_id, supplier_id, (result_id, "why", read.errors["why"])), 422
    external_results.refuse_external_result(
        request_session(), result, read["why"], clock.now(), by=who.id, name=changed_by(who).name
    )
    return _redirect_to_results(organisation_id, supplier_id)


@blueprint.post("/external-results/<uuid:result_id>/undo")
@audited("undone")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("suppliers.manage", load=require_member)
def undo_decision(
    who: CurrentUser, organisation_id: uuid.UUID, supplier_id: uuid.UUID, result_id: uuid.UUID
) -> Response:
    external_results.undo_result_decision(
        request_session(),
        _result_or_404(request_session(), organisation_id, supplier_id, result_id),
        clock.now(),
        by=who.id,
    )
    return _redirect_to_results(organisation_id, supplier_id)


def _until_field(today: date) -> DateField:
    last = add_months(today, MAX_MONTHS)
    sentence, outside = (
        "Enter the last day as day, month and year, for example 27 3 2027.",
        f"Enter a last day from today to {date_as_typed(last)}.",
    )
    return DateField(
        required=sentence, invalid=sentence, earliest=today, too_early=outside, latest=last, too_late=outside
    )


def _result_or_404(
    session: Session, organisation_id: uuid.UUID, supplier_id: uuid.UUID, result_id: uuid.UUID
) -> ExternalResult:
    """This result, if this buyer was told of it by this supplier or an entry shown with it."""
    ids = [one.id for one in merged_group(session, supplier_or_404(session, organisation_id, supplier_id))]
    return session.scalars(
        select(ExternalResult)
        .join(SupplierInvitation)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .where(ExternalResult.id == result_id, Supplier.id.in_(ids), Supplier.buyer_id == organisation_id)
    ).first() or abort(404)


def _redirect_to_results(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    address = url_for(
        "external_results.show_external_results", organisation_id=organisation_id, supplier_id=supplier_id, saved="yes"
    )
    return redirect(address, 303)


def _results_page(
    organisation_id: uuid.UUID,
    supplier_id: uuid.UUID,
    error: tuple[uuid.UUID, str, str] | None = None,
    typed: str = "",
) -> str:
    """The page. `fault`: whose form, which field, what to do."""
    texts, day = load_contract_rules(), clock.today()
    with database().reading() as session:
        supplier = supplier_or_404(session, organisation_id, supplier_id)
        rows = external_results.results_of_suppliers(session, [one.id for one in merged_group(session, supplier)])
        return render_template(
            "suppliers/external_results.html",
            organisation=organisation_or_404(session, organisation_id),
            supplier=supplier,
            rows=[
                (result, invitation, texts.schemes[result.scheme.value], _is_old(result, day))
                for result, invitation in rows
            ],
            fault=error,
            typed=typed or date_as_typed(add_months(day, DEFAULT_MONTHS)),
            saved="saved" in request.args,
            scopes=presenters.SCOPE_LABELS,
            interviews=presenters.INTERVIEW_LABELS,
            refusals=[(one.value, words) for one, words in presenters.REFUSAL_LABELS.items()],
            refusal_words=presenters.REFUSAL_LABELS,
            texts=texts,
            today=day,
        )


def _is_old(result: ExternalResult, day: date) -> bool:
    return external_results.is_result_old(
        result.result_on, load_contract_rules().schemes[result.scheme.value].months, day
    )

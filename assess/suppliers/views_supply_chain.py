"""Pages of the supply chain: what a buyer sees, and what an organisation lets each customer see."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from marshmallow import ValidationError

from assess.core import clock
from assess.core.audit.requests import set_audit_subject
from assess.core.db import database, request_session
from assess.core.forms.fields import ChoiceField, UuidField, YesNoField, sentences_of
from assess.core.forms.form import read_fields, sent_form
from assess.core.pages import PageResponse
from assess.core.pagination import query_page
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import organisation_or_404, require_member
from assess.suppliers import supply_chain
from assess.suppliers.models import VisibilityLevel
from assess.suppliers.services import supplier_or_404

blueprint = Blueprint("supply_chain", __name__, url_prefix="/organisations/<uuid:organisation_id>")


@blueprint.get("/suppliers/supply-chain")
@requires("suppliers.read", check=require_member)
def show_supply_chain(organisation_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        buyer_chain = supply_chain.get_buyer_chain(session, organisation_id, clock.now(), query_page())
    return render_template(
        "suppliers/supply_chain.html",
        organisation=organisation,
        buyer_chain=buyer_chain,
        deepest=supply_chain.MAX_DEPTH,
        most=supply_chain.MAX_NAMES,
    )


@blueprint.get("/suppliers/<uuid:supplier_id>/supply-chain")
@requires("suppliers.read", check=require_member)
def show_supplier_chain(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        supplier = supplier_or_404(session, organisation_id, supplier_id)
        chain = supply_chain.get_supplier_chain(session, supplier, clock.now())
    return render_template(
        "suppliers/supplier_chain.html",
        organisation=organisation,
        supplier=supplier,
        chain=chain,
        deepest=supply_chain.MAX_DEPTH,
        most=supply_chain.MAX_NAMES,
    )


VISIBILITY_CHOICES = {
    VisibilityLevel.OFF: "Nothing",
    VisibilityLevel.NUMBER: "About how many there are and how far they are, without names",
    VisibilityLevel.NAMES: "The same, and the names of those who said yes to it",
}
NO_NAMING = "Choose whether this customer may name you."


@blueprint.route("/supply-chain-sharing", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("chain.manage", check=require_member)
def edit_chain_sharing(organisation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _sharing_page(organisation_id, {})
    organisation = organisation_or_404(request_session(), organisation_id)
    customer = _posted_customer(organisation_id)
    if customer is None:
        return _sharing_page(
            organisation_id, {"": "This organisation is no customer of yours here. Choose one of those below."}
        ), 422
    here = customer.buyer.id
    read = read_fields(
        shows=ChoiceField(VisibilityLevel, required="Choose what this customer may see."),
        naming=YesNoField(required=NO_NAMING, invalid=NO_NAMING),
    )
    errors = {f"{field}-{here}": sentence for field, sentence in read.errors.items()}
    if not errors:
        entry = supply_chain.list_supplier_entries(request_session(), organisation.id, here)[0]
        try:
            supply_chain.set_naming_consent(
                request_session(), entry, read.typed.get("name", ""), clock.now(), may=read["naming"]
            )
        except ValidationError as refusal:
            errors[f"name-{here}"] = " ".join(sentences_of(refusal))
    if errors:
        return _sharing_page(organisation_id, errors), 422
    supply_chain.set_visibility(request_session(), organisation.id, here, read["shows"], clock.now())
    set_audit_subject("organisation", organisation.id)
    there = url_for("supply_chain.edit_chain_sharing", organisation_id=organisation_id, saved=here, _anchor=f"c-{here}")
    return redirect(there, 303)


def _posted_customer(organisation_id: uuid.UUID) -> supply_chain.Customer | None:
    buyer_id = read_fields(customer=UuidField())["customer"]
    if buyer_id is None:
        return None
    return supply_chain.get_customer(
        request_session(), organisation_or_404(request_session(), organisation_id), buyer_id
    )


def _sharing_page(organisation_id: uuid.UUID, errors: Mapping[str, str]) -> str:
    with database().reading() as session:
        organisation = organisation_or_404(session, organisation_id)
        customers = supply_chain.list_customers(session, organisation)
        chain_by_buyer = {
            one.buyer.id: supply_chain.get_chain_seen_by_buyer(session, organisation, one.buyer.id, clock.now()).nodes[
                0
            ]
            for one in customers
        }
        fixed = supply_chain.confirmed_name(session, organisation_id)
    return render_template(
        "suppliers/supply_chain_sharing.html",
        organisation=organisation,
        customers=customers,
        chain_by_buyer=chain_by_buyer,
        fixed=fixed,
        choices=[(one.value, words) for one, words in VISIBILITY_CHOICES.items()],
        errors=errors,
        typed=sent_form(),
        saved=request.args.get("saved", ""),
    )

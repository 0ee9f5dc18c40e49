"""The chain as a buyer sees it: the suppliers of its suppliers, as far as each of them lets it."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from assess.kit.clock import now
from assess.kit.db import database
from assess.kit.integers import page_asked
from assess.kit.route_permissions import requires
from assess.people.access import organisation_or_404, permitted_member
from assess.suppliers.chain.reading import chain_of_buyer, chain_of_supplier
from assess.suppliers.chain.rule import DEEPEST, MOST
from assess.suppliers.door import supplier_or_404

blueprint = Blueprint("chain", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers")


@blueprint.get("/chain")
@requires("suppliers.read", check=permitted_member)
def show_chain(organisation_id: uuid.UUID) -> str:
    """Everything that is shown to this buyer."""
    page = page_asked()
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        seen = chain_of_buyer(look, organisation_id, now(), page)
    return render_template(
        "suppliers/chain.html", organisation=organisation, seen=seen, page=page, deepest=DEEPEST, most=MOST
    )


@blueprint.get("/<uuid:supplier_id>/chain")
@requires("suppliers.read", check=permitted_member)
def show_of_supplier(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """What is shown below one supplier."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        supplier = supplier_or_404(look, organisation_id, supplier_id)
        chain = chain_of_supplier(look, supplier, now())
    return render_template(
        "suppliers/chain_supplier.html",
        organisation=organisation,
        supplier=supplier,
        chain=chain,
        deepest=DEEPEST,
        most=MOST,
    )

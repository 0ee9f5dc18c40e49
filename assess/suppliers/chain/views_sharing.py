"""What an organisation lets each of its customers see: of its own suppliers, and of itself further on. With what that is just now."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.organisations.naming import NameUnfitError
from assess.suppliers.chain.consenting import Customer, customer_of, customers_of, entries_at, fixed_name, name_us, show
from assess.suppliers.chain.models import Shows
from assess.suppliers.chain.reading import seen_by

blueprint = Blueprint("chain_sharing", __name__, url_prefix="/organisations/<uuid:organisation_id>/chain-sharing")
CHOICES = {
    Shows.OFF: "Nothing",
    Shows.NUMBER: "About how many there are and how far they are, without names",
    Shows.NAMES: "The same, and the names of those who said yes to it",
}
CHOOSE = "Choose what this customer may see."
CHOOSE_NAMING = "Choose whether this customer may name you."
GONE = "This organisation is no customer of yours here. Choose one of those below."
Faults = dict[str, str]


@blueprint.get("")
@requires("chain.manage", check=permitted_member)
def show_sharing(organisation_id: uuid.UUID) -> str:
    """Each customer, what it may see, and what it sees just now."""
    return _page(organisation_id, {})


@blueprint.post("")
@audited("saved")
@limited(SAVING, by_visit)
@requires("chain.manage", check=permitted_member)
def save_sharing(organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Say what one customer may see."""
    organisation = organisation_or_404(session(), organisation_id)
    customer = _customer(organisation_id)
    if customer is None:
        return _page(organisation_id, {"": GONE}), 422
    here, shows, naming = customer.buyer.id, request.form.get("shows"), request.form.get("naming")
    faults: Faults = {}
    if shows not in set(Shows):
        faults[f"shows-{here}"] = CHOOSE
    if naming not in {"yes", "no"}:
        faults[f"naming-{here}"] = CHOOSE_NAMING
    if not faults:
        entry = entries_at(session(), organisation.id, here)[0]
        try:
            name_us(session(), entry, request.form.get("name", ""), now(), may=naming == "yes")
        except NameUnfitError as error:
            faults[f"name-{here}"] = str(error)
    if faults:
        return _page(organisation_id, faults), 422
    show(session(), organisation.id, here, Shows(str(shows)), now())
    note_about("organisation", organisation.id)
    there = url_for("chain_sharing.show_sharing", organisation_id=organisation_id, saved=here, _anchor=f"c-{here}")
    return redirect(there, 303)


def _customer(organisation_id: uuid.UUID) -> Customer | None:
    try:
        buyer_id = uuid.UUID(request.form.get("customer", ""))
    except ValueError:
        return None
    return customer_of(session(), organisation_or_404(session(), organisation_id), buyer_id)


def _page(organisation_id: uuid.UUID, faults: Faults) -> str:
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        customers = customers_of(look, organisation)
        seen = {one.buyer.id: seen_by(look, organisation, one.buyer.id, now()).nodes[0] for one in customers}
        fixed = fixed_name(look, organisation_id)
    return render_template(
        "suppliers/chain_sharing.html",
        organisation=organisation,
        customers=customers,
        seen=seen,
        fixed=fixed,
        choices=[(one.value, words) for one, words in CHOICES.items()],
        faults=faults,
        typed=request.form,
        saved=request.args.get("saved", ""),
    )

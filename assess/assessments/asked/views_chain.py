"""Where a supplier says whether its customer may name it to the customer's own customers: off until it says yes."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.asked.door import Asked, asked_or_404
from assess.assessments.asked.offering import managed_by
from assess.assessments.visits import letter_opened
from assess.kit.audit.requests import note_about
from assess.kit.clock import now, today
from assess.kit.cookies import visit_token
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.caller import caller
from assess.people.organisations.names import name_note
from assess.people.organisations.naming import NameUnfitError
from assess.suppliers.chain.consenting import fixed_name, name_us, naming_of
from assess.suppliers.letters import has_left
from assess.suppliers.models import Supplier

blueprint = Blueprint("asked_chain", __name__, url_prefix="/asked/by/<uuid:invitation_id>")
CHOOSE = "Choose yes or no."
NOT_YOURS = (
    "An organisation answers this request. Sign in as somebody who manages it, open the letter again, and say yes then."
)
BY_HAND = (
    "We sent this link to nobody, so we cannot tell that it reached you. Open the link in a letter that we sent to you, and say yes then. "
    "Or sign in, open this request again, keep it with your organisation, and say yes there under “What your customers see of your suppliers”."
)
Faults = dict[str, str]


@blueprint.get("/chain")
@requires("invitation.answer", load=asked_or_404)
def show_naming(asked: Asked) -> str:
    """What it means, what would be read, and what was said last."""
    with database().reading() as look:
        naming = naming_of(look, asked.supplier)
        may = None if naming is None else "yes" if naming.may else "no"
        return _page(look, asked, may, naming.name if naming else "", {})


@blueprint.post("/chain")
@audited("saved")
@limited(SAVING, by_visit)
@requires("invitation.answer", load=asked_or_404)
def save_naming(asked: Asked, invitation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Say yes or no."""
    naming, name = request.form.get("naming", ""), request.form.get("name", "")
    if naming not in {"yes", "no"}:
        return _page(session(), asked, None, name, {"naming": CHOOSE}), 422
    why_not = _why_not(session(), asked)
    if naming == "yes" and why_not is not None:
        return _page(session(), asked, naming, name, {"naming": why_not}), 422
    try:
        name_us(session(), session().get_one(Supplier, asked.supplier.id), name, now(), may=naming == "yes")
    except NameUnfitError as error:
        return _page(session(), asked, naming, name, {"name": str(error)}), 422
    note_about("invitation", invitation_id)
    return redirect(url_for("asked_chain.show_naming", invitation_id=invitation_id, saved="yes"), 303)


def _why_not(look: Session, asked: Asked) -> str | None:
    """Why a yes is not theirs to say; None: it is. The buyer can make itself links. A no may come from anybody."""
    if asked.supplier.organisation_id is not None:
        return None if asked.supplier.organisation_id in managed_by(caller()) else NOT_YOURS
    letter = letter_opened(look, visit_token(), asked.invitation.id)
    return None if letter is not None and has_left(look, letter) else BY_HAND


def _page(look: Session, asked: Asked, may: str | None, name: str, faults: Faults) -> str:
    why_not = _why_not(look, asked)
    return render_template(
        "assessments/asked_chain.html",
        asked=asked,
        note=name_note(asked.buyer, today()),
        may=may,
        name=name,
        fixed=fixed_name(look, asked.supplier.organisation_id) if why_not is None else None,
        by_hand=why_not if why_not == BY_HAND else None,
        faults=faults,
        saved=request.args.get("saved") == "yes",
    )

"""The page on which a supplier tells the buyer that asked of a result it has already from another scheme."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.asked.door import Asked, asked_or_404
from assess.assessments.asked.other_result import read_result
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.organisations.names import name_note
from assess.suppliers.contracts.rules import rules
from assess.suppliers.models import SupplierInvitation
from assess.suppliers.other_results.keeping import AcceptedAlreadyError, take_back, tell, told_with
from assess.suppliers.other_results.models import OtherResult
from assess.suppliers.other_results.words import INTERVIEWS, REFUSALS, SCOPES, is_old

blueprint = Blueprint("other_result", __name__, url_prefix="/asked/by/<uuid:invitation_id>/other-result")
ACCEPTED = "The buyer has accepted this one already. To tell it anew, take it back first."


@blueprint.get("")
@requires("invitation.answer", load=asked_or_404)
def show_other_result(asked: Asked) -> str:
    """What was told, and the form."""
    return _page(asked, {}, {})


@blueprint.post("")
@audited("sent")
@limited(SAVING, by_visit)
@requires("invitation.answer", load=asked_or_404)
def send_result(asked: Asked, invitation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Tell the buyer."""
    typed = request.form.to_dict()
    read = read_result(typed, today())
    if read.said is None:
        return _page(asked, typed, read.faults), 422
    try:
        tell(session(), session().get_one(SupplierInvitation, asked.invitation.id), read.said, now())
    except AcceptedAlreadyError:
        return _page(asked, typed, {"scheme": ACCEPTED}), 422
    return redirect(url_for("other_result.show_other_result", invitation_id=invitation_id, told="yes"), 303)


@blueprint.post("/<uuid:result_id>/withdraw")
@audited("ended")
@limited(SAVING, by_visit)
@requires("invitation.answer", load=asked_or_404)
def withdraw_result(asked: Asked, invitation_id: uuid.UUID, result_id: uuid.UUID) -> Response:
    """Tell it no more."""
    result = session().get(OtherResult, result_id)
    if result is None or result.invitation_id != asked.invitation.id:
        abort(404)
    take_back(session(), result, now())
    return redirect(url_for("other_result.show_other_result", invitation_id=invitation_id, gone="yes"), 303)


def _page(asked: Asked, typed: Mapping[str, str], faults: Mapping[str, str]) -> str:
    texts, day = rules(), today()
    with database().reading() as look:
        told = told_with(look, asked.invitation.id)
        return render_template(
            "assessments/asked_other_result.html",
            id=asked.invitation.id,
            buyer=asked.buyer.name,
            note=name_note(asked.buyer, day),
            told=[
                (
                    one,
                    texts.schemes[one.scheme.value],
                    is_old(one.result_on, texts.schemes[one.scheme.value].months, day),
                )
                for one in told
            ],
            typed=defaultdict(str, typed),
            faults=faults,
            said="told" in request.args,
            gone="gone" in request.args,
            schemes=[(one.id, one.name) for one in texts.schemes.values()],
            scopes=[(one.value, words) for one, words in SCOPES.items()],
            interviews=[(one.value, words) for one, words in INTERVIEWS.items()],
            words={"scope": SCOPES, "interviews": INTERVIEWS, "refusal": REFUSALS},
            today=day,
        )

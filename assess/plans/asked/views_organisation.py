"""Who asked an organisation, for those who answer for it there. Whoever buys for it sees nothing of this."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from assess.kit.clock import now
from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.people.models import Role
from assess.plans.asked.standing import who_asked_organisation

blueprint = Blueprint("asked_us", __name__, url_prefix="/organisations/<uuid:organisation_id>/asked")


@blueprint.get("")
@requires("organisation.answers", load=permitted_member)
def show_asked(who: Caller, organisation_id: uuid.UUID) -> str:
    """All who asked, how it stands with each, and what each sees."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        rows = who_asked_organisation(look, organisation_id, now())
    return render_template(
        "plans/asked_us.html",
        organisation=organisation,
        rows=rows,
        manages=who.has(Role.MANAGER, organisation_id),
    )

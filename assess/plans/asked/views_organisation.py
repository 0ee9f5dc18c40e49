"""Who asked an organisation, for those who answer for it there. Whoever buys for it sees nothing of this."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from assess.kit.clock import now
from assess.kit.db import database
from assess.kit.declaring import needs
from assess.people.models import Role
from assess.people.organisations.standing import let_in, organisation_or_404
from assess.plans.asked.standing import who_asked_organisation

blueprint = Blueprint("asked_us", __name__, url_prefix="/organisations/<uuid:organisation_id>/asked")


@blueprint.get("")
@needs("organisation.answers")
def show_asked(organisation_id: uuid.UUID) -> str:
    """All who asked, how it stands with each, and what each sees."""
    who = let_in(organisation_id)
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        rows = who_asked_organisation(look, organisation_id, now())
    return render_template(
        "plans/asked_us.html",
        organisation=organisation,
        rows=rows,
        manages=who.has(Role.MANAGER, organisation_id),
    )

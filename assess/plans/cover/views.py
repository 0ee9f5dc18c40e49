"""The list of all plans of an organisation, its cover, and the cover as a PDF: for those who answer, manage or sign off there."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import today
from assess.kit.db import database
from assess.kit.integers import page_asked
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.people.models import Role
from assess.plans.cover.listing import Cover, cover_of, list_page
from assess.plans.cover.wanted import CoverPdf
from assess.plans.waiting import Places, order_again, send_file, show_waiting

blueprint = Blueprint("cover", __name__, url_prefix="/organisations/<uuid:organisation_id>")
_FILLS = frozenset({Role.MANAGER, Role.RESPONDENT})


@blueprint.get("/plans")
@requires("organisation.answers", load=permitted_member)
def show_plans(who: Caller, organisation_id: uuid.UUID) -> str:
    """All of them, by site."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        page = list_page(look, organisation_id, page_asked())
    return render_template(
        "plans/all_plans_page.html",
        organisation=organisation,
        page=page,
        today=today(),
        may_fill=bool(who.roles.get(organisation_id, frozenset()) & _FILLS),
    )


@blueprint.get("/cover")
@requires("organisation.answers", check=permitted_member)
def show_cover(organisation_id: uuid.UUID) -> str:
    """The cover on screen."""
    return render_template("plans/cover_page.html", id=organisation_id, cover=_cover(organisation_id))


@blueprint.get("/cover.pdf")
@requires("organisation.answers", check=permitted_member)
def pdf_file(organisation_id: uuid.UUID) -> Response:
    """The cover to print."""
    return _pdf(organisation_id, send_file)


@blueprint.get("/cover/making")
@requires("organisation.answers", check=permitted_member)
def show_making(organisation_id: uuid.UUID) -> Response:
    """How it stands with the PDF."""
    return _pdf(organisation_id, show_waiting)


@blueprint.post("/cover/making")
@audited("made")
@limited(SAVING, by_visit)
@requires("organisation.answers", check=permitted_member)
def make_again(organisation_id: uuid.UUID) -> Response:
    """Try once more."""
    return _pdf(organisation_id, order_again)


def _pdf(organisation_id: uuid.UUID, answer: Callable[[CoverPdf, Places], Response]) -> Response:
    cover = _cover(organisation_id)
    back = url_for("cover.show_cover", organisation_id=organisation_id)
    if not cover.lines:
        return redirect(back, 303)
    places = Places(
        whose=organisation_id,
        file=url_for("cover.pdf_file", organisation_id=organisation_id),
        waiting=url_for("cover.show_making", organisation_id=organisation_id),
        back=back,
    )
    return answer(CoverPdf(organisation_id, cover), places)


def _cover(organisation_id: uuid.UUID) -> Cover:
    with database().reading() as look:
        return cover_of(look, organisation_id, organisation_or_404(look, organisation_id).name, today())

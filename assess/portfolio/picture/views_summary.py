"""The summary for the buyer's own board: what it holds, and its PDF."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.plans.waiting import Places, order_again, send_file, show_waiting
from assess.portfolio.picture.gathering import picture_of
from assess.portfolio.picture.wanted import SummaryPdf

blueprint = Blueprint("summary", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/picture")


@blueprint.get("/summary")
@requires("suppliers.read", check=permitted_member)
def show_summary(organisation_id: uuid.UUID) -> str:
    """What the summary holds, and a tick for names."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        picture = picture_of(look, organisation_id, organisation.name, now())
    return render_template("portfolio/summary_page.html", organisation=organisation, picture=picture)


@blueprint.get("/summary.pdf", defaults={"names": False})
@blueprint.get("/summary-with-names.pdf", defaults={"names": True})
@requires("suppliers.read", check=permitted_member)
def pdf_file(organisation_id: uuid.UUID, *, names: bool) -> Response:
    """The summary to hand out. The tick of the form leads to the one with names."""
    if not names and request.args.get("names") == "1":
        return redirect(url_for("summary.pdf_file", organisation_id=organisation_id, names=True), 303)
    return _pdf(organisation_id, send_file, names=names)


@blueprint.get("/summary/making", defaults={"names": False})
@blueprint.get("/summary-with-names/making", defaults={"names": True})
@requires("suppliers.read", check=permitted_member)
def show_making(organisation_id: uuid.UUID, *, names: bool) -> Response:
    """How it stands with the PDF."""
    return _pdf(organisation_id, show_waiting, names=names)


@blueprint.post("/summary/making", defaults={"names": False})
@blueprint.post("/summary-with-names/making", defaults={"names": True})
@audited("made")
@limited(SAVING, by_visit)
@requires("suppliers.read", check=permitted_member)
def make_again(organisation_id: uuid.UUID, *, names: bool) -> Response:
    """Try once more."""
    return _pdf(organisation_id, order_again, names=names)


def _pdf(organisation_id: uuid.UUID, answer: Callable[[SummaryPdf, Places], Response], *, names: bool) -> Response:
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        picture = picture_of(look, organisation_id, organisation.name, now())
    back = url_for("summary.show_summary", organisation_id=organisation_id)
    if not picture.total:
        return redirect(back, 303)
    places = Places(
        whose=organisation_id,
        file=url_for("summary.pdf_file", organisation_id=organisation_id, names=names),
        waiting=url_for("summary.show_making", organisation_id=organisation_id, names=names),
        back=back,
    )
    return answer(SummaryPdf(organisation_id, picture, names), places)

"""One share, for the business: all looks at it, and how to show less or more, for longer, or not at all."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import Workspace, workspace
from assess.assessments.links import buyer_links
from assess.assessments.models import Submission
from assess.assessments.submitting import latest_id
from assess.assessments.visits import note_use
from assess.kit.audit.requests import note_detail
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.plans.shares.forms import ShareForm, read_choice
from assess.plans.shares.granting import (
    USUAL_DAYS,
    GrantOverError,
    GrantUnknownError,
    change,
    days_for,
    end,
    grant_of,
    suspended_among,
    widens,
    write_again,
)
from assess.plans.shares.listing import look_words, of_grant, of_link
from assess.plans.shares.looking import looks_at_grants, looks_at_links
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import HINTS, TITLES
from assess.plans.shares.views_business import HERE, count_giving, hand_over, offer_of, prove

blueprint = Blueprint("share_one", __name__, url_prefix=HERE)


@blueprint.get("/<uuid:link_id>")
@requires("share.manage", load=workspace)
def show_link(work: Workspace, link_id: uuid.UUID) -> str:
    """All looks by one link without an account."""
    with database().reading() as look:
        link = next((one for one in buyer_links(look, work.id) if one.id == link_id), None) or abort(404)
        looks = looks_at_links(look, [link.id]).get(link.id, [])
        entry = of_link(link, looks, latest_id(look, work.id) or 0, now())
    return render_template("plans/share_one.html", id=work.id, entry=entry, looks=[look_words(one) for one in looks])


@blueprint.get("/with/<uuid:grant_id>")
@requires("share.manage", load=workspace)
def show_grant(work: Workspace, grant_id: uuid.UUID) -> str:
    """One share and all looks at it."""
    with database().reading() as look:
        grant = _grant_or_404(look, work, grant_id)
    usual = USUAL_DAYS if grant.email else days_for(grant)[-1]
    return _page(work, grant, ShareForm(scope=grant.scope.value, days=str(usual)))


@blueprint.post("/with/<uuid:grant_id>")
@audited("changed")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def change_grant(work: Workspace, grant_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Show less or more, and for how long from now. To show more is asked about once more."""
    with database().reading() as look:
        offered = days_for(_grant_or_404(look, work, grant_id))
    form = read_choice(request.form, offered)
    grant = _grant_or_404(session(), work, grant_id, locked=True)
    if form.choice is None:
        return _page(work, grant, form), 422
    if widens(grant, form.choice.scope):
        ask = prove()
        if ask is not None:
            return ask
        if request.form.get("sure") != "yes":
            return render_template(
                "plans/share_more.html", id=work.id, entry=grant, form=form, titles=TITLES, hints=HINTS
            )
    try:
        change(session(), grant, form.choice.scope, form.choice.days, now())
    except GrantOverError:
        return _page(work, grant, form)
    note_detail("scope", form.choice.scope.value)
    note_detail("days", form.choice.days)
    note_use(session(), visit_token(), work.id, now())
    return redirect(url_for("share_one.show_grant", assessment_id=work.id, grant_id=grant.id), 303)


@blueprint.post("/with/<uuid:grant_id>/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def end_grant(work: Workspace, grant_id: uuid.UUID) -> Response:
    """End it, at once."""
    end(session(), _grant_or_404(session(), work, grant_id, locked=True), now())
    note_use(session(), visit_token(), work.id, now())
    return redirect(url_for("share.show_share", assessment_id=work.id, ended=grant_id), 303)


@blueprint.post("/with/<uuid:grant_id>/again")
@audited("sent")
@limited(SAVING, by_visit)
@requires("share.manage", load=workspace)
def write_grant_again(work: Workspace, grant_id: uuid.UUID) -> str | Response:
    """A new link for a recipient who has not taken it up. The older one ends."""
    count_giving(work.id)
    with database().reading() as look:
        there = _grant_or_404(look, work, grant_id)
        if not there.email:
            abort(404)
        offer = offer_of(look, work, look.get_one(Submission, there.submission_id), there.email)
    grant = _grant_or_404(session(), work, grant_id, locked=True)
    try:
        given = write_again(session(), grant, now())
    except GrantOverError:
        return redirect(url_for("share_one.show_grant", assessment_id=work.id, grant_id=grant.id), 303)
    return hand_over(work, given, offer)


def _grant_or_404(look: Session, work: Workspace, grant_id: uuid.UUID, *, locked: bool = False) -> ShareGrant:
    try:
        return grant_of(look, work.id, grant_id, locked=locked)
    except GrantUnknownError:
        abort(404)


def _page(work: Workspace, grant: ShareGrant, form: ShareForm) -> str:
    with database().reading() as look:
        looks = looks_at_grants(look, [grant.id]).get(grant.id, [])
        entry = of_grant(grant, looks, latest_id(look, work.id) or 0, now(), suspended_among(look, [grant]))
    return render_template(
        "plans/share_one.html",
        id=work.id,
        entry=entry,
        looks=[look_words(one) for one in looks],
        form=form,
        scopes=TITLES,
        hints=HINTS,
        days=days_for(grant),
    )

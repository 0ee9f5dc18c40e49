"""Where the link of a share leads: to signing in, and then to a button that takes the share up.

Until somebody is signed in with the address it was made for, every link reads the same, the real ones and the made-up ones.
"""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from assess.assessments.models import Assessment
from assess.kit.audit.requests import note_about
from assess.kit.clock import date_at, now
from assess.kit.db import database, session
from assess.kit.errors import Wording, error_page
from assess.kit.guards import csrf
from assess.kit.limits import OPENING_LINKS, limited
from assess.kit.mail.unsubscribe_page import show_unsubscribe, unsubscribe
from assess.kit.route_permissions import audited, requires
from assess.people.accounts.door import (
    SIGN_IN,
    page_of_request,
    second_step_or_set_up,
    signed_in_or_sign_in,
    with_next,
)
from assess.people.caller import Caller, caller
from assess.people.models import Organisation
from assess.people.tickets import TicketUnknownError
from assess.plans.shares.document import thaw
from assess.plans.shares.granting import accept, buys_for, offered
from assess.plans.shares.looking import name_note, opened_by
from assess.plans.shares.offers import OFFERS

NO_LINK = Wording(
    "This link does not work here",
    (
        "It may have been used or ended, its time may be up, or a part of the address may be missing.",
        "It only works when you are signed in with the e-mail address it was made for. Ask the business for a new one.",
    ),
)
AT_A_DESK = Wording(
    "You work for whoever runs this service",
    ("So you cannot look at what businesses share with buyers.", "Ask the business to share it with somebody else."),
)


SIGN_UP = "/sign-up"

blueprint = Blueprint("share_accept", __name__)


@blueprint.get("/shared/accept/<token>")
@limited(OPENING_LINKS)
@requires("link.open")
def show_offer(token: str) -> str | Response:
    """Who shared what, and a button. Looking uses nothing up."""
    if caller() is None:
        return render_template(
            "plans/shared_come_in.html",
            sign_in=with_next(SIGN_IN, page_of_request()),
            sign_up=with_next(SIGN_UP, page_of_request()),
        )
    who = signed_in_or_sign_in()
    if who.desk is not None:
        return error_page(403, AT_A_DESK)
    with database().reading() as look:
        taken_up = opened_by(look, who, token, now())
    if taken_up is not None:  # the same mail, opened a second time
        return redirect(url_for("shared.show_copy", grant_id=taken_up.id), 303)
    return _offer_page(token, who)


@blueprint.post("/shared/accept/<token>")
@audited("accepted")
@limited(OPENING_LINKS)
@requires("link.open")
def take_up(token: str) -> str | Response | tuple[str, int]:
    """Take it up, for oneself or for an organisation one buys for."""
    who = signed_in_or_sign_in()
    if who.desk is not None:
        return error_page(403, AT_A_DESK)
    second_step_or_set_up(who)
    chosen = request.form.get("for", "")
    ours = {str(organisation): organisation for organisation in buys_for(who)}
    if ours and chosen != "me" and chosen not in ours:
        page = _offer_page(token, who, error="Choose whom it is for.")
        return page if isinstance(page, Response) else (page, 422)
    try:
        grant = accept(session(), token, who, now(), organisation_id=ours.get(chosen))
    except TicketUnknownError:
        return error_page(404, NO_LINK)
    note_about("assessment", grant.assessment_id)
    note_about("grant", grant.id)
    return redirect(url_for("shared.show_copy", grant_id=grant.id), 303)


@blueprint.get("/shared/stop/<token>")
@requires("link.open")
def show_stop(token: str) -> str | Response:
    """Where the last link of the mail leads: one button."""
    return show_unsubscribe(OFFERS, token)


@blueprint.post("/shared/stop/<token>")
@audited("stopped")
@requires("link.open")
def stop_by_link(token: str) -> str | Response:
    """No more mails about shares to this mailbox."""
    return unsubscribe(OFFERS, token)


csrf.exempt(stop_by_link)


def _offer_page(token: str, who: Caller, error: str | None = None) -> str | Response:
    with database().reading() as look:
        try:
            grant = offered(look, token, who, now())
        except TicketUnknownError:
            return error_page(404, NO_LINK)
        ours = buys_for(who)
        names: list[tuple[uuid.UUID, str]] = [
            (row.id, row.name)
            for row in look.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ours)))
        ]
        of = select(Organisation).join(Assessment, Assessment.organisation_id == Organisation.id)
        organisation = look.scalars(of.where(Assessment.id == grant.assessment_id)).first()
    copy = thaw(grant.document).copy
    options = [("me", "Only for me"), *((str(key), name) for key, name in sorted(names, key=lambda pair: pair[1]))]
    return render_template(
        "plans/shared_offer.html",
        business=copy.organisation,
        note=name_note(copy.organisation, organisation),
        made_on=copy.made_on,
        until=date_at(grant.until),
        options=options if names else [],
        error=error,
        second_step=who.second_step,
    )

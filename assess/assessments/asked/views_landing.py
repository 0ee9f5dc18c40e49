"""Where the links of a letter lead: who asks and what, with a button; and the end of the mail. Looking does nothing."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.asked.door import TAKEN_BACK
from assess.assessments.asked.showing import about
from assess.assessments.visits import open_invitation
from assess.kit.application import settings_of
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.cookies import remember_visit, visit_token
from assess.kit.db import database, session
from assess.kit.errors import Wording, error_page
from assess.kit.guards import csrf
from assess.kit.limits import OPENING_LINKS, Limit, count, limited
from assess.kit.mail.unsubscribe_page import see_one_click
from assess.kit.route_permissions import audited, requires
from assess.people.models import Organisation
from assess.suppliers.asker import is_over
from assess.suppliers.following import (
    InvitationUnknownError,
    invitation_of,
    letter_of,
    named_by,
    note_opened,
    say_not_known,
    stop_mail,
)
from assess.suppliers.letters import is_stopped
from assess.suppliers.models import Supplier, SupplierInvitation

blueprint = Blueprint("asked", __name__)
STOPPING = Limit("asked-stop", 30, 60)
"""For each token that is one, never for a machine that calls: one machine of a mail company presses for all its people."""


NO_LINK = Wording(
    "This link does not work",
    (
        "Whoever asked you may have taken the request back, or a part of the address may be missing.",
        "If you have a newer letter from them, open the link in that one.",
    ),
)
NOTHING_TO_STOP = Wording(
    "No mail comes from this link",
    (
        "What it was about is deleted, or a part of the address is missing.",
        "If mail still comes, open the link at the foot of the newest letter.",
    ),
)


@blueprint.get("/asked/<token>")
@limited(OPENING_LINKS)
@requires("link.open")
def show_landing(token: str) -> str | Response:
    """Who asks, what, by when, what they see, and a button. A preview of the link opens nothing."""
    with database().reading() as look:
        try:
            invitation = invitation_of(look, token)
        except InvitationUnknownError:
            return error_page(404, NO_LINK)
        supplier, buyer = _who(look, invitation)
        if is_over(look, buyer, named_by(look, token)):
            return error_page(410, TAKEN_BACK)
        told = about(look, invitation, buyer)
    return render_template("assessments/asked_landing.html", supplier=supplier, link=token, **told)


@blueprint.post("/asked/<token>")
@audited("opened")
@limited(OPENING_LINKS)
@requires("link.open")
def open_link(token: str) -> Response:
    """Let this browser act on the invitation. From now on the buyer sees that it was opened."""
    try:
        invitation = invitation_of(session(), token)
    except InvitationUnknownError:
        return error_page(404, NO_LINK)
    note_about("invitation", invitation.id)
    if is_over(session(), _who(session(), invitation)[1], named_by(session(), token)):
        return error_page(410, TAKEN_BACK)
    note_opened(session(), invitation, now())
    fresh = open_invitation(session(), invitation, now(), letter=letter_of(session(), token), token=visit_token())
    to = url_for("asked.show_asked", invitation_id=invitation.id)
    return remember_visit(make_response(redirect(to, 303)), fresh)


@blueprint.post("/asked/<token>/not-known")
@audited("refused")
@limited(OPENING_LINKS)
@requires("link.open")
def reject_sender(token: str) -> str | Response:
    """Somebody does not know who asks: no more mail comes, and enough of them stop the letters of that buyer."""
    try:
        invitation = invitation_of(session(), token)
    except InvitationUnknownError:
        return error_page(404, NO_LINK)
    note_about("invitation", invitation.id)
    named = _named(session(), token, invitation)
    say_not_known(session(), invitation, settings_of(current_app), now())
    return render_template("assessments/asked_not_known.html", buyer=named)


@blueprint.get("/asked/stop/<token>")
@requires("link.open")
def show_stop(token: str) -> str | Response:
    """Where the last link of every letter leads: one button."""
    with database().reading() as look:
        try:
            invitation = invitation_of(look, token, stops=True)
        except InvitationUnknownError:
            return error_page(404, NOTHING_TO_STOP)
        supplier, buyer = _who(look, invitation)
        stopped = is_stopped(look, buyer.id, supplier.email, settings_of(current_app).honoured_keys)
        named = _named(look, token, invitation)
    return render_template("assessments/asked_stop.html", buyer=named, stopped=stopped)


@blueprint.post("/asked/stop/<token>")
@audited("stopped")
@requires("link.open")
def stop_by_link(token: str) -> str | Response:
    """Stop at once. The token is all it takes: a mail program that sends this has no form of ours.

    The answer is a page and no redirect, because programs that press the button do not follow one (RFC 8058, 3.1).
    """
    see_one_click()
    with database().reading() as look:
        try:
            found = invitation_of(look, token, stops=True)
        except InvitationUnknownError:
            return error_page(404, NOTHING_TO_STOP)
        named = _named(look, token, found)
    count(STOPPING, token)
    note_about("invitation", found.id)
    invitation = session().get(SupplierInvitation, found.id)
    if invitation is not None:  # deleted at this very moment: then no mail comes either
        stop_mail(session(), invitation, settings_of(current_app).key, now())
    return render_template("assessments/asked_stop.html", buyer=named, stopped=True)


csrf.exempt(stop_by_link)


def _named(look: Session, token: str, invitation: SupplierInvitation) -> str:
    """The name that stood in the letter, whatever the buyer is called by now."""
    return named_by(look, token) or _who(look, invitation)[1].name


def _who(look: Session, invitation: SupplierInvitation) -> tuple[Supplier, Organisation]:
    supplier = look.get_one(Supplier, invitation.supplier_id)
    return supplier, look.get_one(Organisation, supplier.buyer_id)

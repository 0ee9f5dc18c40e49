"""Where an invitation leads: a page that says what it is, and a button that joins once."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.errors import Wording, error_page
from assess.kit.guards import csrf
from assess.kit.limits import OPENING_LINKS, by_address, count
from assess.kit.mail.unsubscribe_page import show_unsubscribe, unsubscribe
from assess.kit.route_permissions import audited, requires
from assess.people.accounts.door import HOME, SIGN_IN, signed_in_or_sign_in, with_next
from assess.people.caller import caller, forget_caller
from assess.people.models import Organisation
from assess.people.organisations.inviting import INVITATIONS, PATH, STOP_PATH, AnotherAddressError, accept, look
from assess.people.organisations.models import Invitation
from assess.people.organisations.names import confirmed_words, name_note
from assess.people.organisations.separation import MixedError
from assess.people.tickets import TicketUnknownError

blueprint = Blueprint("join", __name__)

NO_LINK = Wording(
    "This invitation does not work",
    (
        "It may have been used, taken back or replaced by a newer one, or it is older than seven days.",
        "Ask whoever invited you to send it again.",
    ),
)
ANOTHER_ADDRESS = (
    "This invitation is for another e-mail address. Sign out, and sign in with the address it was sent to."
)


@blueprint.get(f"{PATH}<token>")
@requires("link.open")
def show_join(token: str) -> str | Response:
    """What the invitation is. Looking uses nothing up, however often: programs that scan mail open every link."""
    with database().reading() as reader:
        try:
            organisation, invitation = look(reader, token, now())
        except TicketUnknownError:
            return _no_such()
    return _page(token, organisation, invitation)


@blueprint.post(f"{PATH}<token>")
@audited("joined")
@requires("link.open")
def join(token: str) -> str | Response | tuple[str, int]:
    """Join, as the person whom it is for."""
    who = signed_in_or_sign_in()
    with database().reading() as reader:
        try:
            organisation, invitation = look(reader, token, now())
        except TicketUnknownError:
            return _no_such()
    try:
        joined = accept(session(), token, who, now())
    except TicketUnknownError:  # somebody was quicker
        session().rollback()
        return _no_such()
    except AnotherAddressError:
        return _page(token, organisation, invitation, ANOTHER_ADDRESS), 422
    except MixedError as error:
        return _page(token, organisation, invitation, str(error)), 422
    forget_caller()
    note_about("organisation", joined)
    return redirect(url_for("organisations.show_organisation", organisation_id=joined), 303)


@blueprint.get(f"{STOP_PATH}<token>")
@requires("link.open")
def show_stop(token: str) -> str | Response:
    """Where the last link of the mail leads: one button."""
    return show_unsubscribe(INVITATIONS, token)


@blueprint.post(f"{STOP_PATH}<token>")
@audited("stopped")
@requires("link.open")
def stop_by_link(token: str) -> str | Response:
    """No more invitations to this mailbox."""
    return unsubscribe(INVITATIONS, token)


csrf.exempt(stop_by_link)


def _page(token: str, organisation: Organisation, invitation: Invitation, error: str | None = None) -> str:
    who = caller()
    here = PATH + token
    if error is None and who is not None and who.email != invitation.email:
        error = ANOTHER_ADDRESS
    return render_template(
        "people/organisation_join.html",
        organisation=organisation,
        note=name_note(organisation, today()),
        shown_by=confirmed_words(organisation, today()),
        roles=invitation.as_roles,
        signed_in=who is not None,
        fits=who is not None and who.email == invitation.email,
        error=error,
        account=HOME,
        sign_in=with_next(SIGN_IN, here),
        sign_up=with_next("/sign-up", here),
    )


def _no_such() -> Response:
    """Only what is no invitation counts against whoever calls: it may be a guess."""
    count(OPENING_LINKS, by_address())
    return error_page(404, NO_LINK)

"""A forgotten password: a link by mail, a new password, every browser signed out. It does not stand in for the second step."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about, note_always
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.mail.addresses import LONGEST, AddressUnfitError
from assess.kit.route_permissions import audited, requires
from assess.kit.security_events import concerns
from assess.people.accounts import links, mails
from assess.people.accounts.installation import full_address, no_such_link, see_available
from assess.people.accounts.passwords import PasswordUnfitError, fit_password, hash_password
from assess.people.accounts.people import account_address, change_password, names_about
from assess.people.accounts.throttles import count_mail, count_new_password
from assess.people.accounts.views_sign_up import ADDRESS_UNFIT
from assess.people.models import Person
from assess.people.tickets import TicketUnknownError, find, use

blueprint = Blueprint("forgotten", __name__)


@blueprint.get("/forgotten")
@requires("account.enter")
def show_forgotten() -> str:
    """The form."""
    see_available()
    return render_template("people/forgotten.html", typed="", error=None)


@blueprint.post("/forgotten")
@audited("asked")
@requires("account.enter")
def forgotten() -> Response | tuple[str, int]:
    """Mail a link. The answer is the same for every address."""
    see_available()
    typed = request.form.get("email", "")[: 2 * LONGEST]
    try:
        email = account_address(typed)
        concerns(email)
    except AddressUnfitError:
        return render_template("people/forgotten.html", typed=typed, error=ADDRESS_UNFIT), 422
    count_mail(email)
    note_always()  # whatever becomes of this address
    links.ask_for_new_password(session(), email, full_address, now())
    return redirect("/forgotten/sent", 303)


@blueprint.get("/forgotten/sent")
@requires("account.enter")
def show_sent() -> str:
    """Look at your mail: the same words whatever the address was."""
    see_available()
    return render_template("people/look_at_your_mail.html", what="forgotten")


@blueprint.get("/new-password/<token>")
@requires("link.open")
def show_new_password(token: str) -> str | tuple[str, int]:
    """Where the mail leads."""
    see_available()
    with database().reading() as look:
        try:
            find(look, links.RESET, token, now())
        except TicketUnknownError:
            return no_such_link()
    return render_template("people/new_password.html", error=None)


@blueprint.post("/new-password/<token>")
@audited("changed")
@requires("link.open")
def new_password(token: str) -> Response | tuple[str, int]:
    """Take the new password, sign every browser out. Then they sign in, with all their steps."""
    see_available()
    with database().reading() as look:
        try:
            ticket = find(look, links.RESET, token, now())
        except TicketUnknownError:
            return no_such_link()
        person = look.get(Person, ticket.person_id)
        if person is None or person.disabled_at is not None:
            return no_such_link()
        about = names_about(look, person)
    count_new_password(ticket.id)
    try:
        hashed = hash_password(fit_password(request.form.get("password", ""), about))
    except PasswordUnfitError as error:
        return render_template("people/new_password.html", error=error.sentence), 422
    try:
        use(session(), links.RESET, token, now())
    except TicketUnknownError:
        return no_such_link()
    change_password(session(), person.id, hashed, now())
    note_about("person", person.id)
    mails.send(session(), person.email, mails.changed("Its password is a new one.", full_address("/forgotten")), now())
    return redirect("/new-password", 303)


@blueprint.get("/new-password")
@requires("account.enter")
def show_changed() -> str:
    """It is changed: sign in with it."""
    return render_template("people/password_changed.html")

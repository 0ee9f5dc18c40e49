"""Changing what one signs in with: the address and the password. Both ask for proof first."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import delete
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about, note_always
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.mail.addresses import LONGEST, AddressUnfitError
from assess.kit.route_permissions import audited, requires
from assess.people.access import account_owner
from assess.people.accounts import links, mails
from assess.people.accounts.browsers import end_all
from assess.people.accounts.door import signed_in
from assess.people.accounts.installation import full_address, no_such_link, see_available
from assess.people.accounts.letting_in import let_in
from assess.people.accounts.passwords import PasswordUnfitError, fit_password, hash_password
from assess.people.accounts.people import (
    AddressTakenError,
    account_address,
    change_email,
    change_password,
    names_about,
)
from assess.people.accounts.proving import prove_first
from assess.people.accounts.throttles import OWN_ACCOUNT, count_mail, count_new_password, count_recent
from assess.people.accounts.views_sign_up import ADDRESS_UNFIT
from assess.people.caller import Caller
from assess.people.models import Person, Ticket
from assess.people.tickets import TicketUnknownError, find, use

blueprint = Blueprint("credentials", __name__)


@blueprint.get("/account/password")
@requires("account.own", load=account_owner)
def show_password(who: Caller) -> str | Response:
    """The form for a new password."""
    return prove_first(who) or render_template("people/account_password.html", error=None)


@blueprint.post("/account/password")
@audited("changed")
@requires("account.own", load=account_owner)
def take_password(who: Caller) -> str | Response | tuple[str, int]:
    """Take it. Every other browser is signed out, this one gets a new token."""
    ask = prove_first(who)
    if ask is not None:
        return ask
    count_recent(OWN_ACCOUNT, str(who.id))
    count_new_password(who.id)
    with database().reading() as look:
        person = look.get_one(Person, who.id)
        about = names_about(look, person)
    try:
        hashed = hash_password(fit_password(request.form.get("password", ""), about))
    except PasswordUnfitError as error:
        return render_template("people/account_password.html", error=error.sentence), 422
    change_password(session(), who.id, hashed, now())
    told = mails.changed("Its password is a new one.", full_address("/forgotten"))
    mails.send(session(), person.email, told, now())
    return let_in(person, "/account", second_step=who.second_step)


@blueprint.get("/account/email")
@requires("account.own", load=account_owner)
def show_email(who: Caller) -> str | Response:
    """The form for a new address."""
    return prove_first(who) or render_template("people/account_email.html", typed="", error=None, email=who.email)


@blueprint.post("/account/email")
@audited("asked")
@requires("account.own", load=account_owner)
def ask_email(who: Caller) -> str | Response | tuple[str, int]:
    """Write to the new address; the old one is told. The answer is the same for every address."""
    ask = prove_first(who)
    if ask is not None:
        return ask
    typed = request.form.get("email", "")[: 2 * LONGEST]
    try:
        email = account_address(typed)
    except AddressUnfitError:
        page = render_template("people/account_email.html", typed=typed, error=ADDRESS_UNFIT, email=who.email)
        return page, 422
    count_recent(OWN_ACCOUNT, str(who.id))
    count_mail(email)
    note_always()  # whatever becomes of this address
    person = session().get_one(Person, who.id)
    links.ask_for_new_email(session(), person, email, who.signed_in_id, full_address, now())
    return redirect("/account/email/sent", 303)


@blueprint.get("/account/email/sent")
@requires("account.own", check=account_owner)
def show_sent() -> str:
    """Look at the mail of the new address."""
    return render_template("people/look_at_your_mail.html", what="email")


@blueprint.get("/account/email/<token>")
@requires("link.open")
def show_new_email(token: str) -> str | tuple[str, int]:
    """Where the mail to the new address leads: a button, for whoever is signed in to this account."""
    see_available()
    ticket = _asked_for(token)
    if ticket is None or ticket.person_id != signed_in().id:
        return no_such_link()
    return render_template("people/confirm_email.html", email=ticket.email)


@blueprint.post("/account/email/<token>")
@audited("changed")
@requires("link.open")
def take_email(token: str) -> Response | tuple[str, int]:
    """From now on the account has the new address. All other browsers are signed out, what was mailed before is void."""
    see_available()
    asked = _asked_for(token)
    if asked is None:
        return no_such_link()
    who = signed_in()
    if asked.person_id != who.id:
        return no_such_link()
    try:
        ticket = use(session(), links.NEW_EMAIL, token, now())
        person = session().get_one(Person, who.id)
        before = person.email
        change_email(session(), person.id, ticket.email, now())
        note_about("person", person.id)
    except (TicketUnknownError, AddressTakenError):
        return no_such_link()
    end_all(session(), who.id, but=who.signed_in_id)
    session().execute(delete(Ticket).where(Ticket.email == before, Ticket.used_at.is_(None)))
    mails.send(session(), before, mails.email_changed(), now())
    return redirect("/account/email-changed", 303)


@blueprint.get("/account/email-changed")
@requires("public.read")
def show_changed() -> str:
    """It is changed. The address is not on this page: it needs nobody who is signed in."""
    return render_template("people/email_changed.html")


def _asked_for(token: str) -> Ticket | None:
    """What this link would do; None when it does nothing."""
    with database().reading() as look:
        try:
            return find(look, links.NEW_EMAIL, token, now())
        except TicketUnknownError:
            return None

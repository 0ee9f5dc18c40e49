"""Signing up: an address, a mail, one button. Until that button nothing is kept but the link, and nothing is opened.

The password is chosen behind the link, not before it: else somebody could prepare an account for the address of another, with a
password they know, and wait for its owner to press the button.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_about, note_always
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.mail.addresses import LONGEST, AddressUnfitError
from assess.kit.route_permissions import audited, requires
from assess.people.accounts import links
from assess.people.accounts.door import HOME, safe_next, with_next
from assess.people.accounts.installation import full_address, no_such_link, see_available
from assess.people.accounts.letting_in import let_in
from assess.people.accounts.passwords import PasswordUnfitError, fit_password, hash_password
from assess.people.accounts.people import (
    AddressTakenError,
    BuyerAtDeskError,
    account_address,
    appoint,
    find_person,
    fit_name,
    make_person,
    names_in,
)
from assess.people.accounts.throttles import count_mail, count_new_password
from assess.people.caller import caller
from assess.people.models import Desk, Ticket
from assess.people.tickets import TicketUnknownError, find, use

ADDRESS_UNFIT = "Enter an e-mail address, like name@example.org."
blueprint = Blueprint("sign_up", __name__)


@blueprint.get("/sign-up")
@requires("account.enter")
def show_sign_up() -> str | Response:
    """What an account is for, and the form."""
    see_available()
    return redirect(safe_next(request.args.get("next")) or HOME, 303) if caller() else _page()


@blueprint.post("/sign-up")
@audited("asked")
@requires("account.enter")
def sign_up() -> Response | tuple[str, int]:
    """Write to the address. The answer is the same for every address."""
    see_available()
    typed = request.form.get("email", "")[: 2 * LONGEST]
    try:
        email = account_address(typed)
    except AddressUnfitError:
        return _page(typed, ADDRESS_UNFIT), 422
    count_mail(email)
    note_always()  # whatever becomes of this address
    links.ask_for_account(session(), email, full_address, safe_next(request.form.get("next")), now())
    return redirect("/sign-up/sent", 303)


@blueprint.get("/sign-up/sent")
@requires("account.enter")
def show_sent() -> str:
    """Look at your mail: the same words whatever the address was."""
    see_available()
    return render_template("people/look_at_your_mail.html", what="sign-up")


@blueprint.get("/confirm/<token>", defaults={"kind": links.CONFIRM})
@blueprint.get("/administrator/<token>", defaults={"kind": links.ADMINISTRATOR})
@requires("link.open")
def show_confirm(token: str, kind: str) -> str | tuple[str, int]:
    """Where the mail leads: a form with a button, so that no scanner of mail makes an account."""
    see_available()
    with database().reading() as look:
        try:
            ticket = find(look, kind, token, now())
        except TicketUnknownError:
            return no_such_link()
        known = find_person(look, ticket.email) is not None
    return _confirm_page(ticket, known=known)


@blueprint.post("/confirm/<token>", defaults={"kind": links.CONFIRM})
@blueprint.post("/administrator/<token>", defaults={"kind": links.ADMINISTRATOR})
@audited("confirmed")
@requires("link.open")
def confirm(token: str, kind: str) -> str | Response | tuple[str, int]:
    """Make the account, and sign in whoever pressed the button."""
    see_available()
    with database().reading() as look:
        try:
            ticket = find(look, kind, token, now())
        except TicketUnknownError:
            return no_such_link()
        known = find_person(look, ticket.email)
    if known is not None:
        return _confirm_known(token, kind)
    name, password = fit_name(request.form.get("name", "")), request.form.get("password", "")
    hashed = None
    if password or kind == links.ADMINISTRATOR:
        count_new_password(ticket.id)
        try:
            hashed = hash_password(fit_password(password, [*names_in(ticket.email), name]))
        except PasswordUnfitError as error:
            return _confirm_page(ticket, name, error.sentence), 422
    try:
        used = use(session(), kind, token, now())
        person = make_person(session(), used.email, now(), name=name, password_hash=hashed)
    except (TicketUnknownError, AddressTakenError):
        return no_such_link()
    if kind == links.ADMINISTRATOR:
        appoint(session(), person.id, Desk.ADMINISTRATOR, now())
        session().refresh(person)
    return let_in(person, safe_next(request.values.get("next")), second_step=False)


def _confirm_known(token: str, kind: str) -> Response | tuple[str, int]:
    """The address got an account meanwhile. The link signs nobody in: that account may have a password and a second step."""
    try:
        used = use(session(), kind, token, now())
    except TicketUnknownError:
        return no_such_link()
    person = find_person(session(), used.email)
    if person is not None:
        note_about("person", person.id)
    if person is not None and kind == links.ADMINISTRATOR:
        try:
            appoint(session(), person.id, Desk.ADMINISTRATOR, now())
        except BuyerAtDeskError:
            return no_such_link()
    return redirect("/sign-in", 303)


def _page(typed: str = "", error: str | None = None) -> str:
    then = safe_next(request.values.get("next"))
    return render_template(
        "people/sign_up.html", typed=typed, error=error, then=then, sign_in=with_next("/sign-in", then)
    )


def _confirm_page(ticket: Ticket, name: str = "", error: str | None = None, *, known: bool = False) -> str:
    desk = ticket.kind == links.ADMINISTRATOR
    then = safe_next(request.values.get("next"))
    return render_template(
        "people/confirm.html", email=ticket.email, name=name, error=error, known=known, desk=desk, then=then
    )

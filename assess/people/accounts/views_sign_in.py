"""Signing in: by password, or by a link that is mailed. Whatever is wrong, the page and its time are the same."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from assess.kit.audit.requests import note_always
from assess.kit.clock import now
from assess.kit.cookies import forget_signed_in
from assess.kit.db import database, session
from assess.kit.mail.addresses import LONGEST, AddressUnfitError
from assess.kit.route_permissions import audited, requires
from assess.kit.security_events import SIGN_IN_REFUSED, concerns, security_event
from assess.people.accounts import links
from assess.people.accounts.browsers import end
from assess.people.accounts.door import HOME, safe_next, with_next
from assess.people.accounts.installation import full_address, no_such_link, see_available
from assess.people.accounts.letting_in import first_step_shown, forget_half_way
from assess.people.accounts.passwords import password_matches
from assess.people.accounts.people import account_address, find_person
from assess.people.accounts.throttles import count_login, count_mail
from assess.people.accounts.views_sign_up import ADDRESS_UNFIT
from assess.people.caller import caller, forget_caller
from assess.people.models import Person
from assess.people.tickets import TicketUnknownError, find, use

WRONG = "The e-mail address or the password is not right. Check both, or ask for a link to sign in instead."
PASSWORD_MISSING = "Enter your password. If you have none, ask for a link to sign in instead."  # noqa: S105  # a sentence
blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@requires("account.enter")
def show_sign_in() -> str | Response:
    """The ways in. Whoever was half way begins again."""
    see_available()
    forget_half_way()
    return redirect(safe_next(request.args.get("next")) or HOME, 303) if caller() else _page({})


@blueprint.post("/sign-in")
@audited("signed in")
@requires("account.enter")
def sign_in() -> str | Response | tuple[str, int]:
    """By address and password."""
    see_available()
    typed, password = request.form.get("email", "")[: 2 * LONGEST], request.form.get("password", "")
    faults = {}
    try:
        email = account_address(typed)
        concerns(email)
    except AddressUnfitError:
        email, faults["email"] = "", ADDRESS_UNFIT
    if not password:
        faults["password"] = PASSWORD_MISSING
    if faults:
        return _page(faults, typed), 422
    count_login(email)
    with database().reading() as look:
        person = find_person(look, email)
    right = password_matches(password, person.password_hash if person is not None else None)
    if person is None or not right or person.disabled_at is not None or person.confirmed_at is None:
        security_event(SIGN_IN_REFUSED)
        return _page({"email": WRONG}, typed), 422
    return first_step_shown(person, request.form.get("next"))


@blueprint.get("/sign-in/link")
@requires("account.enter")
def show_ask_link() -> str:
    """The form for a link by mail."""
    see_available()
    return _link_page()


@blueprint.post("/sign-in/link")
@audited("asked")
@requires("account.enter")
def ask_link() -> Response | tuple[str, int]:
    """Mail a link. The answer is the same for every address."""
    see_available()
    typed = request.form.get("email", "")[: 2 * LONGEST]
    try:
        email = account_address(typed)
        concerns(email)
    except AddressUnfitError:
        return _link_page(typed, ADDRESS_UNFIT), 422
    count_mail(email)
    note_always()  # whatever becomes of this address
    links.ask_for_sign_in(session(), email, full_address, safe_next(request.form.get("next")), now())
    return redirect("/sign-in/link/sent", 303)


@blueprint.get("/sign-in/link/sent")
@requires("account.enter")
def show_link_sent() -> str:
    """Look at your mail: the same words whatever the address was."""
    see_available()
    return render_template("people/look_at_your_mail.html", what="sign-in")


@blueprint.get("/sign-in/link/<token>")
@requires("link.open")
def show_link(token: str) -> str | tuple[str, int]:
    """Where the mail leads: a button, so that no scanner of mail signs in."""
    see_available()
    with database().reading() as look:
        try:
            find(look, links.SIGN_IN, token, now())
        except TicketUnknownError:
            return no_such_link()
    return render_template("people/sign_in_by_link.html", then=safe_next(request.args.get("next")))


@blueprint.post("/sign-in/link/<token>")
@audited("signed in")
@requires("link.open")
def sign_in_by_link(token: str) -> Response | tuple[str, int]:
    """Use the link up. Whoever has a second step still has to show it."""
    see_available()
    try:
        ticket = use(session(), links.SIGN_IN, token, now())
    except TicketUnknownError:
        return no_such_link()
    person = session().get(Person, ticket.person_id)
    if person is None or person.disabled_at is not None:
        return no_such_link()
    return first_step_shown(person, request.values.get("next"))


@blueprint.post("/sign-out")
@audited("signed out")
@requires("account.enter")
def sign_out() -> Response:
    """Sign this browser out. What its cookie holds is worth nothing from here on."""
    who = caller()
    if who is not None:
        end(session(), who.id, who.signed_in_id)
        forget_caller()
    return forget_signed_in(make_response(redirect("/signed-out", 303)))


@blueprint.get("/signed-out")
@requires("public.read")
def show_signed_out() -> str:
    """It is done, and what is still open in this browser."""
    return render_template("people/signed_out.html")


def _page(faults: dict[str, str], typed: str = "") -> str:
    then = safe_next(request.values.get("next"))
    again = {name: with_next(f"/{name}", then) for name in ("sign-up", "sign-in/link", "forgotten")}
    return render_template("people/sign_in.html", typed=typed, faults=faults, then=then, to=again)


def _link_page(typed: str = "", error: str | None = None) -> str:
    then = safe_next(request.values.get("next"))
    return render_template("people/sign_in_link.html", typed=typed, error=error, then=then)

"""Proving once more who sits at the browser: by password, by a code or passkey, or by mail for those who have neither."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.route_permissions import audited, requires
from assess.kit.security_events import PROOF_REFUSED, concerns, security_event
from assess.people.access import account_owner
from assess.people.accounts import links, passkeys
from assess.people.accounts.code_apps import CodeWrongError
from assess.people.accounts.door import go_on, safe_next
from assess.people.accounts.installation import full_address, here, keys, no_such_link
from assess.people.accounts.letting_in import prove_again
from assess.people.accounts.passwords import password_matches
from assess.people.accounts.second_steps import SecondSteps, steps_of, take_code
from assess.people.accounts.throttles import CODE, count_login, count_mail, count_recent
from assess.people.accounts.views_second_step import CODE_WRONG, PASSKEY_REFUSED
from assess.people.caller import Caller
from assess.people.models import Person
from assess.people.tickets import TicketUnknownError, find, use

PASSWORD_WRONG = "This is not your password. Check it and try again."  # noqa: S105  # a sentence
blueprint = Blueprint("prove", __name__)


@blueprint.get("/prove")
@requires("account.own", load=account_owner)
def show_prove(who: Caller) -> str:
    """What they can prove it with."""
    return _page(who)


@blueprint.post("/prove")
@audited("proved")
@requires("account.own", load=account_owner)
def prove(who: Caller) -> str | Response | tuple[str, int]:
    """Take the proof; this browser gets a new token."""
    person, steps = _person_and_steps(who)
    concerns(who.id)
    typed = request.form
    by_step = True
    try:
        if typed.get("passkey"):
            count_recent(CODE, str(who.id))
            passkeys.show(session(), typed["passkey"], here(), now(), who.id)
        elif person.password_hash is not None and not typed.get("code"):
            by_step = False
            count_login(who.email)
            if not password_matches(typed.get("password", ""), person.password_hash):
                security_event(PROOF_REFUSED)
                return _page(who, ("password", PASSWORD_WRONG)), 422
        elif steps.any:
            count_recent(CODE, str(who.id))
            take_code(session(), who.id, typed.get("code", ""), keys(), now())
        else:
            return redirect("/prove", 303)
    except CodeWrongError:
        security_event(PROOF_REFUSED)
        return _page(who, ("code", CODE_WRONG)), 422
    except passkeys.PasskeyRefusedError:
        security_event(PROOF_REFUSED)
        return _page(who, ("code", PASSKEY_REFUSED)), 422
    return prove_again(who, go_on(typed.get("next")), second_step=by_step)


@blueprint.post("/prove/link")
@audited("asked")
@requires("account.own", load=account_owner)
def ask_link(who: Caller) -> Response:
    """Mail a link to somebody who has nothing else to show."""
    person, steps = _person_and_steps(who)
    if person.password_hash is not None or steps.any:
        return redirect("/prove", 303)
    count_mail(who.email)
    then = safe_next(request.form.get("next"))
    links.ask_to_prove(session(), person, who.signed_in_id, full_address, then, now())
    return redirect("/prove/link/sent", 303)


@blueprint.get("/prove/link/sent")
@requires("account.own", check=account_owner)
def show_sent() -> str:
    """Look at your mail."""
    return render_template("people/look_at_your_mail.html", what="prove")


@blueprint.get("/prove/link/<token>")
@requires("account.own", load=account_owner)
def show_link(who: Caller, token: str) -> str | tuple[str, int]:
    """Where the mail leads: a button. It works only in the browser that asked."""
    with database().reading() as look:
        try:
            ticket = find(look, links.PROVE, token, now())
        except TicketUnknownError:
            return no_such_link()
    if ticket.about != who.signed_in_id:
        return no_such_link()
    return render_template("people/prove_by_link.html", then=safe_next(request.args.get("next")))


@blueprint.post("/prove/link/<token>")
@audited("proved")
@requires("account.own", load=account_owner)
def prove_by_link(who: Caller, token: str) -> Response | tuple[str, int]:
    """Use the link up."""
    try:
        ticket = find(session(), links.PROVE, token, now())
        if ticket.about != who.signed_in_id:
            return no_such_link()
        use(session(), links.PROVE, token, now())
    except TicketUnknownError:
        return no_such_link()
    return prove_again(who, go_on(request.values.get("next")))


def _person_and_steps(who: Caller) -> tuple[Person, SecondSteps]:
    with database().reading() as look:
        return look.get_one(Person, who.id), steps_of(look, who.id)


def _page(who: Caller, error: tuple[str, str] | None = None) -> str:
    person, steps = _person_and_steps(who)
    return render_template(
        "people/prove.html",
        has_password=person.password_hash is not None,
        steps=steps,
        error=error,
        then=safe_next(request.values.get("next")),
    )

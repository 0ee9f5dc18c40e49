"""Setting up second steps: an app for codes, passkeys, recovery codes. Each change asks for proof first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, make_response, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy import delete
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.route_permissions import audited, requires
from assess.people.access import account_owner
from assess.people.accounts import code_apps, mails, passkeys, recovery
from assess.people.accounts.browsers import end_all
from assess.people.accounts.door import needs_second_step, safe_next, with_next
from assess.people.accounts.installation import NAME, full_address, here, keys
from assess.people.accounts.letting_in import prove_again
from assess.people.accounts.models import Passkey
from assess.people.accounts.passkeys import PasskeyRefusedError
from assess.people.accounts.proving import prove_first
from assess.people.accounts.second_steps import SecondSteps, steps_of, tidy_up
from assess.people.accounts.throttles import CODE, OWN_ACCOUNT, count_recent
from assess.people.accounts.views_second_step import CODE_WRONG, JSON, PASSKEY_REFUSED
from assess.people.caller import Caller
from assess.people.models import Person

HERE = "/account/second-steps"
LAST_ONE = "You need a second step for what you do here. Set up another one first, then remove this one."
blueprint = Blueprint("second_steps", __name__)


@blueprint.get(HERE)
@requires("account.own", load=account_owner)
def show_steps(who: Caller) -> str:
    """Which ones there are, and how to add one."""
    return _page(who)


@blueprint.get(f"{HERE}/app")
@requires("account.own", load=account_owner)
def show_app(who: Caller) -> str | Response:
    """The picture for the app and the same as text. GET makes nothing: a seed is begun by the button before."""
    return prove_first(who) or _app_page(who)


@blueprint.post(f"{HERE}/app/begin")
@audited("begun")
@requires("account.own", load=account_owner)
def begin_app(who: Caller) -> Response:
    """Make a seed for an app."""
    ask = _prove_and_count(who)
    if ask is not None:
        return ask
    code_apps.set_up(session(), who.id, keys()[0], now())
    return redirect(with_next(f"{HERE}/app", _then()), 303)


@blueprint.post(f"{HERE}/app")
@audited("confirmed")
@requires("account.own", load=account_owner)
def confirm_app(who: Caller) -> Response:
    """The first code shows that the app works."""
    ask = _prove_and_count(who)
    if ask is not None:
        return make_response(ask)
    count_recent(CODE, str(who.id))
    try:
        code_apps.confirm(session(), who.id, request.form.get("code", ""), keys(), now())
    except code_apps.CodeWrongError:
        page = _app_page(who, CODE_WRONG)
        return (
            make_response(page, 422) if isinstance(page, str) else make_response(page)
        )  # set up in another tab meanwhile
    return _added(who)


@blueprint.post(f"{HERE}/app/remove")
@audited("removed")
@requires("account.own", load=account_owner)
def remove_app(who: Caller) -> str | Response | tuple[str, int]:
    """Forget the app."""
    ask = _prove_and_count(who)
    if ask is not None:
        return ask
    steps = _steps(who)
    if needs_second_step(who) and steps.code_app and not steps.passkeys:
        return _page(who, LAST_ONE), 422
    code_apps.remove(session(), who.id)
    return _removed(who)


@blueprint.post(f"{HERE}/passkeys/ask")
@audited("asked")
@requires("account.own", load=account_owner)
def ask_passkey(who: Caller) -> tuple[str, int, dict[str, str]]:
    """What the browser needs to make a passkey."""
    if _prove_and_count(who) is not None:
        return "{}", 403, JSON
    return passkeys.ask_to_add(session(), session().get_one(Person, who.id), here(), now()), 200, JSON


@blueprint.post(f"{HERE}/passkeys")
@audited("added")
@requires("account.own", load=account_owner)
def add_passkey(who: Caller) -> str | Response | tuple[str, int]:
    """Keep the passkey the browser made."""
    ask = _prove_and_count(who)
    if ask is not None:
        return ask
    name = " ".join(request.form.get("name", "").split())
    try:
        passkeys.add(session(), who.id, request.form.get("passkey", ""), name, here(), now())
    except PasskeyRefusedError:
        return _page(who, PASSKEY_REFUSED), 422
    return _added(who)


@blueprint.post(f"{HERE}/passkeys/<uuid:passkey_id>/remove")
@audited("removed")
@requires("account.own", load=account_owner)
def remove_passkey(who: Caller, passkey_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Forget one passkey."""
    ask = _prove_and_count(who)
    if ask is not None:
        return ask
    steps = _steps(who)
    if needs_second_step(who) and not steps.code_app and steps.passkeys == 1:
        return _page(who, LAST_ONE), 422
    session().execute(delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == who.id))
    return _removed(who)


@blueprint.post(f"{HERE}/codes")
@audited("made")
@requires("account.own", load=account_owner)
def renew_codes(who: Caller) -> str | Response:
    """Ten new recovery codes. This page is their only sight."""
    ask = _prove_and_count(who)
    if ask is not None:
        return ask
    if not _steps(who).any:
        return redirect(HERE, 303)
    return _codes_page(recovery.renew(session(), who.id, now()))


def _added(who: Caller) -> Response:
    """A step was added: this browser has shown it. The others have not, so they are signed out. With the first come recovery codes."""
    end_all(session(), who.id, but=who.signed_in_id)
    told = mails.changed("It has a new second step for signing in.", full_address("/forgotten"))
    mails.send(session(), who.email, told, now())
    codes = recovery.renew(session(), who.id, now()) if recovery.count_left(session(), who.id) == 0 else None
    plain = make_response(redirect(with_next(HERE, _then()), 303)) if codes is None else make_response()
    response = prove_again(who, plain, second_step=True)
    if codes is not None:  # the page comes last: what is rendered is committed
        response.set_data(_codes_page(codes))
    return response


def _removed(who: Caller) -> Response:
    tidy_up(session(), who.id)
    told = mails.changed("A second step for signing in was removed.", full_address("/forgotten"))
    mails.send(session(), who.email, told, now())
    return redirect(HERE, 303)


def _codes_page(codes: Sequence[str]) -> str:
    return render_template("people/recovery_codes.html", codes=codes, then=_then())


def _prove_and_count(who: Caller) -> Response | None:
    """The forms here have no page of their own address, so whoever has to prove comes back to the list."""
    if not who.proven_lately(now()):
        return redirect(with_next("/prove", HERE), 303)
    if not who.second_step and _steps(who).any:
        return redirect(HERE, 303)  # whoever has not shown a step may not take it away or add one
    count_recent(OWN_ACCOUNT, str(who.id))
    return None


def _steps(who: Caller) -> SecondSteps:
    with database().reading() as look:
        return steps_of(look, who.id)


def _then() -> str | None:
    return safe_next(request.values.get("next"))


def _page(who: Caller, error: str | None = None) -> str:
    with database().reading() as look:
        return render_template(
            "people/second_steps.html",
            steps=steps_of(look, who.id),
            passkeys=passkeys.passkeys_of(look, who.id),
            must=needs_second_step(who),
            shown=who.second_step,
            proven=who.proven_lately(now()),
            error=error,
            then=_then(),
        )


def _app_page(who: Caller, error: str | None = None) -> str | Response:
    with database().reading() as look:
        seed = code_apps.seed_being_set_up(look, who.id, keys())
    if seed is None:
        return redirect(HERE, 303)
    picture = code_apps.picture_of(code_apps.address_of(seed, who.email, NAME))
    spaced = " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))
    return render_template(
        "people/code_app.html",
        picture=Markup(picture),  # noqa: S704  # made by segno from a picture of black squares, no text of anybody in it
        seed=spaced,
        error=error,
        then=_then(),
    )

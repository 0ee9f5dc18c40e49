"""The second step of signing in: a code of the app, a passkey, or a recovery code. And signing in by passkey alone, which is both."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import by_address
from assess.kit.route_permissions import audited, requires
from assess.kit.security_events import SECOND_STEP_REFUSED, SIGN_IN_REFUSED, concerns, security_event
from assess.people.accounts import passkeys
from assess.people.accounts.code_apps import CodeWrongError
from assess.people.accounts.door import safe_next
from assess.people.accounts.installation import here, keys, see_available
from assess.people.accounts.letting_in import end_half_way, let_in, person_half_way
from assess.people.accounts.second_steps import steps_of, take_code
from assess.people.accounts.throttles import CHALLENGES, CODE, count_recent
from assess.people.caller import caller
from assess.people.models import Person
from assess.people.tickets import TicketUnknownError

CODE_WRONG = "This code is not right, or was used before. Wait for the next one and type that."
PASSKEY_REFUSED = "This passkey did not work here. Try again, or use another way."
JSON = {"Content-Type": "application/json"}
blueprint = Blueprint("second_step", __name__)


@blueprint.get("/sign-in/second-step")
@requires("account.enter")
def show_second_step() -> str | Response:
    """What the person has is offered, nothing else."""
    see_available()
    with database().reading() as look:
        person = person_half_way(look, now())
        return redirect("/sign-in", 303) if person is None else _page(person)


@blueprint.post("/sign-in/second-step")
@audited("signed in")
@requires("account.enter")
def take_second_step() -> str | Response | tuple[str, int]:
    """Take a code, or the answer of a passkey."""
    see_available()
    with database().reading() as look:
        person = person_half_way(look, now())
    if person is None:
        return redirect("/sign-in", 303)
    concerns(person.id)
    count_recent(CODE, str(person.id))
    try:
        if request.form.get("passkey"):
            passkeys.show(session(), request.form["passkey"], here(), now(), person.id)
        else:
            take_code(session(), person.id, request.form.get("code", ""), keys(), now())
        end_half_way(now())
    except CodeWrongError:
        security_event(SECOND_STEP_REFUSED)
        return _page(person, CODE_WRONG), 422
    except (passkeys.PasskeyRefusedError, TicketUnknownError):
        security_event(SECOND_STEP_REFUSED)
        return _page(person, PASSKEY_REFUSED), 422
    fresh = session().get(Person, person.id)
    if fresh is None:
        return redirect("/sign-in", 303)
    return let_in(fresh, request.form.get("next"), second_step=True)


@blueprint.post("/sign-in/passkey/ask")
@audited("asked")
@requires("account.enter")
def ask_passkey() -> tuple[str, int, dict[str, str]]:
    """What the browser needs to show a passkey: of the person half way or signed in here, else of whoever holds one."""
    see_available()
    count_recent(CHALLENGES, by_address())
    who = caller()
    with database().reading() as look:
        half = person_half_way(look, now())
    person_id = half.id if half is not None else who.id if who is not None else None
    return passkeys.ask_to_show(session(), here(), now(), person_id), 200, JSON


@blueprint.post("/sign-in/passkey")
@audited("signed in")
@requires("account.enter")
def sign_in_by_passkey() -> str | Response | tuple[str, int]:
    """By passkey alone: the device has checked who holds it, so it is both steps."""
    see_available()
    count_recent(CHALLENGES, by_address())
    person = None
    try:
        shown = passkeys.show(session(), request.form.get("passkey", ""), here(), now())
        person = session().get(Person, shown.person_id)
    except passkeys.PasskeyRefusedError:
        pass
    if person is None or person.disabled_at is not None:
        security_event(SIGN_IN_REFUSED)
        return render_template("people/passkey_refused.html"), 422
    return let_in(person, request.form.get("next"), second_step=True)


def _page(person: Person, error: str | None = None) -> str:
    with database().reading() as look:
        steps = steps_of(look, person.id)
    return render_template(
        "people/second_step.html", steps=steps, error=error, then=safe_next(request.values.get("next"))
    )

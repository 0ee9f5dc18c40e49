"""The page of one's own account: what stands there, the browsers signed in, and the way out for good."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, request
from sqlalchemy import update
from werkzeug.wrappers import Response

from assess.kit.clock import HOME as HOME_ZONE
from assess.kit.clock import now
from assess.kit.cookies import forget_signed_in
from assess.kit.db import database, session
from assess.kit.route_permissions import audited, requires
from assess.people.access import account_owner
from assess.people.accounts.browsers import browsers_of, end, end_all
from assess.people.accounts.deleting import OnlyManagerError, delete_account, managed_alone
from assess.people.accounts.door import needs_second_step
from assess.people.accounts.people import end_links, fit_name
from assess.people.accounts.proving import prove_first
from assess.people.accounts.second_steps import steps_of
from assess.people.accounts.throttles import OWN_ACCOUNT, count_recent, forget_known
from assess.people.caller import Caller, forget_caller
from assess.people.models import Person

blueprint = Blueprint("account", __name__)


def _may_change() -> Caller:
    who = account_owner()
    count_recent(OWN_ACCOUNT, str(who.id))
    return who


@blueprint.get("/account")
@requires("account.own", load=account_owner)
def show_account(who: Caller) -> str:
    """Everything about the account on one page."""
    moment = now()
    with database().reading() as look:
        person = look.get_one(Person, who.id)
        return render_template(
            "people/account.html",
            person=person,
            steps=steps_of(look, who.id),
            browsers=browsers_of(look, who.id, moment),
            this_browser=who.signed_in_id,
            second_step=who.second_step,
            must_have_second_step=needs_second_step(who),
            idle_minutes=int(who.idle.total_seconds()) // 60,
            ends_at=None if who.until is None else clock_time(who.until),
            moment_of=moment_of,
        )


@blueprint.get("/account/name")
@requires("account.own", load=account_owner)
def show_name(who: Caller) -> str:
    """The form for the name."""
    return render_template("people/account_name.html", name=who.name)


@blueprint.post("/account/name")
@audited("changed")
@requires("account.own", load=_may_change)
def change_name(who: Caller) -> Response:
    """Keep another name, or none."""
    name = fit_name(request.form.get("name", ""))
    session().execute(update(Person).where(Person.id == who.id).values(name=name))
    return redirect("/account", 303)


@blueprint.post("/account/browsers/<uuid:browser_id>/end")
@audited("ended")
@requires("account.own", load=_may_change)
def end_browser(who: Caller, browser_id: uuid.UUID) -> Response:
    """Sign out one browser. It may be this one."""
    end(session(), who.id, browser_id)
    if browser_id == who.signed_in_id:
        forget_caller()
        return forget_signed_in(make_response(redirect("/signed-out", 303)))
    end_links(session(), who.id, now())  # whoever sat at the other one may have asked for some
    return redirect("/account#browsers", 303)


@blueprint.post("/account/browsers/end-others")
@audited("ended")
@requires("account.own", load=_may_change)
def end_other_browsers(who: Caller) -> Response:
    """Sign out all browsers but this one."""
    end_all(session(), who.id, but=who.signed_in_id)
    return redirect("/account#browsers", 303)


@blueprint.get("/account/delete")
@requires("account.own", load=account_owner)
def show_delete(who: Caller) -> str | Response:
    """What goes, what stays, and what is in the way."""
    return prove_first(who) or _delete_page(who)


@blueprint.post("/account/delete")
@audited("deleted")
@requires("account.own", load=_may_change)
def delete(who: Caller) -> str | Response | tuple[str, int]:
    """Delete it all."""
    ask = prove_first(who)
    if ask is not None:
        return ask
    if request.form.get("sure") != "yes":
        return _delete_page(who, "Tick the box if you want to delete your account."), 422
    try:
        delete_account(session(), who.id, now())
    except OnlyManagerError:
        return _delete_page(who), 422
    forget_known(session(), who.email)
    forget_caller()
    return forget_signed_in(make_response(redirect("/account-deleted", 303)))


@blueprint.get("/account-deleted")
@requires("public.read")
def show_deleted() -> str:
    """It is gone."""
    return render_template("people/account_deleted.html")


def clock_time(moment: datetime) -> str:
    """“14:05”, as clocks here show it."""
    return f"{moment.astimezone(HOME_ZONE):%H:%M}"


def moment_of(moment: datetime) -> str:
    """“24 November 2026 at 14:05”."""
    local = moment.astimezone(HOME_ZONE)
    return f"{local.day} {local:%B %Y at %H:%M}"


def _delete_page(who: Caller, error: str | None = None) -> str:
    with database().reading() as look:
        alone = managed_alone(look, who.id)
    return render_template("people/account_delete.html", alone=alone, error=error)

"""Opening accounts in an app: the pages, what stands about the caller in the header, and noting that a browser is still used."""

from __future__ import annotations

import contextlib
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from assess.kit.clock import now
from assess.kit.db import database
from assess.kit.headers import is_listed
from assess.kit.limits import know_subject
from assess.people.accounts import (
    views_account,
    views_credentials,
    views_forgotten,
    views_prove,
    views_second_step,
    views_second_steps,
    views_sign_in,
    views_sign_up,
)
from assess.people.accounts.browsers import NOTED_EVERY, note_used
from assess.people.accounts.installation import accounts_available
from assess.people.caller import Caller, caller, caller_id

_LONGEST_SHOWN = 24
_NEVER_ON = frozenset({"help"})
"""Rooms whose pages set no cookie and read none."""


def open_accounts(app: Flask) -> None:
    """Open the pages of accounts in an app."""
    for views in (
        views_sign_up,
        views_sign_in,
        views_second_step,
        views_forgotten,
        views_prove,
        views_account,
        views_credentials,
        views_second_steps,
    ):
        app.register_blueprint(views.blueprint)
    know_subject(app, _person_of_this_browser)
    app.context_processor(_header)
    app.after_request(_note_use)


def _person_of_this_browser() -> str | None:
    who = caller_id()
    return None if who is None else str(who)


def account_link(*, kept_ready: bool = False) -> dict[str, str] | None:
    """The link to the account for the header of this page: address and words; None where none stands.

    Pages that are the same for every reader, and may be kept ready for all of them, never show who reads. `kept_ready`: this one is.
    """
    if request.blueprint in _NEVER_ON or not accounts_available():
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or is_listed(view) or kept_ready:
        return {"href": "/account", "text": "Your account"}
    who = caller()
    if who is None:
        return {"href": "/sign-in", "text": "Sign in"}
    name = who.name if len(who.name) <= _LONGEST_SHOWN else f"{who.name[:_LONGEST_SHOWN]}…"
    return {"href": "/account", "text": f"Your account: {name}" if name else "Your account"}


def _header() -> dict[str, Any]:
    return {"account_link": account_link}


def _note_use(response: Response) -> Response:
    """Once in five minutes, after the page is made: whoever still reads is not signed out for doing nothing."""
    who: Caller | None = g.get("caller")
    moment = now()
    if who is not None and who.used_at is not None and moment >= who.used_at + NOTED_EVERY:
        # the page is made; a busy database is no reason to lose it
        with contextlib.suppress(SQLAlchemyError), database().writing() as session:
            note_used(session, who.signed_in_id, moment)
    return response

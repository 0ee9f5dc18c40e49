"""Opening accounts in an app: the pages, and noting that a browser is still used."""

from __future__ import annotations

import contextlib

from flask import Flask, Response, g
from sqlalchemy.exc import SQLAlchemyError

from assess.kit.clock import now
from assess.kit.db import database
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
from assess.people.caller import Caller


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
    app.after_request(_note_use)


def _note_use(response: Response) -> Response:
    """Once in five minutes, after the page is made: whoever still reads is not signed out for doing nothing."""
    who: Caller | None = g.get("caller")
    moment = now()
    if who is not None and who.used_at is not None and moment >= who.used_at + NOTED_EVERY:
        # the page is made; a busy database is no reason to lose it
        with contextlib.suppress(SQLAlchemyError), database().writing() as session:
            note_used(session, who.signed_in_id, moment)
    return response

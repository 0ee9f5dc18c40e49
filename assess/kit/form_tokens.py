"""The protection of forms, remembered: the same cookie is checked once, the same token is signed once.

The session cookie holds nothing but the secret of a browser's forms, and stays the same for as long as the browser is open. To
check its signature and to sign a token anew for every look at a page costs more than the page itself. Whatever is not
remembered goes the ordinary way of Flask and Flask-WTF.
"""

from __future__ import annotations

import time
from typing import Any, cast

from flask import Flask, Request, Response, current_app, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf

MOST_KEPT = 2000
KEPT_SECONDS = 3600
"""A cookie that has been checked is believed for so long; then its age is looked at again."""

_TOKENS = "assess.form_tokens"
_SECRET = "csrf_token"  # noqa: S105 - the name under which Flask-WTF keeps it


class RememberedSessions(SecureCookieSessionInterface):
    """Flask's sessions, with the cookies that were found sound kept in mind."""

    def __init__(self) -> None:
        self._sound: dict[str, tuple[float, dict[str, Any]]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of this request."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        kept = self._sound.get(cookie) if cookie else None
        if kept is not None and time.monotonic() - kept[0] < KEPT_SECONDS:
            return self.session_class(kept[1].copy())
        opened = super().open_session(app, request)
        if cookie and opened:
            _make_room(self._sound)
            self._sound[cookie] = time.monotonic(), dict(opened)
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie again only when something in it changed."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers.add("Vary", "Cookie")


def form_token() -> str:
    """The token that proves a form is ours, for this browser."""
    tokens = cast("dict[str, str]", current_app.extensions.setdefault(_TOKENS, {}))
    secret = session.get(_SECRET)
    token = tokens.get(secret) if secret else None
    if token is None:
        token = cast("str", generate_csrf())
        _make_room(tokens)
        tokens[session[_SECRET]] = token
    return token


def _make_room(kept: dict[str, Any]) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()

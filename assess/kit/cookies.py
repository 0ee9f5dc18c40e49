"""The cookie of a visit: a random token and nothing else. It goes when the browser is closed, and at once on "leave".

Over TLS its name begins with `__Host-`, so that no neighbouring site can plant it.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from assess.kit.form_tokens import RememberedSessions
from assess.kit.tokens import looks_like_token

VISIT = "assess_visit"
SESSION = "assess_session"
SIGNED_IN = "assess_signed_in"


def cookie_name(name: str, *, secure: bool) -> str:
    """The name as it stands in the browser."""
    return f"__Host-{name}" if secure else name


def set_up_cookies(app: Flask, *, secure: bool) -> None:
    """Have the session cookie, which holds only the protection of forms, follow the same rules."""
    app.session_interface = RememberedSessions()
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name(SESSION, secure=secure),
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )


def visit_token() -> str | None:
    """The token of the visit this request belongs to, if its cookie looks like one of ours."""
    token = request.cookies.get(_visit_name())
    return token if token is not None and looks_like_token(token) else None


def remember_visit(response: Response, token: str) -> Response:
    """Have the browser keep the token until it is closed. Lax, not strict: links from messages must arrive with it."""
    response.set_cookie(
        _visit_name(), token, secure=_is_secure(), httponly=True, samesite="Lax", path="/", max_age=None
    )
    return response


def signed_in_token() -> str | None:
    """The token of whoever is signed in in this browser, if its cookie looks like one of ours."""
    token = request.cookies.get(cookie_name(SIGNED_IN, secure=_is_secure()))
    return token if token is not None and looks_like_token(token) else None


def remember_signed_in(response: Response, token: str) -> Response:
    """Have the browser keep the token of somebody who has just signed in, until it is closed."""
    response.set_cookie(
        cookie_name(SIGNED_IN, secure=_is_secure()),
        token,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
        max_age=None,
    )
    return response


def forget_signed_in(response: Response) -> Response:
    """Have the browser forget the token and everything it kept of this site."""
    response.delete_cookie(
        cookie_name(SIGNED_IN, secure=_is_secure()), secure=_is_secure(), httponly=True, samesite="Lax", path="/"
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def forget_visit(response: Response) -> Response:
    """Have the browser forget the token and everything it kept of this site."""
    response.delete_cookie(_visit_name(), secure=_is_secure(), httponly=True, samesite="Lax", path="/")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _visit_name() -> str:
    return cookie_name(VISIT, secure=_is_secure())

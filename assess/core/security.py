"""Security headers, cookies, CSRF token cache, bearer tokens and PIN hashes, and log lines for possible attacks."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from assess.core.errors import request_id
from assess.core.links import looks_like_token, new_token
from assess.core.logs import log
from assess.core.rate_limits import by_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])

INLINE_SCRIPT_HASH = "sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="
"""Of the one inline script of our layout, which is that of the govuk template. A test computes it from the package."""

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; script-src 'self' '{INLINE_SCRIPT_HASH}'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-read=()",
}
NO_STORE = "private, no-store"
NO_INDEX = "noindex, noarchive"
_PUBLIC_MARK = "is_public_page"
_CACHEABLE, _INDEXABLE = "assess.kept", "assess.listed"
"""Notes in the environment of a request: browsers may keep the answer; search engines may list it."""


def public_page(view: View) -> View:
    """Mark a view whose page search engines may list. All others tell them to stay away."""
    setattr(view, _PUBLIC_MARK, True)
    return view


def is_public_page(view: object) -> bool:
    """Whether search engines may list the page of this view: it is the same for every reader."""
    return bool(getattr(view, _PUBLIC_MARK, False))


class SecurityHeaders:
    """Adds the headers where the answer leaves the app: nothing gets out without them, and nothing is copied or looked up.

    Everything is kept by nobody and for no search engine, unless the app has noted otherwise in the request's environment.
    """

    def __init__(self, app: WSGIApplication, *, secure: bool) -> None:
        self._app = app
        self._fixed = [*HEADERS.items()]
        if secure:
            self._fixed.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
        self._private = [*self._fixed, ("Cache-Control", NO_STORE), ("X-Robots-Tag", NO_INDEX)]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:  # noqa: ANN401  # as WSGI has it
            ours = (
                self._private
                if not (environ.get(_CACHEABLE) or environ.get(_INDEXABLE))
                else self._exceptional(environ)
            )
            return start_response(status, [*headers, *ours], *error)

        return self._app(environ, start)

    def _exceptional(self, environ: WSGIEnvironment) -> list[tuple[str, str]]:
        ours = self._fixed.copy()
        if not environ.get(_CACHEABLE):
            ours.append(("Cache-Control", NO_STORE))
        if not environ.get(_INDEXABLE):
            ours.append(("X-Robots-Tag", NO_INDEX))
        return ours


def set_up_security_headers(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer of this app, errors included."""
    app.wsgi_app = SecurityHeaders(app.wsgi_app, secure=secure)  # type: ignore[method-assign]  # as Flask documents it

    @app.after_request
    def note_exceptions(response: Response) -> Response:
        if response.status_code < 400 and request.endpoint == "static_file":  # noqa: PLR2004  # not an error of any kind
            request.environ[_CACHEABLE] = True
        elif response.status_code == 200 and is_public_page(current_app.view_functions.get(request.endpoint or "")):  # noqa: PLR2004  # only the page itself
            request.environ[_INDEXABLE] = True
        return response


MAX_CACHED_COOKIES = 2000
COOKIE_CACHE_SECONDS = 3600
"""A cookie that has been checked is believed for so long; then its age is looked at again."""

_CSRF_KEY = "csrf_token"
PAGES_SECRET = "pages"  # noqa: S105  # the name of it
"""In the same cookie: what gives the key of the pages that answered the forms of this visit (`post_redirects`)."""
STORED_PAGES_ENDED = "assess_stored_pages_ended"
"""A note of a request, where this browser has left, or another person may sit at it now: that secret."""


class CachedSessionInterface(SecureCookieSessionInterface):
    """Flask's sessions, with the cookies that were found sound kept in mind."""

    def __init__(self) -> None:
        self._sound: dict[str, tuple[float, dict[str, Any]]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        cookie = request.cookies.get(self.get_cookie_name(app))
        kept = self._sound.get(cookie) if cookie else None
        if kept is not None and time.monotonic() - kept[0] < COOKIE_CACHE_SECONDS:
            # a copy: what a view puts into its session must not change what is believed of the cookie
            return self.session_class(kept[1].copy())
        opened = super().open_session(app, request)
        if cookie and opened:
            _evict_if_full(self._sound)
            self._sound[cookie] = time.monotonic(), dict(opened)
        return opened


def cached_csrf_token() -> str:
    """The token that proves a form is ours, for this browser."""
    tokens = cast("dict[str, str]", current_app.extensions.setdefault("assess.form_tokens", {}))
    secret = session.get(_CSRF_KEY)
    token = tokens.get(secret) if secret else None
    if token is None:
        token = cast("str", generate_csrf())
        _evict_if_full(tokens)
        tokens[session[_CSRF_KEY]] = token
        session.setdefault(PAGES_SECRET, new_token())
    return token


def _evict_if_full(kept: dict[str, Any]) -> None:
    if len(kept) >= MAX_CACHED_COOKIES:
        kept.clear()


SIGN_IN_REFUSED = "sign_in_refused"
"""A wrong password, a passkey that did not fit, or an account that is none or closed: the line does not tell which of these."""
SECOND_STEP_REFUSED = "second_step_refused"
PROOF_REFUSED = "proof_refused"
"""A person who is signed in could not prove that it is them."""
RATE_LIMITED = "limited"


def set_security_subject(who: object) -> None:
    """Say whom this request is about, an address that was typed or the id of a person: its security events carry the keyed hash."""
    g.security_who = _subject_hash(str(who))


def log_security_event(event: str) -> None:
    log(
        event,
        who=g.get("security_who"),
        caller=_subject_hash(by_address()),
        route=request.url_rule.rule if request.url_rule else None,
        method=request.method,
        request=request_id(),
    )


def _subject_hash(subject: str) -> str:
    key = hmac.new(str(current_app.secret_key).encode(), b"assess marks in log lines, 1", hashlib.sha256).digest()
    return hmac.new(key, subject.encode(), hashlib.sha256).hexdigest()[:16]


def hash_pin(pin: str) -> str:
    """What is stored of a PIN: "salt$hash" in hexadecimal."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(pin, salt).hex()}"


NO_PIN = f"{bytes(16).hex()}${bytes(32).hex()}"
"""A hash that no PIN fits, for a try at what is not there: it costs the same."""


def pin_matches(pin: str, stored: str) -> bool:
    """Whether this is the PIN that was hashed. Takes the same time for every wrong one."""
    salt, _, digest = stored.partition("$")
    return hmac.compare_digest(_scrypt(pin, bytes.fromhex(salt)).hex(), digest)


def _scrypt(pin: str, salt: bytes) -> bytes:
    # 16 MiB and about 40 ms a try on a small machine
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)


GUEST_COOKIE = "assess_visit"
FORM_COOKIE = "assess_session"
LOGIN_COOKIE = "assess_signed_in"


def cookie_name(name: str, *, secure: bool) -> str:
    return f"__Host-{name}" if secure else name


def set_up_cookies(app: Flask, *, secure: bool) -> None:
    """Have the session cookie, which holds only the protection of forms, follow the same rules."""
    app.session_interface = CachedSessionInterface()
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name(FORM_COOKIE, secure=secure),
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )


def guest_session_token() -> str | None:
    """The token of the guest session this request belongs to, if its cookie looks like one of ours."""
    token = request.cookies.get(_guest_cookie_name())
    return token if token is not None and looks_like_token(token) else None


def set_guest_cookie(response: Response, token: str) -> Response:
    """Have the browser keep the token until it is closed."""
    # lax, not strict: links from messages must arrive with it
    response.set_cookie(
        _guest_cookie_name(), token, secure=_is_secure(), httponly=True, samesite="Lax", path="/", max_age=None
    )
    return response


def login_session_token() -> str | None:
    """The token of the login session of this browser, if its cookie looks like one of ours."""
    token = request.cookies.get(cookie_name(LOGIN_COOKIE, secure=_is_secure()))
    return token if token is not None and looks_like_token(token) else None


def set_login_cookie(response: Response, token: str) -> Response:
    """Have the browser keep the token of a person who has just signed in, until it is closed."""
    end_stored_pages()  # whoever sat here before them
    response.set_cookie(
        cookie_name(LOGIN_COOKIE, secure=_is_secure()),
        token,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
        max_age=None,
    )
    return response


def clear_login_cookie(response: Response) -> Response:
    """Have the browser forget the token and everything it kept of this site."""
    response.delete_cookie(
        cookie_name(LOGIN_COOKIE, secure=_is_secure()), secure=_is_secure(), httponly=True, samesite="Lax", path="/"
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    end_stored_pages()
    return response


def clear_guest_cookie(response: Response) -> Response:
    """Have the browser forget the token, the cookie of forms and everything it kept of this site."""
    response.delete_cookie(_guest_cookie_name(), secure=_is_secure(), httponly=True, samesite="Lax", path="/")
    # not "cookies", for some browsers would clear what the last page is to say as well
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    end_stored_pages()
    session.clear()
    return response


def end_stored_pages() -> None:
    """Let nobody see again what answered the forms of this browser so far, not even with a copy of its cookie."""
    setattr(g, STORED_PAGES_ENDED, session.pop(PAGES_SECRET, None))


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _guest_cookie_name() -> str:
    return cookie_name(GUEST_COOKIE, secure=_is_secure())

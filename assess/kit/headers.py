"""The headers of every answer: what a browser may do with it, keep of it and tell about it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, current_app, request

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
TLS_ONLY = "max-age=31536000; includeSubDomains"
NEVER_KEEP = "private, no-store"
NOT_FOR_SEARCH = "noindex, noarchive"
_KEEPS_ITSELF = "static_file"
_PUBLIC = "is_public_page"
_KEPT, _LISTED = "assess.kept", "assess.listed"
"""Notes in the environment of a request: browsers may keep the answer; search engines may list it."""


def public_page(view: View) -> View:
    """Mark a view whose page search engines may list. All others tell them to stay away."""
    setattr(view, _PUBLIC, True)
    return view


def is_listed(view: object) -> bool:
    """Whether search engines may list the page of this view: it is the same for every reader."""
    return bool(getattr(view, _PUBLIC, False))


class FixedHeaders:
    """Adds the headers where the answer leaves the app: nothing gets out without them, and nothing is copied or looked up.

    Everything is kept by nobody and for no search engine, unless the app has noted otherwise in the request's environment.
    """

    def __init__(self, app: WSGIApplication, *, secure: bool) -> None:
        self._app = app
        self._fixed = [*HEADERS.items()]
        if secure:
            self._fixed.append(("Strict-Transport-Security", TLS_ONLY))
        self._private = [*self._fixed, ("Cache-Control", NEVER_KEEP), ("X-Robots-Tag", NOT_FOR_SEARCH)]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:  # noqa: ANN401  # as WSGI has it
            ours = self._private if not (environ.get(_KEPT) or environ.get(_LISTED)) else self._exceptional(environ)
            return start_response(status, [*headers, *ours], *error)

        return self._app(environ, start)

    def _exceptional(self, environ: WSGIEnvironment) -> list[tuple[str, str]]:
        ours = self._fixed.copy()
        if not environ.get(_KEPT):
            ours.append(("Cache-Control", NEVER_KEEP))
        if not environ.get(_LISTED):
            ours.append(("X-Robots-Tag", NOT_FOR_SEARCH))
        return ours


def set_up_headers(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer of this app, errors included."""
    app.wsgi_app = FixedHeaders(app.wsgi_app, secure=secure)  # type: ignore[method-assign]  # as Flask documents it

    @app.after_request
    def note_exceptions(response: Response) -> Response:
        if response.status_code < 400 and request.endpoint == _KEEPS_ITSELF:  # noqa: PLR2004  # not an error of any kind
            request.environ[_KEPT] = True
        elif response.status_code == 200 and is_listed(_view()):  # noqa: PLR2004  # only the page itself
            request.environ[_LISTED] = True
        return response


def inline_script_hash() -> str:
    """The hash of the inline script in the govuk template that is installed."""
    template = files("govuk_frontend_jinja").joinpath("templates/template.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script[^>]*>([^<]+)</script>", re.sub(r"\{%.*?%\}", "", template))
    return f"sha256-{base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()}"


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")

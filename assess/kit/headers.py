"""The headers of every answer: what a browser may do with it, keep of it and tell about it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

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


def public_page(view: View) -> View:
    """Mark a view whose page search engines may list. All others tell them to stay away."""
    setattr(view, _PUBLIC, True)
    return view


def set_up_headers(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer of this app, errors included."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        if secure:
            response.headers["Strict-Transport-Security"] = TLS_ONLY
        if request.endpoint != _KEEPS_ITSELF or response.status_code >= 400:  # noqa: PLR2004  # an error of any kind
            response.headers["Cache-Control"] = NEVER_KEEP
        if not _is_public(response):
            response.headers["X-Robots-Tag"] = NOT_FOR_SEARCH
        return response


def inline_script_hash() -> str:
    """The hash of the inline script in the govuk template that is installed."""
    template = files("govuk_frontend_jinja").joinpath("templates/template.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script[^>]*>([^<]+)</script>", re.sub(r"\{%.*?%\}", "", template))
    return f"sha256-{base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()}"


def _is_public(response: Response) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return response.status_code == 200 and getattr(view, _PUBLIC, False)  # noqa: PLR2004  # only the page itself

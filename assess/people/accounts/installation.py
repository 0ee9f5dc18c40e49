"""What accounts need to know of the installation they are part of."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, current_app, render_template, request
from werkzeug.wrappers import Response

from assess.kit.application import public_address, settings_of
from assess.kit.db import roll_back_request
from assess.kit.limits import OPENING_LINKS, by_address, count
from assess.people.accounts.browsers import browser_name
from assess.people.accounts.passkeys import Here

NAME = "Assess"


def accounts_available() -> bool:
    """Whether this installation sends mail: without it no address can be confirmed, so it has no accounts."""
    return settings_of(current_app).mail_server is not None


def see_available() -> None:
    """Go on only where there are accounts.

    Raises:
        HTTPException: with the page that says there are none.
    """
    if not accounts_available():
        abort(Response(render_template("people/no_accounts.html"), 404, content_type="text/html; charset=utf-8"))


def full_address(path: str) -> str:
    """The address of a page, for a mail."""
    return public_address(current_app, path)


def keys() -> list[str]:
    """The secret key, and the earlier ones that are still honoured."""
    settings = settings_of(current_app)
    return [settings.key, *settings.old_secret_keys]


def here() -> Here:
    """This site as passkeys know it. A passkey is for a name; in development it is made for localhost."""
    origin = settings_of(current_app).base_url
    return Here(urlsplit(origin).hostname or "localhost", origin, NAME)


def this_browser() -> str:
    """The browser that calls, in a few words."""
    return browser_name(request.headers.get("User-Agent", ""))


def no_such_link() -> tuple[str, int]:
    """The page for a link that is none. Only these count against whoever calls: they may be guesses."""
    roll_back_request()  # the counter has a transaction of its own
    count(OPENING_LINKS, by_address())
    return render_template("people/link_over.html"), 404

"""The door of every page that needs a person: whoever is not signed in is led to where they can, and back again.

    who = signed_in_or_sign_in()

at the top of a view. `next`, the page to come back to, is only ever a path of our own.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from flask import abort, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from assess.kit.db import SAFE_METHODS
from assess.people.caller import Caller, caller
from assess.people.models import Role

SIGN_IN = "/sign-in"
SECOND_STEPS = "/account/second-steps"
HOME = "/account"
LONGEST_NEXT = 500


def signed_in_or_sign_in() -> Caller:
    """Whoever is signed in here, with every step shown that they need.

    Raises:
        HTTPException: a redirect to the page for signing in, or to the one for setting up a second step.
    """
    who = signed_in()
    if needs_second_step(who):
        second_step_or_set_up(who)
    return who


def signed_in() -> Caller:
    """Whoever is signed in here, whatever steps they have shown. Only the pages of their own account take this one.

    Raises:
        HTTPException: a redirect to the page for signing in.
    """
    who = caller()
    if who is None:
        abort(redirect(with_next(SIGN_IN, page_of_request()), 303))
    return who


def second_step_or_set_up(who: Caller) -> None:
    """For pages that show what others have shared: a password or a mail alone is too little there for anybody.

    Raises:
        HTTPException: a redirect to the page for setting up a second step.
    """
    if not who.second_step:
        abort(redirect(with_next(SECOND_STEPS, page_of_request()), 303))


def needs_second_step(who: Caller) -> bool:
    """Whether a password or a mail alone is too little for them: they see what belongs to many."""
    return who.desk is not None or any(Role.BUYER in roles for roles in who.roles.values())


def safe_next(typed: str | None) -> str | None:
    """The path to go on to, if it is one of our own; None for everything else, such as another site."""
    if not typed or len(typed) > LONGEST_NEXT:
        return None
    plain = unquote(typed)
    if not typed.startswith("/") or plain.startswith("//") or "\\" in plain or not plain.isprintable():
        return None
    return typed


def with_next(page: str, then: str | None) -> str:
    """The address of a page that leads on to `then`."""
    wanted = safe_next(then)
    return f"{page}?next={quote(wanted, safe='/')}" if wanted and wanted != HOME else page


def page_of_request() -> str:
    """Where to come back to after this request: the page itself, or for a form that was sent the page of its address, if it has one."""
    if request.method in SAFE_METHODS:
        return request.full_path.rstrip("?")
    return request.path if _can_be_opened(request.path) else HOME


def go_on(then: str | None) -> Response:
    """On to this page if it is one of ours, else to the account."""
    return redirect(safe_next(then) or HOME, 303)


def _can_be_opened(path: str) -> bool:
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True

"""What stands about the caller in the header of each page."""

from __future__ import annotations

from flask import current_app, request

from assess.kit.headers import is_listed
from assess.people.accounts.installation import accounts_available
from assess.people.caller import caller

_LONGEST_SHOWN = 24
_NEVER_ON = frozenset({"help"})
"""Rooms whose pages set no cookie and read none."""


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

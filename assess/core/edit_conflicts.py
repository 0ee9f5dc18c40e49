"""The optimistic lock of all forms: a form carries a mark of what it was drawn from, and a person who sends one that is out of date is shown both, with status 409.

Answers of a questionnaire, purchases and actions of a plan are merged part by part instead: most people who meet there changed different
things, and a page that offers both of the few that differ loses nobody's words (`core/conflicts.html`, macro `choice`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar

from flask import redirect

from assess.core.db import roll_back_request
from assess.core.pages import PageResponse

Found = TypeVar("Found")
Saved = TypeVar("Saved")

LOOK_AGAIN = (
    "Nothing was saved, and nothing you typed is lost. Look at how it is now, then do it again if it is still right."
)
REMOVED = "Someone else removed it. Nothing was saved. What you typed is still on this page, so you can copy it."


class NotSavedError(Exception):
    """What was asked cannot be done as things stand, and nothing of it is kept. The message says why, for the page."""

    heading = "This was not saved"
    status = 409
    theirs: Any = None


class EditConflictError(NotSavedError):
    """Another person changed what the form was drawn from. `theirs`: how it is now, None when it is gone."""

    heading = "Someone else changed this while you were working"

    def __init__(self, theirs: Any = None, words: str = "") -> None:  # noqa: ANN401  # the value of any form
        super().__init__(words or (REMOVED if theirs is None else LOOK_AGAIN))
        self.theirs = theirs


def etag(shown: object) -> str:
    """A mark of what a form shows, for its hidden field. Values that JSON does not know count by their text."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:16]


def require_unchanged(seen: str | None, shown: object) -> None:
    """Raises EditConflictError when the mark that came with a form is another than that of what it would show now."""
    if seen != etag(shown):
        raise EditConflictError(shown)


def still_there(found: Found | None) -> Found:
    """What a form is about. Raises EditConflictError where it is gone: a page that says so and shows what was typed, or a plain 404."""
    if found is None:
        raise EditConflictError
    return found


def save_or_show_again(
    save: Callable[[], Saved], draw_form: Callable[[NotSavedError], str], address: str | Callable[[Saved], str]
) -> PageResponse:
    """Save and go on to this address; or keep nothing and draw the form once more, with what was typed and why."""
    try:
        saved = save()
    except NotSavedError as error:
        roll_back_request()
        return draw_form(error), error.status
    return redirect(address if isinstance(address, str) else address(saved), 303)

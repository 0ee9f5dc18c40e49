"""What each page does, said beside it: `@needs("plan.read")`. A page that does not say it keeps the whole site from starting.

What an action means and who may do it stands in `assess.people.permissions`; here it is only a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")

_MARK = "assess_action"


class UndeclaredPagesError(Exception):
    """Some pages do not say what they do, or say something nobody knows. `places` are their endpoints."""

    def __init__(self, places: list[str]) -> None:
        super().__init__(f"These pages do not say what they do: {', '.join(places)}")
        self.places = places


def needs(action: str) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """A decorator for views: whoever opens this does `action`. It stands directly under the route."""

    def mark(view: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        setattr(view, _MARK, action)
        return view

    return mark


def action_of(app: Flask, endpoint: str) -> str | None:
    """What the page of this endpoint does; None when it does not say."""
    return getattr(app.view_functions[endpoint], _MARK, None)


def action_of_request() -> str:
    """What this request does.

    Raises:
        UndeclaredPagesError: when its page does not say.
    """
    endpoint = request.endpoint or ""
    found = action_of(current_app, endpoint) if endpoint else None
    if found is None:
        raise UndeclaredPagesError([endpoint])
    return found


def see_all_declared(app: Flask, known: frozenset[str]) -> None:
    """See that every page says what it does, in a word that is known.

    Raises:
        UndeclaredPagesError
    """
    places = sorted(endpoint for endpoint in app.view_functions if action_of(app, endpoint) not in known)
    if places:
        raise UndeclaredPagesError(places)

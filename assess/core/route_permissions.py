"""`@requires` checks the permission of a route before its view; `@audited` names the audit verb of a form. `check_routes` refuses to start without them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from flask import Flask, current_app, g, request

from assess.core.db import SAFE_METHODS, holds_write_lock

Parameters = ParamSpec("Parameters")
ViewReturn = TypeVar("ViewReturn")
Loaded = TypeVar("Loaded")

_PERMISSIONS, _CHECKED, _VERB = "assess_permissions", "assess_checked", "assess_verb"
_READ_METHOD, _WRITE_METHOD = "GET", "POST"
STORED_PAGE = "assess_stored_page"
"""A note of a request for a page that answered a form once: a function that gives it in place of the view."""
VIEW_REACHED = "assess_view_reached"
"""A note of a request: that its caller was let in."""
STATE_SHOWN = "assess_state_shown"
"""A note of a request, set by what loads it: a function that reads of which submission its pages tell."""


class BadRoutesError(Exception):
    """Some routes lack a permission, a check or an audit verb. `errors` says which, one sentence each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class UncheckedPermissionError(Exception):
    """What a route loads did not ask whether the caller has its permission. A fault of the code, never of the caller."""


@overload
def requires(
    permission: str = "", *, get: str = "", post: str = ""
) -> Callable[[Callable[Parameters, ViewReturn]], Callable[Parameters, ViewReturn]]: ...
@overload
def requires(
    permission: str = "", *, get: str = "", post: str = "", load: Callable[..., Loaded]
) -> Callable[[Callable[Concatenate[Loaded, Parameters], ViewReturn]], Callable[..., ViewReturn]]: ...
@overload
def requires(
    permission: str = "", *, get: str = "", post: str = "", check: Callable[..., object]
) -> Callable[[Callable[Parameters, ViewReturn]], Callable[..., ViewReturn]]: ...
def requires(
    permission: str = "",
    *,
    get: str = "",
    post: str = "",
    load: Callable[..., Any] | None = None,
    check: Callable[..., object] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Keep callers without the permission from the view. `get` and `post` name it where looking and sending differ.

    `load` checks and returns what the view gets as its first argument; `check` only checks. Both get the arguments of the address
    that they name, call `authorise`, and read in sessions of their own: what writes reads the row again under its lock. The view
    gets the arguments that it names itself. Without either, everybody must have the permission, else the site does not start.
    Raises `UncheckedPermissionError` in a request, when the guard did not call `authorise` for this permission, or holds SQLite's write lock.
    """
    permissions = {_READ_METHOD: get or permission, _WRITE_METHOD: post or permission}
    guard = load or check

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        if guard is None:

            @functools.wraps(view)
            def open_to_all(**given: object) -> object:
                return _run(view, **given)

            setattr(open_to_all, _PERMISSIONS, permissions)
            return open_to_all
        guard_parameters, view_parameters = inspect.signature(guard).parameters, inspect.signature(view).parameters

        @functools.wraps(view)
        def checked(**given: object) -> object:
            found = guard(**{name: value for name, value in given.items() if name in guard_parameters})
            _require_checked(request_permission())
            rest = {
                name: value for name, value in given.items() if name in view_parameters or name not in guard_parameters
            }
            return _run(view, **rest) if load is None else _run(view, found, **rest)

        setattr(checked, _PERMISSIONS, permissions)
        setattr(checked, _CHECKED, True)
        return checked

    return decorate


def audited(verb: str) -> Callable[[Callable[Parameters, ViewReturn]], Callable[Parameters, ViewReturn]]:
    """Say what became of it once this form was taken; the permission says what was done. `set_audit_verb` says otherwise in a request."""

    def mark(view: Callable[Parameters, ViewReturn]) -> Callable[Parameters, ViewReturn]:
        setattr(view, _VERB, verb)
        return view

    return mark


def mark_checked(permission: str) -> None:
    """Note that the caller of this request was found to have this permission."""
    g.setdefault(_CHECKED, set()).add(permission)


def route_permission(app: Flask, endpoint: str, method: str) -> str | None:
    found: Mapping[str, str] = getattr(app.view_functions.get(endpoint), _PERMISSIONS, {})
    return found.get(_READ_METHOD if method in SAFE_METHODS else _WRITE_METHOD) or None


def route_verb(app: Flask, endpoint: str) -> str | None:
    return getattr(app.view_functions.get(endpoint), _VERB, None)


def request_permission() -> str:
    """The permission of the route of this request. Raises `BadRoutesError` when it has none."""
    # who wants to see again what answered a form needs what the form needed
    method = request.method if g.get(STORED_PAGE) is None else _WRITE_METHOD
    found = route_permission(current_app, request.endpoint or "", method)
    if found is None:
        raise BadRoutesError([f"{method} {request.endpoint}: no permission"])
    return found


def request_verb() -> str:
    """The audit verb of the route of this request. Raises `BadRoutesError` when it has none."""
    found = route_verb(current_app, request.endpoint or "")
    if found is None:
        raise BadRoutesError([f"{request.method} {request.endpoint}: no audit verb"])
    return found


def check_routes(app: Flask, permissions: frozenset[str], public: frozenset[str], verbs: frozenset[str]) -> None:
    """See that each route has a known permission and checks it unless everybody has it, and each form a known audit verb.

    Raises `BadRoutesError`.
    """
    errors = []
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {_READ_METHOD, _WRITE_METHOD}:
            permission, verb = route_permission(app, rule.endpoint, method), route_verb(app, rule.endpoint)
            place = f"{method} {rule.endpoint}"
            if permission not in permissions:
                errors.append(f"{place}: no permission that is known: {permission}")
            elif permission not in public and not getattr(app.view_functions[rule.endpoint], _CHECKED, False):
                errors.append(f"{place}: nothing checks {permission}")
            if method == _WRITE_METHOD and verb not in verbs:
                errors.append(f"{place}: no audit verb that is known: {verb}")
    if errors:
        raise BadRoutesError(sorted(errors))


def _run(view: Callable[..., object], *loaded: object, **given: object) -> object:
    """The view, for a caller who may; or the page that it answered before. That request is a GET, and the view may take forms alone."""
    stored = g.get(STORED_PAGE)
    if stored is not None:
        return stored()
    setattr(g, VIEW_REACHED, True)
    return view(*loaded, **given)


def _require_checked(permission: str) -> None:
    if permission not in g.get(_CHECKED, ()):
        raise UncheckedPermissionError(f"{request.endpoint} loads without asking for {permission}")
    if holds_write_lock():
        raise UncheckedPermissionError(f"{request.endpoint} loads under the write lock of everybody")

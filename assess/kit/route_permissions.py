"""The permission of each route, checked before its view runs, and the audit verb of each form.

    @blueprint.post("/organisations/<uuid:organisation_id>/suppliers/new")
    @audited("added")
    @limited(SAVING)
    @requires("suppliers.manage", load=permitted_member)
    def add_supplier(who: CurrentUser, organisation_id: uuid.UUID) -> Response: ...

Limits stand above the check, so that what is refused counts too. Who has a permission stands in `assess.people.permissions`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from flask import Flask, current_app, g, request

from assess.kit.db import SAFE_METHODS, holds_write_lock

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
Loaded = TypeVar("Loaded")

_PERMISSIONS, _CHECKED, _VERB = "assess_permissions", "assess_checked", "assess_verb"
_LOOKING, _SENDING = "GET", "POST"


class BadRoutesError(Exception):
    """Some routes lack a permission, a check or an audit verb. `faults` says which, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class UncheckedError(Exception):
    """What a route loads did not ask whether the caller has its permission. A fault of the code, never of the caller."""


@overload
def requires(
    permission: str = "", *, get: str = "", post: str = ""
) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]: ...


@overload
def requires(
    permission: str = "", *, get: str = "", post: str = "", load: Callable[..., Loaded]
) -> Callable[[Callable[Concatenate[Loaded, Parameters], Answer]], Callable[..., Answer]]: ...


@overload
def requires(
    permission: str = "", *, get: str = "", post: str = "", check: Callable[..., object]
) -> Callable[[Callable[Parameters, Answer]], Callable[..., Answer]]: ...


def requires(
    permission: str = "",
    *,
    get: str = "",
    post: str = "",
    load: Callable[..., Any] | None = None,
    check: Callable[..., object] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let whoever lacks the permission not reach the view. `get` and `post` name it where looking and sending differ.

    `load` checks and returns what the view gets as its first argument; `check` only checks. Both get the arguments of the address
    that they name, call `authorise`, and read in sessions of their own: whoever writes reads the row again under its lock. The view
    gets the arguments that it names itself. Without either, everybody must have the permission, else the site does not start.

    Raises:
        UncheckedError: in a request, when the guard did not call `authorise` for this permission, or holds SQLite's write lock.
    """
    permissions = {_LOOKING: get or permission, _SENDING: post or permission}
    guard = load or check

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        if guard is None:
            setattr(view, _PERMISSIONS, permissions)
            return view
        asked, taken = inspect.signature(guard).parameters, inspect.signature(view).parameters

        @functools.wraps(view)
        def checked(**given: object) -> object:
            found = guard(**{name: value for name, value in given.items() if name in asked})
            _see_checked(permission_of_request())
            rest = {name: value for name, value in given.items() if name in taken or name not in asked}
            return view(**rest) if load is None else view(found, **rest)

        setattr(checked, _PERMISSIONS, permissions)
        setattr(checked, _CHECKED, True)
        return checked

    return decorate


def audited(verb: str) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """Say what became of it once this form was taken; the permission says what was done. `note_verb` says otherwise in a request."""

    def mark(view: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        setattr(view, _VERB, verb)
        return view

    return mark


def mark_checked(permission: str) -> None:
    """Note that the caller of this request was found to have this permission."""
    g.setdefault(_CHECKED, set()).add(permission)


def permission_of(app: Flask, endpoint: str, method: str) -> str | None:
    """The permission of a route; None when it has none."""
    found: Mapping[str, str] = getattr(app.view_functions.get(endpoint), _PERMISSIONS, {})
    return found.get(_LOOKING if method in SAFE_METHODS else _SENDING) or None


def verb_of(app: Flask, endpoint: str) -> str | None:
    """The audit verb of a form; None when it has none."""
    return getattr(app.view_functions.get(endpoint), _VERB, None)


def permission_of_request() -> str:
    """The permission of the route of this request.

    Raises:
        BadRoutesError: when it has none.
    """
    found = permission_of(current_app, request.endpoint or "", request.method)
    if found is None:
        raise BadRoutesError([f"{request.method} {request.endpoint}: no permission"])
    return found


def verb_of_request() -> str:
    """The audit verb of the route of this request.

    Raises:
        BadRoutesError: when it has none.
    """
    found = verb_of(current_app, request.endpoint or "")
    if found is None:
        raise BadRoutesError([f"{request.method} {request.endpoint}: no audit verb"])
    return found


def check_routes(app: Flask, permissions: frozenset[str], public: frozenset[str], verbs: frozenset[str]) -> None:
    """See that each route has a known permission and checks it unless everybody has it, and each form a known audit verb.

    Raises:
        BadRoutesError
    """
    faults = []
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {_LOOKING, _SENDING}:
            permission, verb = permission_of(app, rule.endpoint, method), verb_of(app, rule.endpoint)
            place = f"{method} {rule.endpoint}"
            if permission not in permissions:
                faults.append(f"{place}: no permission that is known: {permission}")
            elif permission not in public and not getattr(app.view_functions[rule.endpoint], _CHECKED, False):
                faults.append(f"{place}: nothing checks {permission}")
            if method == _SENDING and verb not in verbs:
                faults.append(f"{place}: no audit verb that is known: {verb}")
    if faults:
        raise BadRoutesError(sorted(faults))


def _see_checked(permission: str) -> None:
    if permission not in g.get(_CHECKED, ()):
        raise UncheckedError(f"{request.endpoint} loads without asking for {permission}")
    if holds_write_lock():
        raise UncheckedError(f"{request.endpoint} loads under the write lock of everybody")

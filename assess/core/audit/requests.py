"""Appends one event to each request that changed a row, from its permission, verb and address. Views add to it with `set_audit_subject` and `add_audit_detail`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, current_app, g, request
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext
from sqlalchemy.orm import Session

from assess.core import clock
from assess.core.audit.services import Actor, AuditKeys, DetailValue, NewAuditEvent, append_event
from assess.core.config import Settings
from assess.core.db import SAFE_METHODS, total_changes
from assess.core.db import request_session as session_of_request
from assess.core.errors import request_id
from assess.core.logs import log
from assess.core.models import ActorKind
from assess.core.route_permissions import request_permission, request_verb
from assess.core.security import guest_session_token

_EXTENSION = "assess.audit"
_CHANGED, _BEFORE = "assess.audit.changed", "assess.audit.before"


@dataclass(slots=True)
class RequestNotes:
    about: dict[str, uuid.UUID] = field(default_factory=dict)
    details: dict[str, DetailValue] = field(default_factory=dict)
    verb: str | None = None
    always: bool = False


@dataclass(frozen=True, slots=True)
class _Auditor:
    keys: AuditKeys
    person: Callable[[], uuid.UUID | None]


def set_up_audit(app: Flask, settings: Settings, person: Callable[[], uuid.UUID | None]) -> None:
    """Get ready for `append_request_event`, one of `BEFORE_COMMIT`. `person` tells who is signed in in the browser that calls."""
    app.extensions[_EXTENSION] = _Auditor(AuditKeys.of(settings), person)
    watch_changes(app.extensions["assess.database"].engine)


def watch_changes(engine: Engine) -> None:
    """Notice whether transactions of this engine change rows."""
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "after_cursor_execute", _on_execute)


def set_audit_subject(kind: str, thing_id: uuid.UUID) -> None:
    """Say what this request is about, where its address does not: `assessment`, `organisation`, or the kind of a smaller thing."""
    _request_notes().about[kind] = thing_id


def set_audit_verb(verb: str) -> None:
    """Say what became of it, where it is not always the same."""
    _request_notes().verb = verb


def add_audit_detail(name: str, value: DetailValue) -> None:
    """Add a count, or a word of a fixed list, to the event of this request. What it may be: `clean_details`."""
    _request_notes().details[name] = value


def audit_always() -> None:
    """Have this request leave an event even if it changes nothing.

    For pages whose answer must not tell whether anything was changed: neither may the history, nor the time it takes.
    """
    _request_notes().always = True
    session_of_request()  # whatever was not opened is not committed


def append_request_event(session: Session) -> None:
    """Append the event of this request, if this session has changed anything in the transaction it is in.

    It is called for the session of the request. A view that must change something in a session of its own calls it there,
    as its last step.
    """
    if request.method in SAFE_METHODS and session is g.get("session"):
        return
    session.flush()
    changed = session.in_transaction() and _has_changed(session.connection())
    if changed or _request_notes().always:
        _request_notes().always = False
        append_event(session, _auditor().keys, build_request_event(), clock.now())


def build_request_event() -> NewAuditEvent:
    notes = _request_notes()
    ids = {
        name.removesuffix("_id"): value
        for name, value in (request.view_args or {}).items()
        if isinstance(value, uuid.UUID)
    } | notes.about
    assessment_id, organisation_id = ids.pop("assessment", None), ids.pop("organisation", None)
    return NewAuditEvent(
        action=request_permission(),
        verb=notes.verb or request_verb(),
        who=_current_actor(),
        about=next(reversed(ids.items()), None),
        assessment_id=assessment_id,
        organisation_id=organisation_id,
        details=notes.details,
    )


def log_refusal() -> None:
    """Write down that the person may not do what this request does. Refusals stand in the log lines: they change nothing."""
    route = request.url_rule.rule if request.url_rule else None
    log("refused", reason=request_permission(), route=route, method=request.method, request=request_id())


def _current_actor() -> Actor:
    person_id = _auditor().person()
    if person_id is not None:
        return Actor(ActorKind.PERSON, str(person_id))
    token = guest_session_token()
    return Actor(ActorKind.VISIT, None if token is None else _auditor().keys.hide(token))


def _auditor() -> _Auditor:
    return cast("_Auditor", current_app.extensions[_EXTENSION])


def _request_notes() -> RequestNotes:
    if "audit_notes" not in g:
        g.audit_notes = RequestNotes()
    return cast("RequestNotes", g.audit_notes)


def _on_begin(connection: Connection) -> None:
    connection.info.pop(_CHANGED, None)
    connection.info[_BEFORE] = total_changes(connection)


def _on_execute(
    connection: Connection,
    cursor: DBAPICursor,
    statement: str,
    _parameters: Any,  # noqa: ANN401  # SQLAlchemy's signature
    context: ExecutionContext | None,
    _many: bool,  # noqa: FBT001  # as above
) -> None:
    """Note which statements changed rows of any table, however they were sent, and which only kept books."""
    if not statement.lstrip()[:6].upper().startswith(("INSERT", "UPDATE", "DELETE")):
        return
    not_audited = context is not None and context.execution_options.get("not_audited")
    if connection.dialect.name != "sqlite":
        connection.info[_CHANGED] = connection.info.get(_CHANGED) or (cursor.rowcount != 0 and not not_audited)
    elif not_audited:
        connection.info[_BEFORE] += max(cursor.rowcount, 0)


def _has_changed(connection: Connection) -> bool:
    """Whether this transaction has changed a row, books apart."""
    if connection.dialect.name == "sqlite":
        return bool(total_changes(connection) != connection.info[_BEFORE])
    return bool(connection.info.get(_CHANGED))

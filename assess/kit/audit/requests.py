"""One event for each request that changed something, appended where the request is committed. No page has to ask for it.

What the page does is its permission, what became of it the verb of `@audited`, what it is about the ids in its address. A view says more with `note_about`, `note_verb` and `note_detail`. A statement that only keeps books, like "this browser
was last seen now", says so by `execution_options(keeps_books=True)` and makes no event.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, current_app, g, request
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext
from sqlalchemy.orm import Session

from assess.kit.audit.details import Detail
from assess.kit.audit.keys import Keys
from assess.kit.audit.models import WhoKind
from assess.kit.audit.recording import Deed, Who, record
from assess.kit.clock import now
from assess.kit.config import Settings
from assess.kit.cookies import visit_token
from assess.kit.db import SAFE_METHODS
from assess.kit.db import session as session_of_request
from assess.kit.errors import request_name
from assess.kit.logs import log
from assess.kit.route_permissions import permission_of_request, verb_of_request

_EXTENSION = "assess.audit"
_CHANGED, _BEFORE = "assess.audit.changed", "assess.audit.before"
_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(slots=True)
class Notes:
    """What a view said of its own event."""

    about: dict[str, uuid.UUID] = field(default_factory=dict)
    details: dict[str, Detail] = field(default_factory=dict)
    verb: str | None = None
    always: bool = False


@dataclass(frozen=True, slots=True)
class _Auditor:
    keys: Keys
    person: Callable[[], uuid.UUID | None]


def open_audit(app: Flask, settings: Settings, person: Callable[[], uuid.UUID | None]) -> None:
    """Get ready for `record_request`, the last step of each request. `person` tells who is signed in in the browser that calls."""
    app.extensions[_EXTENSION] = _Auditor(Keys.of(settings), person)
    watch(app.extensions["assess.database"].engine)


def watch(engine: Engine) -> None:
    """Notice whether transactions of this engine change rows."""
    event.listen(engine, "begin", _begin)
    event.listen(engine, "after_cursor_execute", _notice)


def note_about(kind: str, thing_id: uuid.UUID) -> None:
    """Say what this request is about, where its address does not: `assessment`, `organisation`, or the kind of a smaller thing."""
    _notes().about[kind] = thing_id


def note_verb(verb: str) -> None:
    """Say what became of it, where it is not always the same."""
    _notes().verb = verb


def note_detail(name: str, value: Detail) -> None:
    """Add a count, or a word of a fixed list, to the event of this request. See `details.py`."""
    _notes().details[name] = value


def note_always() -> None:
    """Have this request leave an event even if it changes nothing.

    For pages whose answer must not tell whether anything was changed: neither may the history, nor the time it takes.
    """
    _notes().always = True
    session_of_request()  # whatever was not opened is not committed


def record_request(session: Session) -> None:
    """Append the event of this request, if this session has changed anything in the transaction it is in.

    It is called for the session of the request. A view that must change something in a session of its own calls it there,
    as its last step.
    """
    if request.method in SAFE_METHODS and session is g.get("session"):
        return
    session.flush()
    changed = session.in_transaction() and _has_changed(session.connection())
    if changed or _notes().always:
        _notes().always = False
        record(session, _auditor().keys, deed_of_request(), now())


def deed_of_request() -> Deed:
    """What the event of this request says."""
    notes = _notes()
    ids = {
        name.removesuffix("_id"): value
        for name, value in (request.view_args or {}).items()
        if isinstance(value, uuid.UUID)
    } | notes.about
    assessment_id, organisation_id = ids.pop("assessment", None), ids.pop("organisation", None)
    return Deed(
        action=permission_of_request(),
        verb=notes.verb or verb_of_request(),
        who=_who(),
        about=next(reversed(ids.items()), None),
        assessment_id=assessment_id,
        organisation_id=organisation_id,
        details=notes.details,
    )


def log_refusal() -> None:
    """Write down that somebody may not do what this request does. Refusals stand in the log lines: they change nothing."""
    route = request.url_rule.rule if request.url_rule else None
    log("refused", reason=permission_of_request(), route=route, method=request.method, request=request_name())


def _who() -> Who:
    person_id = _auditor().person()
    if person_id is not None:
        return Who(WhoKind.PERSON, str(person_id))
    token = visit_token()
    return Who(WhoKind.VISIT, None if token is None else _auditor().keys.hide(token))


def _auditor() -> _Auditor:
    found: _Auditor = current_app.extensions[_EXTENSION]
    return found


def _notes() -> Notes:
    if "audit_notes" not in g:
        g.audit_notes = Notes()
    found: Notes = g.audit_notes
    return found


def _begin(connection: Connection) -> None:
    connection.info.pop(_CHANGED, None)
    connection.info[_BEFORE] = _rows_so_far(connection)


def _notice(
    connection: Connection,
    cursor: DBAPICursor,
    statement: str,
    _parameters: Any,  # noqa: ANN401  # SQLAlchemy's signature
    context: ExecutionContext | None,
    _many: bool,  # noqa: FBT001  # as above
) -> None:
    """Note which statements changed rows of any table, however they were sent, and which only kept books."""
    if not statement.lstrip()[:6].upper().startswith(_WRITES):
        return
    keeps_books = context is not None and context.execution_options.get("keeps_books")
    if connection.dialect.name != "sqlite":
        connection.info[_CHANGED] = connection.info.get(_CHANGED) or (cursor.rowcount != 0 and not keeps_books)
    elif keeps_books:
        connection.info[_BEFORE] += max(cursor.rowcount, 0)


def _has_changed(connection: Connection) -> bool:
    """Whether this transaction has changed a row, books apart."""
    if connection.dialect.name == "sqlite":
        return bool(_rows_so_far(connection) != connection.info[_BEFORE])
    return bool(connection.info.get(_CHANGED))


def _rows_so_far(connection: Connection) -> int:
    """How many rows this connection to SQLite has changed in its life. Of one statement with RETURNING it does not tell."""
    if connection.dialect.name != "sqlite":
        return 0
    counted: int = cast("Any", connection.connection.driver_connection).total_changes
    return counted

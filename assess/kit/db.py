"""How everything is stored: the base of all tables, the two databases and their rules, and the one place that commits.

A request that only looks gets a transaction that cannot write; any other gets one that holds the write lock from its first
statement, because SQLite otherwise loses updates without an error. The work of a request is committed after its view has
answered and before a byte of the answer is sent: what a page calls saved is saved.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, current_app, g, has_app_context, request
from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, Uuid, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.types import TypeDecorator

from assess.kit.encryption import Keyring
from assess.kit.engines import make_engine, reading_engine, reads_only
from assess.kit.erasing import erase_traces, wish_to_erase

Document = dict[str, Any]
"""Plain JSON-able data with text keys."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_EXTENSION = "assess.database"
_BEFORE_COMMIT = "assess.before_commit"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so they are taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: nobody could say later what it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone before it is stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Give every moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table: names of constraints by rule, enums as plain text, JSON without the JSON null."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        uuid.UUID: Uuid(),
        Document: JSON(none_as_null=True),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


class WritingSession(Session):
    """A session that holds the write lock from its first statement to the end of its transaction."""


_outside: ContextVar[set[Session] | None] = ContextVar("outside", default=None)


def _locking() -> set[Session]:
    """The writing sessions with a transaction open: of this request, or of this job."""
    found: set[Session]
    if has_app_context():
        if "locking" not in g:
            g.locking = set()
        found = g.locking
    else:
        found = _outside.get() or set()
        _outside.set(found)
    return found


@event.listens_for(WritingSession, "after_begin")
def _lock_taken(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and not reads_only(connection):
        _locking().add(session)
        session.info["rows"] = _rows_so_far(connection)


@event.listens_for(WritingSession, "after_transaction_end")
def _lock_let_go(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        _locking().discard(session)


def holds_write_lock() -> bool:
    """Whether whoever asks keeps everybody else from saving at this moment: no page is rendered and no text is judged then.

    On PostgreSQL nobody waits for a whole database.
    """
    return bool(_locking())


class Database:
    """One database, opened twice over the same connections: for looking and for changing."""

    def __init__(self, url: str, keys: Keyring | None = None, *, patience_ms: int = 5000) -> None:
        """Open the database at this address: "sqlite:///path/to/file" or "postgresql://…". `keys` are those of encrypted columns."""
        self.engine: Engine = make_engine(url, keys=keys, patience_ms=patience_ms)
        self._readers = reading_engine(self.engine)

    def new_session(self, *, writes: bool) -> Session:
        """A session of your own. Whoever takes one closes it; `reading` and `writing` do."""
        if writes:
            return WritingSession(self.engine, expire_on_commit=False)
        return Session(self._readers, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that cannot write, closed at the end."""
        with self.new_session(writes=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that holds the write lock from its first statement; committed at the end unless an error passes through.

        Keep it short. Never render, hash a PIN or wait inside.
        """
        with self.new_session(writes=True) as session:
            yield session
            self.commit(session)

    def read_on(self, session: Session) -> None:
        """Have a session whose work is committed only read from here on. What it holds stays; what it loads later takes no lock."""
        session.bind = self._readers

    def commit(self, session: Session) -> None:
        """The one place that commits. What was deleted for good, here or in any process before, has its traces overwritten."""
        erases = session.info.pop("erase", False)
        if erases:
            wish_to_erase(session)
        writes = session.get_bind() is self.engine
        session.commit()
        if writes:
            erase_traces(self.engine, wait=erases)

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()


def erase_after_commit(session: Session) -> None:
    """Ask that what this session deletes is also overwritten in the database file once it is committed."""
    session.info["erase"] = True


def database() -> Database:
    """The database of the app that is serving."""
    found: Database = current_app.extensions[_EXTENSION]
    return found


def open_database(app: Flask, url: str, keys: Keyring | None = None) -> Database:
    """Open the database of an app and have its requests use it."""
    app.extensions[_EXTENSION] = opened = Database(url, keys)

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        left: Session | None = g.pop("session", None)
        if left is not None:
            left.close()

    return opened


def session() -> Session:
    """The session of this request: it cannot write while the request only looks (GET, HEAD, OPTIONS).

    A view that answers a GET and must store something all the same, like a rendered page, takes `database().writing()`
    for that one step, and ends the reading with `session().rollback()` before long work.
    """
    if "session" not in g:
        g.session = database().new_session(writes=request.method not in SAFE_METHODS)
    found: Session = g.session
    return found


def set_last_steps(app: Flask, steps: Sequence[Callable[[Session], None]]) -> None:
    """Have these done in turn as the last steps of each request that has a session, in its transaction."""
    app.extensions[_BEFORE_COMMIT] = tuple(steps)


def commit_request() -> None:
    """Commit what this request changed, if it changed anything."""
    if "session" in g:
        for step in current_app.extensions.get(_BEFORE_COMMIT, ()):
            step(g.session)
        database().commit(g.session)


def let_write_lock_go() -> None:
    """Commit what this request changed; from here on it only reads. Done before any page is rendered, which takes as long as it takes."""
    if "session" in g and g.session.in_transaction() and g.session.get_bind() is database().engine:
        commit_request()
        database().read_on(g.session)


def let_others_save() -> None:
    """Let the write lock of SQLite go before something that takes long, while this request has changed nothing yet.

    What it read may be old by the time it writes, as ever on PostgreSQL: whoever writes looks again at what it changes.
    """
    found: Session | None = g.get("session") if has_app_context() else None
    if found is None or not found.in_transaction() or found not in _locking():
        return
    waits = found.new or found.dirty or found.deleted
    if not waits and _rows_so_far(found.connection()) == found.info["rows"]:
        found.commit()


def _rows_so_far(connection: Connection) -> int:
    """How many rows this connection to SQLite has changed in its life."""
    counted: int = cast("Any", connection.connection.driver_connection).total_changes
    return counted


def roll_back_request() -> None:
    """Forget what this request changed."""
    if "session" in g:
        g.session.rollback()

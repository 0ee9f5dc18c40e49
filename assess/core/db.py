"""SQLAlchemy base, engines, sessions and commits for SQLite and PostgreSQL. GET requests get a read-only session, others one that locks; a request commits before a page is rendered, where a view asks for it, and after the view."""

from __future__ import annotations

import enum
import json
import secrets
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, g, has_app_context, request
from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, Select, Table, Uuid, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column
from sqlalchemy.pool import Pool
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator

from assess.core.encryption import Keyring, encrypt_on_write, use_keys

JsonDict = dict[str, Any]
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
        JsonDict: JSON(none_as_null=True),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


class UuidKey:
    """A random key: it can stand in an address, and from one of them nobody works out another."""

    # the columns of a mixin would come last
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, sort_order=-1)


class IntegerKey:
    """A key that rises with each row, for tables that are read in the order in which they were written."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


class WritingSession(Session):
    """A session that holds the write lock from its first statement to the end of its transaction."""


_locking_sessions_outside_requests: ContextVar[set[Session] | None] = ContextVar("outside", default=None)


def _locking_sessions() -> set[Session]:
    """The writing sessions with a transaction open: of this request, or of this job."""
    found: set[Session]
    if has_app_context():
        if "locking" not in g:
            g.locking = set()
        found = g.locking
    else:
        found = _locking_sessions_outside_requests.get() or set()
        _locking_sessions_outside_requests.set(found)
    return found


@event.listens_for(WritingSession, "after_begin")
def _on_write_lock_taken(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and not bool(connection.get_execution_options().get(_READ_ONLY)):
        _locking_sessions().add(session)
        session.info["rows"] = total_changes(connection)


@event.listens_for(WritingSession, "after_transaction_end")
def _on_write_lock_released(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        _locking_sessions().discard(session)


def holds_write_lock() -> bool:
    """Whether this request or job keeps all others from saving at this moment: no page is rendered and no text is judged then.

    On PostgreSQL nobody waits for a whole database.
    """
    return bool(_locking_sessions())


class Database:
    """One database, opened twice over the same connections: for looking and for changing."""

    def __init__(self, url: str, keys: Keyring | None = None, *, patience_ms: int = 5000) -> None:
        """Open the database at this address: "sqlite:///path/to/file" or "postgresql://…". `keys` are those of encrypted columns."""
        self.engine: Engine = make_engine(url, keys=keys, patience_ms=patience_ms)
        self._readers = reading_engine(self.engine)

    def new_session(self, *, writes: bool) -> Session:
        """A session of your own. The caller closes it; `reading` and `writing` do."""
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
        # in the same transaction: if this process dies before it has erased, another one does it
        if erases:
            request_erasure(session)
        writes = session.get_bind() is self.engine
        session.commit()
        if writes:
            erase_deleted_data(self.engine, wait=erases)

    def close(self) -> None:
        self.engine.dispose()


def erase_after_commit(session: Session) -> None:
    """Ask that what this session deletes is also overwritten in the database file once it is committed."""
    session.info["erase"] = True


def database() -> Database:
    return cast("Database", current_app.extensions[_EXTENSION])


def set_up_database(app: Flask, url: str, keys: Keyring | None = None) -> Database:
    app.extensions[_EXTENSION] = opened = Database(url, keys)

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        left: Session | None = g.pop("session", None)
        if left is not None:
            left.close()

    return opened


def request_session() -> Session:
    """The session of this request: it cannot write while the request only looks (GET, HEAD, OPTIONS).

    A view that answers a GET and must store something all the same, like a rendered page, takes `database().writing()`
    for that one step, and ends the reading with `roll_back_request()` before long work.
    """
    if "session" not in g:
        g.session = database().new_session(writes=request.method not in SAFE_METHODS)
    return cast("Session", g.session)


def set_before_commit(app: Flask, steps: Sequence[Callable[[Session], None]]) -> None:
    """Have these done in turn as the last steps of each request that has a session, in its transaction."""
    app.extensions[_BEFORE_COMMIT] = tuple(steps)


def commit_request() -> None:
    """Commit what this request changed, if it changed anything.

    `Application` does so after each view, and `release_write_lock` before each page; whichever comes later finds nothing left. A view
    calls it itself only where it goes on with what must be stored by then: it reads its own change in another session, like
    `open_assessment`, or hands out a link.
    """
    if "session" in g:
        for step in current_app.extensions.get(_BEFORE_COMMIT, ()):
            step(g.session)
        database().commit(g.session)


def release_write_lock() -> None:
    """Commit what this request changed; from here on it only reads. Done before any page is rendered, which takes as long as it takes."""
    if "session" in g and g.session.in_transaction() and g.session.get_bind() is database().engine:
        commit_request()
        database().read_on(g.session)


def release_unused_write_lock() -> None:
    """Let the write lock of SQLite go before something that takes long, while this request has changed nothing yet.

    What it read may be old by the time it writes, as ever on PostgreSQL: what writes looks again at what it changes.
    """
    found: Session | None = g.get("session") if has_app_context() else None
    if found is None or not found.in_transaction() or found not in _locking_sessions():
        return
    waits = found.new or found.dirty or found.deleted
    # rows changed by plain statements stand in none of these lists
    if not waits and total_changes(found.connection()) == found.info["rows"]:
        found.commit()


def total_changes(connection: Connection) -> int:
    """How many rows this connection to SQLite has changed in its life. Of one statement with RETURNING it does not tell."""
    return (
        cast("Any", connection.connection.driver_connection).total_changes if connection.dialect.name == "sqlite" else 0
    )


def roll_back_request() -> None:
    if "session" in g:
        g.session.rollback()


_READ_ONLY = "assess_reads"
_SQLITE_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
)
_SQLITE_TRANSIENT = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
)
_SQLITE_LOCKED = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_RECOVERY", "SQLITE_BUSY_SNAPSHOT"})
_POSTGRESQL_TRANSIENT = ("08", "25006", "53", "55P03", "57")
"""Connection lost, read only, out of resources, lock not had in time, stopped or shutting down."""
_POSTGRESQL_RETRYABLE = ("40001", "40P01")
"""Serialization failure and deadlock: the same work may well succeed at once."""


class PostgresqlDriverMissingError(Exception):
    """The address names a PostgreSQL database, and psycopg is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "ASSESS_DATABASE_URL names a PostgreSQL database, and its driver is not installed. "
            "Install it with: pip install 'assess-modern-slavery[postgresql]'"
        )


def sqlalchemy_url(address: str) -> URL:
    """Raises `ValueError` when the address names another database than SQLite in a file or PostgreSQL, and `PostgresqlDriverMissingError`."""
    url = make_url(address)
    backend = url.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        try:
            import_module("psycopg")
        except ImportError as missing:
            raise PostgresqlDriverMissingError from missing
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database not in {None, "", ":memory:"}:
        return url
    raise ValueError("a database is sqlite:///path/to/file or postgresql://user@host/name")


def make_engine(
    address: str, *, keys: Keyring | None = None, patience_ms: int = 5000, poolclass: type[Pool] | None = None
) -> Engine:
    """An engine that follows the rules of its database. Error messages never carry values.

    `keys` are those of the encrypted columns; without them none can be read or written. `patience_ms` is how long a statement may
    take; PostgreSQL waits three fifths of it for a lock, and twice as long, ten seconds at least, for the next statement of a transaction. `poolclass`
    replaces the pool.
    """
    engine = _plain_engine(address, patience_ms=patience_ms, poolclass=poolclass)
    encrypt_on_write(engine)
    if keys is not None:
        use_keys(engine, keys)
    return engine


def _plain_engine(address: str, *, patience_ms: int, poolclass: type[Pool] | None) -> Engine:
    url = sqlalchemy_url(address)
    shared: dict[str, Any] = {"hide_parameters": True, "json_serializer": _to_json}
    if poolclass is None:
        shared |= {"pool_size": 5, "max_overflow": 5, "pool_timeout": 2}
    else:
        shared["poolclass"] = poolclass
    if url.get_backend_name() == "sqlite":
        Path(str(url.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = create_engine(url, **shared)

        @event.listens_for(engine, "connect")
        def follow_rules(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's connection
            connection.isolation_level = None  # the driver begins nothing by itself; _begin_sqlite does
            connection.execute(f"PRAGMA busy_timeout={patience_ms}")
            _enable_wal(connection, patience_ms)
            for rule in _SQLITE_PRAGMAS:
                connection.execute(rule)

        event.listen(engine, "begin", _begin_sqlite)
        return engine
    limits = {
        "statement_timeout": patience_ms,
        "lock_timeout": patience_ms * 3 // 5,
        "idle_in_transaction_session_timeout": max(10_000, patience_ms * 2),
    }
    options = (
        " ".join(f"-c {name}={limit}" for name, limit in limits.items()) + " -c synchronous_commit=on -c timezone=UTC"
    )
    timeout = max(1, patience_ms // 1000)
    return create_engine(
        url, pool_pre_ping=True, connect_args={"options": options, "connect_timeout": timeout}, **shared
    )


def reading_engine(engine: Engine) -> Engine:
    """The same connections for transactions that cannot write. All others hold SQLite's write lock from the start."""
    return engine.execution_options(postgresql_readonly=True, **{_READ_ONLY: True})


def checkpoint(engine: Engine, *, patience_ms: int | None = None) -> bool:
    """On SQLite, move everything from the log into the file and empty the log, so that nothing deleted is left in it.

    Returns whether that was done: a connection that still reads an older state holds the log. `patience_ms` is how long to wait for
    them, while nobody else can write; None is as long as any statement waits.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={usual if patience_ms is None else patience_ms}")
        try:
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")
    finally:
        connection.close()
    return not busy


def is_transient_error(error: BaseException) -> bool:
    """Whether the database was busy, full, locked or away: nothing is wrong with the request, it may be sent again."""
    if isinstance(error, PoolTimeoutError):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        return str(getattr(cause, "sqlite_errorname", "")).startswith(_SQLITE_TRANSIENT)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = getattr(cause, "sqlstate", None)
    # without a state the server said nothing: it was away
    if state is None:
        return type(cause).__name__ == "OperationalError"
    return str(state).startswith(_POSTGRESQL_TRANSIENT + _POSTGRESQL_RETRYABLE)


def is_retryable_error(error: BaseException) -> bool:
    """Whether two transactions got in each other's way, so that running the whole work again at once is right."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return getattr(cause, "sqlstate", None) in _POSTGRESQL_RETRYABLE


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _enable_wal(connection: sqlite3.Connection, patience_ms: int) -> None:
    """Switch to the write-ahead log. Of two who open a new file at once SQLite turns one away without letting it wait."""
    end = time.monotonic() + patience_ms / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in _SQLITE_LOCKED or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # what cannot fail goes straight to the driver: through SQLAlchemy and its events it took a third of a short reading
    driver: sqlite3.Connection = cast("Any", connection.connection.driver_connection)
    if connection.get_execution_options().get(_READ_ONLY):
        driver.execute("PRAGMA query_only=ON")
        driver.execute("BEGIN")
        return
    driver.execute("PRAGMA query_only=OFF")
    # the write lock at once: SQLite turns away who first reads and then writes when somebody else wrote in between
    connection.exec_driver_sql("BEGIN IMMEDIATE")


DriverRow = Sequence[Any]
BoundValues = Mapping[str, Any]


class PreparedSelect:
    """A SELECT whose columns need no conversion. Its values are bound by name; each has a stand-in, which is never used."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        """Keep the statement; it is compiled at its first use with each kind of database."""
        self._statement = statement
        self._compiled: dict[str, SQLCompiler] = {}

    def rows(self, engine: Engine, values: BoundValues) -> Sequence[DriverRow]:
        """All rows, as the driver gives them. One statement is one transaction."""
        compiled = self._compiled.get(engine.dialect.name)
        if compiled is None:
            compiled = self._statement.compile(engine, compile_kwargs={"render_postcompile": True})
            self._compiled[engine.dialect.name] = compiled
        bound = {**compiled.params, **values}
        for name, convert in compiled._bind_processors.items():  # noqa: SLF001 - SQLAlchemy keeps them nowhere else
            bound[name] = cast("Any", convert)(bound[name])
        # where values have no names, they stand in this order
        order = compiled.positiontup
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(compiled.string, bound if order is None else [bound[name] for name in order])
            rows: Sequence[DriverRow] = cursor.fetchall()
        except Exception:  # noqa: BLE001 - whatever the driver raises, the ordinary way raises it again in its own words
            connection.close()
            return self._through_sqlalchemy(engine, values)
        connection.close()
        return rows

    def _through_sqlalchemy(self, engine: Engine, values: BoundValues) -> Sequence[DriverRow]:
        with reading_engine(engine).connect() as connection:
            rows: Sequence[DriverRow] = connection.execute(self._statement, dict(values)).all()
            return rows


_MAX_REQUEST_NUMBER = 2**31 - 1


def request_erasure(session: Session) -> None:
    """Write down, in the transaction of this session, that the log is to be emptied."""
    if session.get_bind().dialect.name == "sqlite":
        # a number of its own for each request: nobody who fulfilled an earlier one takes it back
        session.connection().exec_driver_sql(f"PRAGMA user_version={1 + secrets.randbelow(_MAX_REQUEST_NUMBER)}")


def erase_deleted_data(engine: Engine, *, wait: bool) -> bool:
    """Empty the log if that was asked for. Returns whether nothing is left to do.

    `wait` is for a session that has just deleted: as long as a statement may wait. Others try for a moment.
    """
    if engine.dialect.name != "sqlite":
        return True
    with reading_engine(engine).connect() as connection:
        requested = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if not requested:
        return True
    # how long a session tries that deleted nothing itself: trying holds up all that write
    if not checkpoint(engine, patience_ms=None if wait else 50):
        return False
    try:
        with engine.begin() as connection:
            # a newer request stands: what it is about may not have been in the log that was emptied
            if connection.exec_driver_sql("PRAGMA user_version").scalar_one() == requested:
                connection.exec_driver_sql("PRAGMA user_version=0")
    except OperationalError:  # what was to be saved is saved: another may take the request back
        return False
    return True


NO_SYNCHRONIZE: Mapping[str, Any] = {"synchronize_session": False}
"""Execution options of a statement whose rows no session has loaded: nothing of them is looked for in memory."""


def dialect_insert(session: Session | Connection, table: type[Base] | Table) -> postgresql.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`, in the words of the database in use."""
    dialect = (session.get_bind() if isinstance(session, Session) else session).dialect.name
    return cast("postgresql.Insert", (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table))

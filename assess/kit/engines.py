"""The two databases and the rules of their connections and transactions."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import Pool

from assess.kit.encryption import Keyring, encrypt_what_is_written, use_keys

_READS = "assess_reads"
_SQLITE_RULES = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
)
_POSTGRESQL_RULES = "-c synchronous_commit=on -c timezone=UTC"
_SQLITE_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
_SQLITE_LOCKED = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_RECOVERY", "SQLITE_BUSY_SNAPSHOT"})
_SQLITE_PAUSE = 0.01
_POSTGRESQL_PASSING = ("08", "25006", "53", "55P03", "57")
"""Connection lost, read only, out of resources, lock not had in time, stopped or shutting down."""
_POSTGRESQL_AGAIN = ("40001", "40P01")
"""Serialization failure and deadlock: the same work may well succeed at once."""


def full_url(address: str) -> URL:
    """The address with its driver, as SQLAlchemy wants it.

    Raises:
        ValueError: when it names another database than SQLite in a file or PostgreSQL.
    """
    url = make_url(address)
    backend = url.get_backend_name()
    if backend in {"postgresql", "postgres"}:
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
    encrypt_what_is_written(engine)
    if keys is not None:
        use_keys(engine, keys)
    return engine


def _plain_engine(address: str, *, patience_ms: int, poolclass: type[Pool] | None) -> Engine:
    url = full_url(address)
    shared: dict[str, Any] = {"hide_parameters": True, "json_serializer": _json}
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
            _keep_a_log(connection, patience_ms)
            for rule in _SQLITE_RULES:
                connection.execute(rule)

        event.listen(engine, "begin", _begin_sqlite)
        return engine
    limits = {
        "statement_timeout": patience_ms,
        "lock_timeout": patience_ms * 3 // 5,
        "idle_in_transaction_session_timeout": max(10_000, patience_ms * 2),
    }
    options = " ".join(f"-c {name}={limit}" for name, limit in limits.items()) + f" {_POSTGRESQL_RULES}"
    timeout = max(1, patience_ms // 1000)
    return create_engine(
        url, pool_pre_ping=True, connect_args={"options": options, "connect_timeout": timeout}, **shared
    )


def reading_engine(engine: Engine) -> Engine:
    """The same connections for transactions that cannot write. All others hold SQLite's write lock from the start."""
    return engine.execution_options(postgresql_readonly=True, **{_READS: True})


def reads_only(connection: Connection) -> bool:
    """Whether the transactions of this connection cannot write."""
    return bool(connection.get_execution_options().get(_READS))


def checkpoint(engine: Engine, *, patience_ms: int | None = None) -> bool:
    """On SQLite, move everything from the log into the file and empty the log, so that nothing deleted is left in it.

    Returns whether that was done: somebody who still reads an older state holds the log. `patience_ms` is how long to wait for
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


def is_passing(error: BaseException) -> bool:
    """Whether the database was busy, full, locked or away: nothing is wrong with the request, it may be sent again."""
    if isinstance(error, PoolTimeoutError):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        return str(getattr(cause, "sqlite_errorname", "")).startswith(_SQLITE_PASSING)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return type(cause).__name__ == "OperationalError"
    return str(state).startswith(_POSTGRESQL_PASSING + _POSTGRESQL_AGAIN)


def is_worth_retrying(error: BaseException) -> bool:
    """Whether two transactions got in each other's way, so that running the whole work again at once is right."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return getattr(cause, "sqlstate", None) in _POSTGRESQL_AGAIN


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _keep_a_log(connection: sqlite3.Connection, patience_ms: int) -> None:
    """Switch to the write-ahead log. Of two who open a new file at once SQLite turns one away without letting it wait."""
    end = time.monotonic() + patience_ms / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in _SQLITE_LOCKED or time.monotonic() > end:
                raise
            time.sleep(_SQLITE_PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reads = bool(connection.get_execution_options().get(_READS))
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

"""How the tables come to be and change: Alembic's revisions, run at start-up, each whole or not at all.

It must never lose a row without saying so: on SQLite, where tables are rebuilt to be changed, foreign keys are off before the
transaction begins and the rows of every table are counted before and after. Begin with `upgrade_to_head`; revisions are in `versions/`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import inspect, select, text
from sqlalchemy.engine import Connection, Engine

from assess.core.data_keys import DataKey, check_keys, save_current_key
from assess.core.db import checkpoint, reading_engine
from assess.core.encryption import keyring_of
from assess.core.logs import log

_FOLDER = Path(__file__).parent
_ONE_AT_A_TIME = 7_305_462_381
"""The number under which PostgreSQL keeps the lock of the process that changes the tables."""
_BOOKKEEPING = "alembic_version"
_PATIENCE_MS = 600_000
"""How long SQLite lets one server wait for another that is changing the tables."""
_FROM_BEFORE_THE_FIRST_RELEASE = re.compile("[0-9]{4}")
"""What revisions were called before the first release. Nobody can have rows of theirs to keep."""


class DatabaseOfAnotherReleaseError(Exception):
    """The tables are of a release this one does not know: a newer one, or a state of the code before the first release."""


class RowsLostError(Exception):
    """A change of the tables would have lost rows. It was undone."""


class BrokenReferencesError(Exception):
    """After a change of the tables some rows would point nowhere. It was undone."""


def upgrade_to_head(engine: Engine, *, revision: str = "head") -> bool:
    """Bring the tables up to this release. Returns whether anything had to be done.

    A revision that empties or thins out tables on purpose names them: `may_shrink = ("stored_pdf",)`. One that takes secrets out of rows
    says `compact_afterwards = True`.
    Raises `DatabaseOfAnotherReleaseError`, `RowsLostError`, `BrokenReferencesError`, `WrongDataKeyError` (nothing was changed).
    """
    check_keys(engine)
    if revision == "head" and current(engine) == head():
        _note_key(engine)
        return False
    passed = _passed_on_the_way(current(engine), revision)
    may_shrink = frozenset(table for module in passed for table in getattr(module, "may_shrink", ()))
    with _quiet_foreign_keys(engine) as connection, connection.begin():
        _wait_for_others(connection)
        before = _rows(connection)
        _see_it_is_of_a_release(connection, before)
        try:
            command.upgrade(_config(connection), revision)
        except CommandError as error:
            raise DatabaseOfAnotherReleaseError(
                "This database was made by another release of Assess. Start that release, or restore a backup of this one."
            ) from error
        _see_nothing_is_lost(connection, before, may_shrink)
    if any(before.values()) and any(getattr(module, "compact_afterwards", False) for module in passed):
        _compact(engine)
    if revision == "head":
        _note_key(engine)
    return True


def current(engine: Engine) -> str | None:
    """The revision the tables are at; None for an empty database. Looking waits for nobody who is changing them."""
    with reading_engine(engine).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@lru_cache
def head() -> str:
    found = ScriptDirectory(str(_FOLDER)).get_current_head()
    if found is None:
        raise FileNotFoundError("assess/core/migrations/versions is empty")
    return found


def _passed_on_the_way(start: str | None, end: str) -> list[Any]:
    """The modules of the revisions between these two."""
    try:
        return [script.module for script in ScriptDirectory(str(_FOLDER)).iterate_revisions(end, start or "base")]
    except RevisionError:  # of another release: Alembic says so where it changes the tables
        return []


def _note_key(engine: Engine) -> None:
    """Which key encrypts from now on, where this is not known yet."""
    with reading_engine(engine).connect() as connection:
        if keyring_of(engine.dialect).current in set(connection.execute(select(DataKey.name)).scalars()):
            return
    with engine.begin() as connection:
        save_current_key(connection)


def _compact(engine: Engine) -> None:
    """On SQLite, leave nothing of what stood in the file before in free pages or in the log. PostgreSQL needs VACUUM FULL by the operator."""
    if engine.dialect.name != "sqlite":
        log("vacuum_full_needed")
        return
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
        driver.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
        driver.execute("PRAGMA query_only=OFF")
        driver.execute("VACUUM")
        driver.execute(f"PRAGMA busy_timeout={patience}")
    finally:
        connection.close()
    if not checkpoint(engine):
        log("log_not_emptied")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _quiet_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """A connection on which SQLite does not follow foreign keys: rebuilding a table would else delete all that hangs on it.

    The switch does nothing inside a transaction, so it is thrown on the driver's connection before one begins. The second one
    lets a rebuilt table take its old name while triggers of other tables speak of it. Triggers of the rebuilt table itself are
    gone afterwards: the revision makes them anew.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return
        driver: Any = connection.connection.driver_connection
        (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
        driver.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("PRAGMA legacy_alter_table=ON")
        try:
            yield connection
        finally:
            driver.execute("PRAGMA legacy_alter_table=OFF")
            driver.execute("PRAGMA foreign_keys=ON")
            driver.execute(f"PRAGMA busy_timeout={patience}")


def _wait_for_others(connection: Connection) -> None:
    """Only one process changes tables. SQLite's write lock, held already, sees to it; PostgreSQL needs to be asked.

    A process waits here as long as the changes take, and not only as long as a page may.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})


def _see_it_is_of_a_release(connection: Connection, tables: Collection[str]) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    if _FROM_BEFORE_THE_FIRST_RELEASE.fullmatch(found) if found else tables:
        raise DatabaseOfAnotherReleaseError(
            "This database was made before the first release of Assess, from which nothing is carried over, or by another program: "
            "start with a new, empty database."
        )


def _rows(connection: Connection) -> Mapping[str, int]:
    quote = connection.dialect.identifier_preparer.quote
    return {
        table: connection.execute(text(f"SELECT count(*) FROM {quote(table)}")).scalar_one()  # noqa: S608  # our own tables
        for table in inspect(connection).get_table_names()
        if table != _BOOKKEEPING
    }


def _see_nothing_is_lost(connection: Connection, before: Mapping[str, int], may_shrink: frozenset[str]) -> None:
    after = _rows(connection)
    lost = [table for table, rows in before.items() if after.get(table, 0) < rows and table not in may_shrink]
    if lost:
        raise RowsLostError(f"Rows would have been lost in: {', '.join(sorted(lost))}")
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise BrokenReferencesError("Some rows would have pointed to rows that are not there.")

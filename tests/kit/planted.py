"""Words planted in every encrypted column of every table, and looking for them in all files that a database leaves on a disk."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Enum,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    insert,
    inspect,
    make_url,
)

from assess.kit.data_keys import encrypted_tables
from assess.kit.db import Database, UtcDateTime
from assess.kit.encryption import Encrypted
from tests.kit.filled import NOW

ROWS = 5
_NUMBERS = itertools.count(1)


def word() -> str:
    """A word that stands nowhere else."""
    return f"Zdravkina{next(_NUMBERS):05d}quokka"


def plant(connection: Connection, *, plain: bool = False) -> dict[str, set[str]]:
    """Rows in every table with encrypted columns. Returns the words by column. `plain`: the tables are those of a release before."""
    planted: dict[str, set[str]] = {}
    for known in encrypted_tables():
        table = _as_it_was(connection, known) if plain else known
        for _row in range(ROWS):
            row: dict[str, Any] = {}
            for column in table.columns:
                kind = known.columns[column.name].type
                if isinstance(kind, Encrypted):
                    said = word()
                    row[column.name] = _holding(kind.kind, said, column)
                    if said in str(row[column.name]):
                        planted.setdefault(f"{table.name}.{column.name}", set()).add(said)
                elif not (plain is False and column is known.autoincrement_column):
                    row[column.name] = _anything(column)
            connection.execute(insert(table), row)
    return planted


def _holding(kind: str, said: str, column: Column[Any]) -> Any:
    if isinstance(column.type, Float):
        return 12.5
    if column.name == "country" and not isinstance(column.type, Encrypted):
        return "GB"
    return {"text": said, "json": {"said": said}, "bytes": f"%PDF- {said}".encode()}[kind]


def _anything(column: Column[Any]) -> Any:
    kind, number = column.type, next(_NUMBERS)
    if isinstance(kind, Enum):
        members = list(kind.enum_class or kind.enums)
        return members[number % len(members)]
    values: list[tuple[type[Any], Any]] = [
        (Uuid, uuid.uuid4()),
        (Boolean, bool(number % 2)),
        (Integer, number),
        (Float, number / 4),
        (UtcDateTime, NOW),
        (Date, date(2026, 11, 24)),
        (JSON, {}),
    ]
    return next((value for one, value in values if isinstance(kind, one)), f"x{number}")


def _as_it_was(connection: Connection, known: Table) -> Table:
    """The table with types for plain values, and without columns that came later."""
    plain = {"text": Text, "json": JSON, "bytes": LargeBinary}
    there = {column["name"]: column["type"] for column in inspect(connection).get_columns(known.name)}
    columns = []
    for column in known.columns:
        if column.name in there:
            kind: Any = column.type
            if isinstance(kind, Encrypted):
                kind = Float() if isinstance(there[column.name], Float) else plain[kind.kind]()
            columns.append(Column(column.name, kind, primary_key=column.primary_key, autoincrement=False))
    return Table(known.name, MetaData(), *columns)


@contextmanager
def without_references(database: Database) -> Iterator[Connection]:
    """A transaction in which rows may point nowhere and no trigger runs: what matters is how each row is stored."""
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                yield connection
            driver.execute("PRAGMA foreign_keys=ON")
            return
        with connection.begin():
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection


def files_of(database: Database) -> list[Path]:
    """All files that hold the database: on SQLite the file, its log and what lies beside it; on PostgreSQL the folder of the server."""
    if database.engine.dialect.name == "sqlite":
        file = Path(str(make_url(str(database.engine.url)).database))
        return sorted(file.parent.glob(f"{file.name}*"))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
        number = connection.exec_driver_sql(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        ).scalar_one()
    return [
        *(folder / "base" / str(number)).iterdir(),
        *(path for path in (folder / "pg_wal").iterdir() if path.is_file()),
    ]


def found_in(files: list[Path], words: set[str]) -> set[str]:
    """Which of the words stand in the files."""
    content = b"".join(path.read_bytes() for path in files)
    return {one for one in words if one.encode() in content}

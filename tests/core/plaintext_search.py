"""Words planted in every encrypted column of every table, and looking for them in all files that a database leaves on a disk."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Enum, Float, Integer, Uuid, insert, make_url

from assess.core.data_keys import encrypted_tables
from assess.core.db import Database, UtcDateTime
from assess.core.encryption import Encrypted
from tests.core.filled_database import NOW

ROWS = 5
_NUMBERS = itertools.count(1)


def word() -> str:
    """A word that stands nowhere else."""
    return f"Zdravkina{next(_NUMBERS):05d}quokka"


LEFT_OUT = {"stored_pdf": {"grant_id", "organisation_id", "template"}}
"""A document has one owner alone, here a submission."""


def plant(connection: Connection) -> dict[str, set[str]]:
    """Rows in every table with encrypted columns. Returns the words by column."""
    planted: dict[str, set[str]] = {}
    for table in encrypted_tables():
        for _row in range(ROWS):
            row: dict[str, Any] = {}
            for column in table.columns:
                kind = column.type
                if isinstance(kind, Encrypted):
                    said = word()
                    row[column.name] = _holding(kind.kind, said)
                    if said in str(row[column.name]):
                        planted.setdefault(f"{table.name}.{column.name}", set()).add(said)
                elif column is not table.autoincrement_column and column.name not in LEFT_OUT.get(table.name, ()):
                    row[column.name] = _anything(column)
            connection.execute(insert(table), row)
    return planted


def _holding(kind: str, said: str) -> Any:
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

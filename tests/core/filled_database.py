"""A database with rows in it, and a way to see whether any of them was lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import inspect, text

import assess.suppliers.models  # noqa: F401  # all tables there are
from assess.assessments.services import save_answers, start_assessment
from assess.core.db import Database
from assess.question_banks.models import EditionRow, EditionStage
from tests.decrypted_rows import readable_rows

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RECORD: dict[str, Any] = {
    "engine": 1,
    "edition": {"bank": "b"},
    "result": {"score": 11.0, "band": "low"},
    "actions": [],
    "duties": [],
    "reference": "K7QF-2M9D",
}


def fill(database: Database) -> None:
    """An edition, and an assessment with two answers."""
    with database.writing() as session:
        edition = EditionRow(
            bank="b", number=1, stage=EditionStage.PUBLISHED, source={}, compiled={}, digest="0" * 64, published_at=NOW
        )
        session.add(edition)
        session.flush()
        mine = start_assessment(session, edition.id, quick=False, now=NOW)
        save_answers(session, mine.id, {"p": "a", "q": "b"}, {}, NOW)


def count(database: Database, table: str) -> int:
    """How many rows a table has."""
    with database.reading() as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608  # our own tables


def rows(database: Database, columns: dict[str, list[str]] | None = None) -> dict[str, Counter[str]]:
    """The rows of every table there is; or of these tables, and of each row these columns."""
    with database.engine.connect() as connection:
        wanted = columns or columns_of(database)
        found: dict[str, Counter[str]] = {}
        for table, names in wanted.items():
            every = readable_rows(connection, table)
            found[table] = Counter(str(tuple(row[name] for name in names)) for row in every)
        return found


def columns_of(database: Database) -> dict[str, list[str]]:
    """The names of the columns of every table that holds something of ours."""
    with database.engine.connect() as connection:
        session = inspect(connection)
        tables = set(session.get_table_names()) - {"alembic_version"}
        return {table: [str(column["name"]) for column in session.get_columns(table)] for table in sorted(tables)}


def rules(database: Database) -> dict[str, str]:
    """The rules of every table, and on SQLite the words of all indexes and triggers."""
    with database.engine.connect() as connection:
        session = inspect(connection)
        found: dict[str, str] = {}
        for table in columns_of(database):
            tells = (
                session.get_columns,
                session.get_foreign_keys,
                session.get_unique_constraints,
                session.get_check_constraints,
            )
            found[table] = str([sorted(str(sorted(one.items(), key=str)) for one in tell(table)) for tell in tells])
        if connection.dialect.name == "sqlite":
            words = text("SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')")
            found |= {name: str(sql) for name, sql in connection.execute(words)}
    return found

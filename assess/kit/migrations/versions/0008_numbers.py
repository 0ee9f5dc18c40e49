"""Numbers of submissions, visits and entries of a history that are never given again.

SQLite gives the number of a deleted last row to the next one, unless the table says otherwise. Whoever still held it, such as a
file that was being printed, would then be about another business. PostgreSQL never does. Editions are left alone: no row of theirs
ever goes.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("answer_event", "submission", "visit")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            _rebuild(table)


def _rebuild(table: str) -> None:
    """The same table with numbers that only grow. Its rows keep theirs; indexes and triggers come back word for word."""
    made = _words(table, "table")
    hanging_on_it = [*_words(table, "index"), *_words(table, "trigger")]
    op.get_bind().exec_driver_sql(_growing(table, made[0]))
    op.execute(f"INSERT INTO {table}_anew SELECT * FROM {table}")  # noqa: S608  # our own tables
    op.drop_table(table)
    op.rename_table(f"{table}_anew", table)
    for words in hanging_on_it:
        op.get_bind().exec_driver_sql(words)


def _words(table: str, kind: str) -> list[str]:
    """The statements that made what SQLite has of this kind for the table, but what it made by itself."""
    found = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :kind AND sql IS NOT NULL")
    return list(op.get_bind().scalars(found, {"table": table, "kind": kind}))


def _growing(table: str, words: str) -> str:
    """The statement that makes the new table.

    Raises:
        ValueError: the table is not the one of revision 0001.
    """
    for before, after in (
        (rf"CREATE TABLE \"?{table}\"?", f"CREATE TABLE {table}_anew"),
        (r"\bid INTEGER NOT NULL(?=\s*,)", "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"),
        (rf",\s*CONSTRAINT pk_{table} PRIMARY KEY \(id\)", ""),
    ):
        words, times = re.subn(before, after, words)
        if times != 1:
            raise ValueError(f"{table} is not made as it was")
    return words

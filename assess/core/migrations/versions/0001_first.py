"""All tables, as a frozen file of SQL for each database, and the secret of check codes."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    said = files("assess.core.migrations").joinpath(f"first_{dialect}.sql").read_text(encoding="utf-8")
    # the driver itself: percent signs and colons in the file are no parameters
    driver: Any = op.get_bind().connection.driver_connection
    for statement in _statements(said) if dialect == "sqlite" else [said.encode()]:
        driver.execute(statement)
    op.bulk_insert(sa.table("verification_secret", sa.column("key")), [{"key": secrets.token_hex(32)}])


def _statements(said: str) -> Iterator[str]:
    """One after the other: SQLite's own way to run many would commit what was begun."""
    begun = ""
    for line in said.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""

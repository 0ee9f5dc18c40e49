"""Rows as earlier releases wrote them, kept in `releases/`: the code of today writes columns that their tables did not have."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, MetaData, Table, text

from assess.kit.db import Database

_FOLDER = Path(__file__).parent / "releases"


def put(database: Database, revision: str) -> dict[str, Any]:
    """Put the rows of a release into a database at its revision. Returns what else is known of them, such as a link's token."""
    kept: dict[str, Any] = json.loads((_FOLDER / f"{revision}.json").read_text(encoding="utf-8"))
    sqlite = database.engine.dialect.name == "sqlite"
    with database.engine.begin() as connection:
        for name, rows in kept["tables"].items():
            table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
            connection.execute(
                table.insert(),
                [{column: _value(value, sqlite=sqlite) for column, value in row.items()} for row in rows],
            )
            if not sqlite and "id" in table.c and isinstance(table.c.id.type, Integer):
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")  # noqa: S608  # our own tables
                )
    return kept


def _value(value: Any, *, sqlite: bool) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, held),) = value.items()
    if kind == "uuid":
        return held if sqlite else uuid.UUID(held)
    if kind == "at":
        moment = datetime.fromisoformat(held).astimezone(UTC)
        return moment.replace(tzinfo=None) if sqlite else moment
    return held.encode("latin1") if kind == "bytes" else held

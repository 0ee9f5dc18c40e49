"""Rows as earlier releases wrote them, kept in `releases/`: the code of today writes columns that their tables did not have."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, MetaData, Table, inspect, select, text

from assess.kit.db import Base, Database
from tests.readable import readable

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


def copy_to_older(new: Database, old: Database) -> None:
    """Copy what stands in a database of today into one of an earlier release, without the columns and tables that one does not have."""
    with new.engine.connect() as source, old.engine.begin() as target:
        there = set(inspect(target).get_table_names())
        for known in Base.metadata.sorted_tables:
            if known.name not in there:
                continue
            ours, theirs = (
                Table(known.name, MetaData(), autoload_with=connection, resolve_fks=False)
                for connection in (source, target)
            )
            both = [column for column in ours.c if column.name in theirs.c]
            rows = [readable(known.name, dict(row._mapping)) for row in source.execute(select(*both))]
            if rows:
                target.execute(theirs.insert(), rows)

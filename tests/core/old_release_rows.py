"""Rows as releases wrote them, kept in `releases/` by the revision of their tables: the code of a later day writes columns that those do not have.

`keep` writes such a file from a database, once, at a release; `put` brings it into a database at that revision. Encrypted values stand in it as they are
stored, with the key of somebody's own machine.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, MetaData, Table, inspect, select, text

from assess.core.db import Base, Database

_FOLDER = Path(__file__).parent / "releases"


def keep(database: Database, revision: str, tables: Iterable[str], **known: str) -> None:
    """Write down all rows of these tables of a database on PostgreSQL, whose types say what a value is; and what else shall be known of them, such as a link's token."""
    found: dict[str, list[dict[str, Any]]] = {}
    with database.engine.connect() as connection:
        for name in tables:
            table = _as_it_is(connection, name)
            order = list(table.primary_key)
            rows = connection.execute(select(table).order_by(*order)).mappings()
            found[name] = [{column: _written(value) for column, value in row.items()} for row in rows]
    said = json.dumps({**known, "tables": found}, ensure_ascii=False, indent=1)
    (_FOLDER / f"{revision}.json").write_text(f"{said}\n", encoding="utf-8")


def put(database: Database, revision: str) -> dict[str, Any]:
    """Put the rows of a release into a database at its revision. Returns what else is known of them."""
    kept: dict[str, Any] = json.loads((_FOLDER / f"{revision}.json").read_text(encoding="utf-8"))
    with database.engine.begin() as connection:
        for name, rows in kept["tables"].items():
            sqlite = connection.dialect.name == "sqlite"
            read = [{column: _read(value, sqlite=sqlite) for column, value in row.items()} for row in rows]
            _insert(connection, name, read)
    return kept


def copy_to_older(new: Database, old: Database) -> None:
    """Copy what stands in a database of today into one of an earlier release, as it is stored, without columns and tables that one does not have."""
    with new.engine.connect() as source, old.engine.begin() as target:
        there = set(inspect(target).get_table_names())
        for known in Base.metadata.sorted_tables:
            if known.name in there:
                ours, theirs = (_as_it_is(connection, known.name) for connection in (source, target))
                both = [column for column in ours.c if column.name in theirs.c]
                _insert(target, known.name, [dict(row) for row in source.execute(select(*both)).mappings()])


def _as_it_is(connection: Any, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection, resolve_fks=False)


def _insert(connection: Any, name: str, rows: list[dict[str, Any]]) -> None:
    table = _as_it_is(connection, name)
    connection.execute(table.delete())  # a secret that the first revision made
    if rows:
        connection.execute(table.insert(), rows)
        if connection.dialect.name == "postgresql" and "id" in table.c and isinstance(table.c.id.type, Integer):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")  # noqa: S608  # our own tables
            )


def _written(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return {"uuid": value.hex}
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return {"json": value} if isinstance(value, dict | list) else value


def _read(value: Any, *, sqlite: bool) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, held),) = value.items()
    if kind == "uuid":
        return held if sqlite else uuid.UUID(held)
    if kind == "at":
        now = datetime.fromisoformat(held)
        return now.replace(tzinfo=None) if sqlite else now
    return date.fromisoformat(held) if kind == "day" else held

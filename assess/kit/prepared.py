"""A reading statement compiled once for its database and run on the driver's own cursor.

Only for the one query that every look at a page makes: it saves most of what a query costs beyond the database's own work. Any
trouble is left to the ordinary way, which runs the same statement again and names what is wrong.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.sql.selectable import TypedReturnsRows

from assess.kit.engines import reading_engine

Row = Sequence[Any]


class Prepared:
    """A SELECT whose columns need no conversion. Its values are bound by name."""

    def __init__(self, statement: TypedReturnsRows[Any]) -> None:
        """Keep the statement; it is compiled at its first use with each kind of database."""
        self._statement = statement
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None, Mapping[str, Any]]] = {}
        self._lock = threading.Lock()

    def rows(self, engine: Engine, values: Mapping[str, Any]) -> Sequence[Row]:
        """All rows, as the driver gives them. One statement is one transaction."""
        sql, order, convert = self._for(engine)
        ready = {name: convert[name](value) if convert.get(name) else value for name, value in values.items()}
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(sql, ready if order is None else [ready[name] for name in order])
            rows: Sequence[Row] = cursor.fetchall()
            cursor.close()
        except Exception:  # noqa: BLE001 - whatever the driver raises, the ordinary way raises it again in its own words
            connection.close()
            with reading_engine(engine).connect() as ordinary:
                found: Sequence[Row] = ordinary.execute(self._statement, dict(values)).all()
                return found
        connection.close()
        return rows

    def _for(self, engine: Engine) -> tuple[str, tuple[str, ...] | None, Mapping[str, Any]]:
        known = self._compiled.get(engine.dialect.name)
        if known is None:
            with self._lock:
                compiled = self._statement.compile(engine)
                order = tuple(compiled.positiontup) if compiled.positiontup is not None else None
                known = (str(compiled), order, compiled._bind_processors)  # noqa: SLF001 - SQLAlchemy keeps them nowhere else
                self._compiled[engine.dialect.name] = known
        return known

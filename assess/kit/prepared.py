"""Reading statements compiled once for their database and run on the driver's own cursor.

Only for what every look at a page reads: it saves most of what a query costs beyond the database's own work. Any trouble is left
to the ordinary way, which runs the same statement again and names what is wrong.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.engine import Engine

from assess.kit.engines import reading_engine

Row = Sequence[Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The words for one kind of database.

    `own` are the values that stand in the statement itself; `order` is that of all values, where they have no names; `convert`
    says what some of them must become first.
    """

    sql: str
    own: Values
    order: tuple[str, ...] | None
    convert: Mapping[str, Callable[[Any], Any]]

    def bound(self, values: Values) -> Values | list[Any]:
        ready = {**self.own, **values}
        for name, into in self.convert.items():
            ready[name] = into(ready[name])
        return ready if self.order is None else [ready[name] for name in self.order]


class Prepared:
    """A SELECT whose columns need no conversion. Its values are bound by name; each has a stand-in, which is never used."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        """Keep the statement; it is compiled at its first use with each kind of database."""
        self._statement = statement
        self._known: dict[str, _Compiled] = {}
        self._lock = threading.Lock()

    def rows(self, engine: Engine, values: Values) -> Sequence[Row]:
        """All rows, as the driver gives them. One statement is one transaction."""
        compiled = self._known.get(engine.dialect.name) or self._compile(engine)
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(compiled.sql, compiled.bound(values))
            rows: Sequence[Row] = cursor.fetchall()
        except Exception:  # noqa: BLE001 - whatever the driver raises, the ordinary way raises it again in its own words
            connection.close()
            return self._ordinary(engine, values)
        connection.close()
        return rows

    def _ordinary(self, engine: Engine, values: Values) -> Sequence[Row]:
        with reading_engine(engine).connect() as connection:
            rows: Sequence[Row] = connection.execute(self._statement, dict(values)).all()
            return rows

    def _compile(self, engine: Engine) -> _Compiled:
        with self._lock:
            compiled = self._statement.compile(engine, compile_kwargs={"render_postcompile": True})
            order = tuple(compiled.positiontup) if compiled.positiontup is not None else None
            convert = {name: into for name, into in compiled._bind_processors.items() if callable(into)}  # noqa: SLF001 - SQLAlchemy keeps them nowhere else
            own = {name: value for name, value in compiled.params.items() if value is not None}
            self._known[engine.dialect.name] = made = _Compiled(str(compiled), own, order, convert)
        return made

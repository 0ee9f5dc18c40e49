"""What was deleted for good is also overwritten on the disk, by whichever process can do it first.

On SQLite deleted rows go on standing in the log until it is emptied, and that waits for everybody who still reads an older state. So
the wish stands in the database itself, written in the transaction that deletes: whoever commits next, a worker's sign of
life at the latest, tries again, also when the process that deleted is gone. PostgreSQL needs none of this here.

The wish is a number in the header of the file (`user_version`): 0 is none. It needs no table, so it holds at every revision.
"""

from __future__ import annotations

import secrets

from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from assess.kit.engines import checkpoint, reading_engine

_LARGEST = 2**31 - 1
_SHORTLY_MS = 50
"""How long somebody tries who deleted nothing himself: trying holds up whoever writes."""


def wish_to_erase(session: Session) -> None:
    """Write down, in the transaction of this session, that the log is to be emptied."""
    if session.get_bind().dialect.name == "sqlite":
        # a number of its own for each wish: nobody who fulfilled an earlier one takes it back
        session.connection().exec_driver_sql(f"PRAGMA user_version={1 + secrets.randbelow(_LARGEST)}")


def erase_traces(engine: Engine, *, wait: bool) -> bool:
    """Empty the log if somebody wishes so. Returns whether nothing is left to do.

    `wait` is for whoever has just deleted: as long as a statement may wait. Others try for a moment.
    """
    if engine.dialect.name != "sqlite":
        return True
    wish = _wish_of(engine)
    if not wish:
        return True
    if not checkpoint(engine, patience_ms=None if wait else _SHORTLY_MS):
        return False
    try:
        with engine.begin() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar_one() == wish:
                connection.exec_driver_sql("PRAGMA user_version=0")
    except OperationalError:  # what was to be saved is saved: somebody else may take the wish back
        return False
    return True


def _wish_of(engine: Engine) -> int:
    with reading_engine(engine).connect() as connection:
        wish: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        return wish

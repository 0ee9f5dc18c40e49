from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assess.kit.db import Database
from tests.kit.audit.logbook import fill

pytestmark = pytest.mark.both_databases

COLUMNS = (
    "number, at, action, who_kind, who, about_kind, about_id, assessment_alias, organisation_id, details, key_name, "
    "previous_hash, hash"
)
COPY = f"SELECT {{number}}, {COLUMNS.partition(', ')[2]} FROM audit_event WHERE number = 2"  # noqa: S608  # ours


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'x' WHERE number = 2",
        "UPDATE audit_event SET number = 9 WHERE number = 3",
        "DELETE FROM audit_event WHERE number = 3",
        "DELETE FROM audit_event",
        f"INSERT INTO audit_event ({COLUMNS}) {COPY.format(number=5)}",
        f"INSERT INTO audit_event ({COLUMNS}) {COPY.format(number=0)}",
    ],
)
def test_no_event_is_changed_or_removed_or_put_anywhere_but_at_the_end(
    database: Database, now: datetime, statement: str
) -> None:
    fill(database, now, 3)
    with pytest.raises(IntegrityError, match="an event of the audit log"), database.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_replacing_is_refused_too(database: Database, now: datetime) -> None:
    fill(database, now, 3)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text(f"INSERT OR REPLACE INTO audit_event ({COLUMNS}) {COPY.format(number=3)}"))


@pytest.mark.parametrize("backend", ["postgresql"])
def test_emptying_is_refused_too(database: Database, now: datetime) -> None:
    fill(database, now, 3)
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit_event"))

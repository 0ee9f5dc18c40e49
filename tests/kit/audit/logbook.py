"""A log with events in it, and somebody who owns the database and may do to it what no page can."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.db import Database

SECRET = "a secret key of this test, which is long enough"
KEYS = Keys(SECRET)
OF_SQLITE = ("audit_event_is_frozen", "audit_event_stays", "audit_event_follows")


def deed(**changed: object) -> Deed:
    given: dict[str, object] = {"action": "plan.follow", "verb": "saved", "who": by_job("test")}
    return Deed(**(given | changed))  # type: ignore[arg-type]  # as a test likes it


def fill(database: Database, now: datetime, number: int = 6, keys: Keys = KEYS) -> None:
    """Append so many events."""
    with database.writing() as session:
        for count in range(number):
            record(session, keys, deed(details={"count": count}), now)


def disarm(connection: Connection) -> None:
    """Take the triggers away, as only the owner of the database can."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        return
    for name in OF_SQLITE:
        connection.execute(text(f"DROP TRIGGER {name}"))


def tamper(database: Database, *statements: str) -> None:
    """Do this to the log with the rights of the owner."""
    with database.engine.begin() as connection:
        disarm(connection)
        for statement in statements:
            connection.execute(text(statement))

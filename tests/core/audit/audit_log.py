"""A log with events in it, and somebody who owns the database and may do to it what no page can."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.db import Database

SECRET = "a secret key of this test, which is long enough"
KEYS = AuditKeys(SECRET)
OF_SQLITE = ("audit_event_is_frozen", "audit_event_stays", "audit_event_follows")


def deed(**changed: object) -> NewAuditEvent:
    given: dict[str, object] = {"action": "plan.follow", "verb": "saved", "who": job_actor("test")}
    return NewAuditEvent(**(given | changed))  # type: ignore[arg-type]  # as a test likes it


def fill(database: Database, now: datetime, number: int = 6, keys: AuditKeys = KEYS) -> None:
    """Append so many events."""
    with database.writing() as session:
        for count in range(number):
            append_event(session, keys, deed(details={"count": count}), now)


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

"""Published editions and what happened to them. An edition is frozen by the database itself, not by good manners."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import DDL, CheckConstraint, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document


class Stage(enum.StrEnum):
    """Where an edition is in its life. Others (draft, in review) come with the pages that edit banks."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """No new assessment may start with it; those that did keep it."""


class Edition(Base):
    """One text of one bank, with a number. Only `stage` may ever change.

    `source` holds the files it was made from, as written, by name; `compiled` is what the engine reads, `digest` its SHA-256.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("bank", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("stage IN ('published', 'withdrawn')", name="known_stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bank: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    stage: Mapped[Stage]
    source: Mapped[Document]
    compiled: Mapped[Document]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    published_at: Mapped[datetime]


class EditionEvent(Base):
    """One step in the life of an edition. Rows are only ever added."""

    __tablename__ = "edition_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    stage: Mapped[Stage]
    at: Mapped[datetime]


_FROZEN = "id, bank, number, source, compiled, digest, published_at"
_REFUSED = "a published edition is never changed or removed"
_REFUSED_EVENT = "the history of editions is never changed or removed"
_SQLITE = "CREATE TRIGGER {name} BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, '{says}'); END"
_FUNCTION = (
    "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
_POSTGRESQL = "CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def triggers(dialect: str) -> list[str]:
    """What makes editions immutable in this kind of database. Migrations run the same statements."""
    shapes = [_SQLITE] if dialect == "sqlite" else [_FUNCTION, _POSTGRESQL]
    rules = [
        {"name": "edition_is_frozen", "table": "edition", "when": f"UPDATE OF {_FROZEN}", "says": _REFUSED},
        {"name": "edition_stays", "table": "edition", "when": "DELETE", "says": _REFUSED},
        {"name": "edition_event_is_frozen", "table": "edition_event", "when": "UPDATE", "says": _REFUSED_EVENT},
        {"name": "edition_event_stays", "table": "edition_event", "when": "DELETE", "says": _REFUSED_EVENT},
    ]
    return [shape.format(**rule) for rule in rules for shape in shapes]


for _dialect in ("sqlite", "postgresql"):
    for _statement in triggers(_dialect):
        event.listen(EditionEvent.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped

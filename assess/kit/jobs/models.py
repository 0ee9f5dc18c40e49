"""One row for each job on both databases, whatever engine runs it, and when things last happened."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document

LIVE_IN_WORDS = text("state IN ('waiting', 'running')")
"""As in the index of the keys, without parameters: PostgreSQL finds the index of a prepared statement only so."""


class JobState(enum.StrEnum):
    """Where a job is in its life."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SET_ASIDE = "set_aside"
    """It failed as often as it may. A person decides what becomes of it."""


LIVE = (JobState.WAITING, JobState.RUNNING)


class Job(Base):
    """One piece of work. `arguments` are ids, never what people wrote; `error` is a class and `place` code, without values.

    `about` is the assessment it belongs to and goes with, if it does. Of what is due, the lowest `rank` comes first.

    While it runs, `owner` and `attempts` together tell whose it is: whoever holds an older pair may write nothing any more.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'set_aside')", name="known_state"),
        Index("ix_job_state_due_at", "state", "due_at"),
        Index("ix_job_key", "key"),
        Index("uq_job_live_key", "key", unique=True, sqlite_where=LIVE_IN_WORDS, postgresql_where=LIVE_IN_WORDS),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[Document]
    key: Mapped[str | None] = mapped_column(String(120))
    about: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int] = mapped_column(default=0)
    state: Mapped[JobState]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(100))
    place: Mapped[str | None] = mapped_column(String(300))
    made_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class LastTime(Base):
    """When something last happened: the time a periodic job was last due, or the last sign of life of any worker."""

    __tablename__ = "schedule_state"

    what: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime]

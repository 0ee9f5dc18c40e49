"""Published editions and what happened to them. An edition is frozen by the database itself, not by good manners: the first migration holds the triggers."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
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

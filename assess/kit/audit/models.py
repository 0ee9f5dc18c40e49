"""The table of events, and the one that leads from an assessment to its events for as long as there is the assessment."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document


class WhoKind(enum.StrEnum):
    """What kind of caller changed something."""

    VISIT = "visit"
    """A browser nobody is signed in in. `who` is a keyed hash of its cookie; None when it held nothing yet."""
    PERSON = "person"
    """Somebody signed in. `who` is the id of the person, and leads nowhere once the account is deleted."""
    JOB = "job"
    """Background work; `who` is its name."""
    COMMAND = "command"
    """The command line; `who` is the name of the command."""


class AuditEvent(Base):
    """One change. Triggers refuse every later UPDATE and DELETE, and a number that is not the next one.

    `hash` closes the row and `previous_hash` with it (`recording.words_of`). No column points to another table by a rule of the database:
    the log outlives what it speaks of.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(
            "ix_audit_event_organisation_id",
            "organisation_id",
            sqlite_where=text("organisation_id IS NOT NULL"),
            postgresql_where=text("organisation_id IS NOT NULL"),
        ),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(60))
    """What the page does and what became of it: "share.manage: ended"."""
    who_kind: Mapped[WhoKind]
    who: Mapped[str | None] = mapped_column(String(40))
    about_kind: Mapped[str | None] = mapped_column(String(30))
    about_id: Mapped[uuid.UUID | None]
    assessment_alias: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """Which assessment, by `AuditAlias`. None once it is gone: then `about_id` says which one went."""
    organisation_id: Mapped[uuid.UUID | None]
    details: Mapped[Document]
    key_name: Mapped[str] = mapped_column(String(16))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditAlias(Base):
    """Under which number the log speaks of an assessment. It goes with the assessment: its events then speak of nobody."""

    __tablename__ = "audit_subject"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)

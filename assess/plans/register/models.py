"""What is stored of the action register: the items as they are now, their notes of evidence, and all that happened to them.

Nobody's name is stored beside a change: who typed it stays with the business. Everything hangs on the submission and goes with it.
"""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_json, encrypted_text

_CHANGES = text("what <> 'offered'")


class What(enum.StrEnum):
    """What an entry of the history tells."""

    CHANGED = "changed"
    CARRIED = "carried"
    """Taken over from the plan before, because its action is still the same."""
    PUT_BACK = "put_back"
    TOGETHER = "together"
    """Answered in one go with all that had no answer."""
    OFFERED = "offered"
    """Typed while somebody else changed the same: kept here, not put in."""


class RegisterItem(Base):
    """One action or duty that somebody touched. `revision` grows by one with each change; dates are ISO days."""

    __tablename__ = "tracked_action"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    response: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")
    reason_text: Mapped[str] = mapped_column(encrypted_text(), default="")
    owner: Mapped[str] = mapped_column(encrypted_text(), default="")
    due: Mapped[str | None] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20), default="open")
    done_on: Mapped[str | None] = mapped_column(String(10))
    notes_made: Mapped[int] = mapped_column(default=0)
    """The highest number a note of it ever had, so that no number is used again for another one."""
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]


class EvidenceRow(Base):
    """A note that a proof exists, of one item; `number` counts within it. Never the proof itself."""

    __tablename__ = "tracked_action_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "key"], ["tracked_action.submission_id", "tracked_action.key"], ondelete="CASCADE"
        ),
    )

    submission_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(encrypted_text())
    kind: Mapped[str] = mapped_column(String(40))
    dated: Mapped[str | None] = mapped_column(String(10))
    good_until: Mapped[str | None] = mapped_column(String(10))
    grade: Mapped[str] = mapped_column(String(20))


class RegisterEvent(Base):
    """One thing that happened to one item, kept as it happened. The database refuses to change or remove it alone.

    `before` and `after` are states as `keeping.as_data` writes them; `revision` is the item's after it.
    """

    __tablename__ = "tracked_action_event"
    __table_args__ = (
        Index("ix_tracked_action_event_submission_id", "submission_id", "key"),
        Index(
            "uq_tracked_action_event_submission_id",
            "submission_id",
            "key",
            "revision",
            unique=True,
            sqlite_where=_CHANGES,
            postgresql_where=_CHANGES,
        ),
        {"sqlite_autoincrement": True},  # an address that names an entry never comes to mean another
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    key: Mapped[str]
    revision: Mapped[int]
    what: Mapped[What]
    before: Mapped[Document] = mapped_column(encrypted_json())
    after: Mapped[Document] = mapped_column(encrypted_json())
    at: Mapped[datetime]

"""What is stored of a delegation: the link, what the colleague answered through it, and all that happened to it.

Nobody's name is stored. Everything hangs on the assessment and goes with it.
"""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.kit.encryption import encrypted_json, encrypted_text


class State(enum.StrEnum):
    """What became of an answer a colleague gave."""

    SAVED = "saved"
    """It is the answer of the business, and hers to change until somebody else changes it."""
    SAME = "same"
    """Somebody had said the same already."""
    OFFERED = "offered"
    """Somebody had said something else: the business decides."""
    TAKEN = "taken"
    """The business took it over an earlier one."""
    LEFT = "left"
    """The business kept the other one."""
    BEFORE = "before"
    """It was said to a question that changed since: it is kept for going back, and shown nowhere."""


class What(enum.StrEnum):
    """What an entry of the history tells."""

    MADE = "made"
    OPENED = "opened"
    ANSWERED = "answered"
    """`count` answers came in."""
    DONE = "done"
    SENT_BACK = "sent_back"
    TAKEN = "taken"
    """The business took `count` of them over its own."""
    LEFT = "left"
    ENDED = "ended"


class Delegation(Base):
    """A link for one section, or for one question by itself. `note` is the business's own reminder of whom it is for.

    `asked` is what is to be changed, while it is sent back; empty where nothing may be written.
    """

    __tablename__ = "delegation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    section: Mapped[str]
    question: Mapped[str | None]
    note: Mapped[str] = mapped_column(encrypted_text())
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    sent_back_at: Mapped[datetime | None]
    asked: Mapped[str] = mapped_column(encrypted_text(), default="")
    ended_at: Mapped[datetime | None]


class DelegatedAnswer(Base):
    """What a colleague said to one question. `revision` is that of the stored answer it became, or against which it stands."""

    __tablename__ = "delegated_answer"

    delegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(encrypted_json(), nullable=False)
    proof: Mapped[bool]
    state: Mapped[State]
    revision: Mapped[int]
    changed_at: Mapped[datetime]


class DelegationEvent(Base):
    """One thing that happened to a delegation. `words` are what was asked for when it was sent back."""

    __tablename__ = "delegation_event"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # SQLAlchemy reads it from the class

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"), index=True)
    what: Mapped[What]
    count: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(encrypted_text(), default="")
    at: Mapped[datetime]

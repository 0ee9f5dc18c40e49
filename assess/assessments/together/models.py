"""Help that a business asked for: the code for the coordinator, until when it lasts, and what was answered meanwhile."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.assessments.models import Part
from assess.kit.db import Base

WITH_HELP = "assess.with_help"
"""The place in `session.info` where, by assessment, the id of the help stands while a coordinator is the one who answers."""


class Mode(enum.StrEnum):
    """How they do it."""

    PHONE = "phone"
    VISIT = "visit"


class Together(Base):
    """One piece of help. It is asked for, begun with the code by one coordinator, and over at `until` or when somebody ends it.

    Only the hash of the code is stored. The row stays, so that what was answered together goes on saying so.
    """

    __tablename__ = "assisted_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    mode: Mapped[Mode]
    made_at: Mapped[datetime]
    code_until: Mapped[datetime]
    coordinator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    began_at: Mapped[datetime | None]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AnsweredTogether(Base):
    """A change of an answer that a coordinator typed: the `revision` of its `AnswerEvent`."""

    __tablename__ = "assisted_answer"
    __table_args__ = (Index("ix_assisted_answer_assisted_session_id", "assisted_session_id"),)

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[Part] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    assisted_session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assisted_session.id", ondelete="CASCADE"))

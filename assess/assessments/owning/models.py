"""What stands filled in and is not said yet: taken over from another assessment, or from a question that has changed since."""

from __future__ import annotations

import enum
import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from assess.assessments.models import Part
from assess.kit.db import Base


class Because(enum.StrEnum):
    """Why an answer waits."""

    COPIED = "copied"
    """It was said of another place or kind of work. Nothing is sent in while one that is shown waits."""
    CHANGED = "changed"
    """It was said to a question that means something else by now, or some of its choices are gone."""


class ToConfirm(Base):
    """One answer or fact that was filled in. Until somebody sends it from its page it counts as not answered."""

    __tablename__ = "pending_answer"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # those of an assessment lie together and are read as one

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[Part] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    because: Mapped[Because] = mapped_column(default=Because.COPIED, server_default=Because.COPIED)

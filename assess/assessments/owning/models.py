"""What was taken over from another assessment and is not said here yet."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from assess.assessments.models import Part
from assess.kit.db import Base


class ToConfirm(Base):
    """One answer or fact that was copied. Until somebody sends it from its page it counts as not answered."""

    __tablename__ = "to_confirm"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # those of an assessment lie together and are read as one

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[Part] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)

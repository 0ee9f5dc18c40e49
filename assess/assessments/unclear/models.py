"""What is stored of a note on a question: which question, in which month, and the words."""

from __future__ import annotations

import uuid

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base


class UnclearNote(Base):
    """One note. No column points to another table, and no order of writing is kept: rows lie by a random id.

    `words` are one of the reasons to choose from. `month` is year and month, "2026-11". `edition` is the number of the bank's edition whose words were read.
    """

    __tablename__ = "question_feedback"
    __table_args__ = (
        Index("ix_question_feedback_question", "question", "month"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    bank: Mapped[str] = mapped_column(String(60))
    edition: Mapped[int]
    question: Mapped[str] = mapped_column(String(60))
    month: Mapped[str] = mapped_column(String(7))
    words: Mapped[str] = mapped_column(String(300))

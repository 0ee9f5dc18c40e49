"""What is stored of comments. They hang on the assessment and go with it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.kit.encryption import encrypted_text


class Comment(Base):
    """One comment on a question. `person_id` is None for whoever holds a link: those share what they wrote.

    `for_delegate`: whoever answers the section by a link may read it. `settled_at`: the thread was closed after it.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_assessment_id", "assessment_id", "question"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    question: Mapped[str]
    words: Mapped[str] = mapped_column(encrypted_text())
    for_delegate: Mapped[bool]
    by_member: Mapped[bool]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

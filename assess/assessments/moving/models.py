"""What is stored of a move from one edition to another."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document


class EditionMove(Base):
    """One move. The database refuses to change or remove it alone; only `undone_at` is set, once.

    `before` holds all that stood then: of each part the revision of each answer, whose words are in `answer_event` and in no second
    place, so that words taken out for good are out here too; what waited to be confirmed, and why; and of the answers of colleagues
    that did not go along the link, the question, the state, and whether the answer was still hers. `version` is that of the assessment.
    """

    __tablename__ = "edition_upgrade"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    from_edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    to_edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    before: Mapped[Document]
    moved_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

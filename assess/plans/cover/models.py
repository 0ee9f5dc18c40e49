"""The printed covers: the one of each organisation that was asked for last."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.kit.encryption import encrypted_bytes


class CoverFile(Base):
    """One printed cover. `text` is the SHA-256 of its page, so one that is outdated is never handed out.

    It goes with the organisation, and the database removes it as soon as any assessment of the organisation is deleted or moved away.
    """

    __tablename__ = "plan_index_pdf"

    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(encrypted_bytes())
    made_at: Mapped[datetime]

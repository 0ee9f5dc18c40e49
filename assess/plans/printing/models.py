"""The finished PDFs: made once for each copy of a submission and each state of its register, then always the same bytes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.kit.encryption import encrypted_bytes


class Rendered(Base):
    """One printed copy of a submission. It goes when the submission goes.

    `language` is a short tag like "en". `state` is the digest of the register and the sign-off as this file shows them; empty while
    nobody had touched the one or given the other, and always for a copy that shows nothing of them.
    """

    __tablename__ = "submission_pdf"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    copy: Mapped[str] = mapped_column(String(20), primary_key=True)
    language: Mapped[str] = mapped_column(String(10), primary_key=True)
    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(encrypted_bytes())
    made_at: Mapped[datetime]

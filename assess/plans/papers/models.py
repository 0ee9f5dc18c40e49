"""The printed papers: one row for each text that was ever printed, the same for every business."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base


class PaperFile(Base):
    """One printed paper. `text` is the SHA-256 of its page: a changed word or rate is another row."""

    __tablename__ = "document_template_pdf"

    text: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]

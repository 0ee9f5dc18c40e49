"""The months of a buyer's picture, and its printed summary."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_bytes


class PictureMonth(Base):
    """How many suppliers stood where on the first of a month: counts alone, of no supplier by name. It goes after three years."""

    __tablename__ = "portfolio_snapshot"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    counts: Mapped[Document]
    made_at: Mapped[datetime]


class SummaryFile(Base):
    """The printed summary of a buyer, with and without the names of suppliers. `text` is the SHA-256 of its page.

    One that is outdated is never handed out, and the database removes it as soon as a share that it may rest on is deleted.
    """

    __tablename__ = "dashboard_pdf"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    names: Mapped[bool] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(encrypted_bytes())
    made_at: Mapped[datetime]

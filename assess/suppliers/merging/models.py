"""What is stored of entries that look the same: which of them the buyer said are not."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base


class ToldApart(Base):
    """Two entries of one buyer that are not the same business, so they are not proposed again. The smaller id stands first."""

    __tablename__ = "not_duplicate"
    __table_args__ = (CheckConstraint("one_id < other_id", name="smaller_first"),)

    one_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]

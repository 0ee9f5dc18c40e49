"""What is stored of what a business buys: its lines as they are now, and each state a line ever had.

Everything hangs on the assessment and goes with it. Nobody's name is stored beside a change.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_json, encrypted_text


class PurchaseLine(Base):
    """One line. `number` counts within the assessment and is never given again: a line that was removed keeps it and can come back.

    `good` is a key of the lists or words of the business's own, `country` two letters or nothing where it is not known, `share`
    per cent of spending. `revision` grows by one with each change.
    """

    __tablename__ = "purchase_line"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    good: Mapped[str] = mapped_column(encrypted_text())
    country: Mapped[str | None] = mapped_column(encrypted_text())
    share: Mapped[float | None] = mapped_column(encrypted_json())
    supplier: Mapped[str] = mapped_column(encrypted_text())
    removed: Mapped[bool]
    revision: Mapped[int]
    changed_at: Mapped[datetime]


class PurchaseEvent(Base):
    """What a line said from one change to the next. The database refuses to change or remove it alone."""

    __tablename__ = "purchase_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["assessment_id", "number"], ["purchase_line.assessment_id", "purchase_line.number"], ondelete="CASCADE"
        ),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    said: Mapped[Document] = mapped_column(encrypted_json())
    at: Mapped[datetime]

"""What is stored of pools. No single answer is: of each pool only whole bundles are kept."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base


class PressurePool(Base):
    """One pool of a buyer: see `pooling.Pool`. From `over_on` on it is not shown, and its bundles are emptied."""

    __tablename__ = "supplier_feedback_pool"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    made_on: Mapped[date]
    answered: Mapped[int]
    bundle: Mapped[int]
    never: Mapped[int]
    sometimes: Mapped[int]
    often: Mapped[int]
    unknown: Mapped[int]
    over_on: Mapped[date | None]


class PressurePooled(Base):
    """An answer that was counted in a pool, so that it is never counted in another. What it was is not kept."""

    __tablename__ = "supplier_feedback_source"

    pool_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier_feedback_pool.id", ondelete="CASCADE"), primary_key=True
    )
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), index=True)


class PressureRound(Base):
    """The first of the month of which a buyer's pools are."""

    __tablename__ = "supplier_feedback_round"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date]

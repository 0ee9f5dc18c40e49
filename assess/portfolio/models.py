"""What the board shows, stored: one row for each supplier of each buyer, worked out from what was shared and from the buyer's own list.

Everything of a copy goes with its share: a rule of the database empties the row when the share is deleted, and whoever reads shows
nothing of it from `shown_until` on.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.suppliers.models import Size, Status, Tier

LONGEST_TITLE = 200
"""Of a duty, as a row keeps it."""
LONGEST_SORT_NAME = 360
"""A small letter may be three where the great one was one."""
LONGEST_SEARCHED = 2000


def _small_name(context: DefaultExecutionContext) -> str:
    return str(context.get_current_parameters()["name"]).casefold()  # type: ignore[no-untyped-call]  # SQLAlchemy’s own


class Standing(Base):
    """How it stands with one supplier. `status` is as of `reckoned_at`; late and old are worked out from `due` and `good_until`.

    `band` is low, medium or high; None where nothing is shared, or a quick check is among what is.
    """

    __tablename__ = "board_row"
    __table_args__ = (
        Index("ix_board_row_buyer_id_sort_name", "buyer_id", "sort_name", "supplier_id"),
        Index("ix_board_row_buyer_id_status", "buyer_id", "status", "due", "shown_until", "good_until"),
        Index("ix_board_row_buyer_id_sector", "buyer_id", "sector", "area"),
        Index("ix_board_row_buyer_id_due", "buyer_id", "due", "supplier_id"),
        Index("ix_board_row_buyer_id_call_points", "buyer_id", "call_points", "supplier_id"),
    )

    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(String(LONGEST_SORT_NAME), default=_small_name)
    """The name in small letters: what the list is sorted by."""
    searched: Mapped[str] = mapped_column(String(LONGEST_SEARCHED), default=_small_name)
    """Names and references in small letters, one a line: what a text is looked for in."""
    sector: Mapped[str | None] = mapped_column(String(40))
    area: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[Size | None]
    spend_gbp: Mapped[int | None]
    tier: Mapped[Tier | None]
    """The highest tier of its contracts."""
    status: Mapped[Status]
    asked_on: Mapped[date | None]
    due: Mapped[date | None]
    grant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("share_grant.id", ondelete="SET NULL"), index=True)
    shown_until: Mapped[datetime | None]
    answered_on: Mapped[date | None]
    good_until: Mapped[date | None]
    """Until when its answers count."""
    band: Mapped[str | None] = mapped_column(String(20))
    quick: Mapped[bool] = mapped_column(default=False)
    """Whether a quick check is among what is shared: it shows no band."""
    open_steps: Mapped[int] = mapped_column(default=0)
    done_steps: Mapped[int] = mapped_column(default=0)
    late_steps: Mapped[int] = mapped_column(default=0)
    next_step_due: Mapped[date | None]
    call_points: Mapped[int] = mapped_column(default=0)
    call_reasons: Mapped[Any] = mapped_column(JSON(none_as_null=True), default=list)
    reckoned_at: Mapped[datetime]


class StandingBar(Base):
    """One bar of the copy that is shown: the group, and how far along, 1 to 4."""

    __tablename__ = "board_bar"
    __table_args__ = (Index("ix_board_bar_buyer_id_name", "buyer_id", "name", "step", "supplier_id"),)

    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("board_row.supplier_id", ondelete="CASCADE"), primary_key=True
    )
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    step: Mapped[int]


class StandingGood(Base):
    """One kind of goods from one country on the copy that is shown."""

    __tablename__ = "board_good"
    __table_args__ = (
        Index("ix_board_good_buyer_id_good", "buyer_id", "good", "place", "supplier_id"),
        Index("ix_board_good_buyer_id_place", "buyer_id", "place", "good", "supplier_id"),
    )

    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("board_row.supplier_id", ondelete="CASCADE"), primary_key=True
    )
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    good: Mapped[str] = mapped_column(String(120), primary_key=True)
    place: Mapped[str] = mapped_column(String(120), primary_key=True)
    word: Mapped[str] = mapped_column(String(40))


class StandingDuty(Base):
    """One duty on the copy that is shown, and whether the supplier says that it is done."""

    __tablename__ = "board_duty"
    __table_args__ = (Index("ix_board_duty_buyer_id_title", "buyer_id", "title", "done", "supplier_id"),)

    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("board_row.supplier_id", ondelete="CASCADE"), primary_key=True
    )
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    duty: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    done: Mapped[bool]

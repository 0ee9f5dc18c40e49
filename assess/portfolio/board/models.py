"""What is stored of the board beside its rows: filters somebody saved, and what was done with many suppliers at once."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.portfolio.board.filters import LONGEST_QUERY

LONGEST_FILTER_NAME = 60


class SavedFilter(Base):
    """A filter that one person saved for one buyer. `query`: as `Filter.query` writes it."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("buyer_id", "person_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_FILTER_NAME))
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY))
    made_at: Mapped[datetime]


class Kind(enum.StrEnum):
    """What can be done with many suppliers at once."""

    REMIND = "remind"
    MOVE_DUE = "move_due"
    TAKE_OFF = "take_off"
    PUT_BACK = "put_back"


class Outcome(enum.StrEnum):
    """What became of one of them."""

    WAITS = "waits"
    DONE = "done"
    NOT_NEEDED = "not_needed"
    """There was nothing to do for it."""
    UNDONE = "undone"
    LEFT = "left"
    """It was changed again since, so undoing left it as it is."""


class BulkAct(Base):
    """One thing that was done with many. `due`: the new date, if it moves one. `undo_at`: somebody asked to undo it."""

    __tablename__ = "bulk_action"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    kind: Mapped[Kind]
    due: Mapped[date | None]
    made_at: Mapped[datetime]
    undo_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When all of it was done, or undone."""


class BulkItem(Base):
    """One supplier of it. `before`: what undoing needs: dates by the id of the invitation, or the ids that were taken off the list."""

    __tablename__ = "bulk_action_item"
    __table_args__ = (Index("ix_bulk_action_item_bulk_action_id_outcome", "bulk_action_id", "outcome"),)

    bulk_action_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("bulk_action.id", ondelete="CASCADE"), primary_key=True
    )
    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.WAITS)
    before: Mapped[Document | None]

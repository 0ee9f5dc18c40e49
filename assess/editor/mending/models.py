"""What was mended at once or asked for, by whom and why, and who looked at it. Nobody is the second person of what they did themselves."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.banks.models import CONFIRM_WITHIN, ShelfState
from assess.kit.db import Base, Document
from assess.people.models import Person

LONGEST_REASON = 500
LONGEST_WHAT = 400
LONGEST_SEEN = 500


class Outcome(enum.StrEnum):
    """What the second person said."""

    RIGHT = "right"
    UNDONE = "undone"


class Mend(Base):
    """One value that was corrected without a draft. `steps` lead to it; `before` and `after` each hold it under "value".

    `shelf` is the number of the shelf it made, `editions` those it made: {"made": [[bank, number]]}.
    """

    __tablename__ = "urgent_fix"
    __table_args__ = (
        CheckConstraint("looked_by <> by_id", name="a_second_look"),
        CheckConstraint("(looked_at IS NULL) = (outcome IS NULL)", name="a_look_says_something"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    sheet: Mapped[str] = mapped_column(String(120))
    steps: Mapped[Document]
    what: Mapped[str] = mapped_column(String(LONGEST_WHAT))
    before: Mapped[Document]
    after: Mapped[Document]
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    shelf: Mapped[int] = mapped_column(ForeignKey(ShelfState.number))
    editions: Mapped[Document]
    looked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    looked_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    answer: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    """Why it was undone."""

    def overdue(self, now: datetime) -> bool:
        """Whether nobody looked at it in time."""
        return self.outcome is None and now > self.at + CONFIRM_WITHIN


class ContactDeed(enum.StrEnum):
    """What somebody asked for, or did at once."""

    CHANGE = "change"
    """Of a contact that every page shows: it waits until a second person confirms it."""
    BLANK = "blank"
    """It counts at once; the second person says afterwards that it was right."""


class Decision(enum.StrEnum):
    """What the second person said."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    """A change is not made; what was blanked is back."""


class ContactChange(Base):
    """A contact changed by two people, or blanked by one. `before` and `after` hold the fields that differ, None for an empty one.

    `seen_at`: where the new number was seen. `answer`: why the second person refused it.
    """

    __tablename__ = "contact_change"
    __table_args__ = (
        CheckConstraint("decided_by <> by_id", name="a_second_person"),
        CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="a_decision_says_something"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[ContactDeed]
    contact: Mapped[str] = mapped_column(String(60))
    called: Mapped[str] = mapped_column(String(600))
    before: Mapped[Document]
    after: Mapped[Document]
    seen_at: Mapped[str] = mapped_column(String(LONGEST_SEEN), default="")
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None]
    outcome: Mapped[Decision | None]
    answer: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")

    def overdue(self, now: datetime) -> bool:
        """Whether no second person decided in time."""
        return self.outcome is None and now > self.at + CONFIRM_WITHIN

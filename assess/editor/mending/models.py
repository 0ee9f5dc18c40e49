"""What was mended at once, by whom and why, and who looked at it. Nobody is the second to look at what they mended themselves."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.banks.models import ShelfState
from assess.kit.db import Base, Document
from assess.people.models import Person

LONGEST_REASON = 500
LONGEST_WHAT = 400
LOOK_WITHIN = timedelta(days=7)
"""How long a second look may take before everybody is reminded of it."""


class Outcome(enum.StrEnum):
    """What the second person said."""

    RIGHT = "right"
    UNDONE = "undone"


class Mend(Base):
    """One value that was corrected without a draft. `steps` lead to it; `before` and `after` each hold it under "value".

    `shelf` is the number of the shelf it made, `editions` those it made: {"made": [[bank, number]]}.
    """

    __tablename__ = "mend"
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

    def overdue(self, now: datetime) -> bool:
        """Whether nobody looked at it in time."""
        return self.outcome is None and now > self.at + LOOK_WITHIN

"""What is stored of a talk. It hangs on the share and goes with it."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.kit.encryption import encrypted_text

LONGEST_WORDS = 1000


class Side(enum.StrEnum):
    """Who speaks. Each side is one voice."""

    BUYER = "buyer"
    BUSINESS = "business"

    @property
    def other(self) -> Side:
        """Who listens."""
        return Side.BUSINESS if self is Side.BUYER else Side.BUYER


class Move(enum.StrEnum):
    """What somebody did: wrote, proposed a date for a step, or said yes or no to the date that the other side proposed."""

    COMMENT = "comment"
    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"


class Talk(Base):
    """One talk for each share. `made`: the highest number a word of it ever had; `seen`: up to which the business has read."""

    __tablename__ = "share_thread"

    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_grant.id", ondelete="CASCADE"), primary_key=True)
    made: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)


class TalkWord(Base):
    """One thing that was said. `step` is the key of a step (`steps.step_key`), None for the whole; `due` is the date it is about.

    `person_id`: who wrote it, so that they can take it back. It is never shown.
    """

    __tablename__ = "share_message"

    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_grant.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[str | None] = mapped_column(String(16))
    side: Mapped[Side]
    move: Mapped[Move]
    words: Mapped[str] = mapped_column(encrypted_text())
    due: Mapped[date | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]

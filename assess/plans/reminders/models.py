"""The tables of reminders: who asked for them, the tokens that end them, and who is left in peace."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_text

_EVENTS, _FIRST = "reminder:", "confirm"


class Reminder(Base):
    """One address that is reminded of the dates of one plan, once it was confirmed. Stopped: the address is empty.

    `told` remembers what was told: for each thing its ISO date and the smallest number of days before it.
    """

    __tablename__ = "reminder"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(encrypted_text())
    confirm_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    last_sent: Mapped[date | None]
    told: Mapped[Document] = mapped_column(default=dict)

    @property
    def runs(self) -> bool:
        """Whether mail goes out for it."""
        return self.confirmed_at is not None and self.stopped_at is None

    @property
    def events(self) -> str:
        """How the names of all its mails begin."""
        return f"{_EVENTS}{self.id.hex}:"

    @property
    def first_mail(self) -> str:
        """The name of the mail that asks."""
        return f"{self.events}{_FIRST}"


def asked_by(event: str) -> uuid.UUID | None:
    """The reminder whose first mail this event is; None for every other mail."""
    kind, _, rest = event.partition(":")
    name, _, what = rest.partition(":")
    return uuid.UUID(hex=name) if (f"{kind}:", what) == (_EVENTS, _FIRST) else None


class ReminderStop(Base):
    """A token that ends a reminder. Each mail carries its own, and all of them work for as long as the reminder is there."""

    __tablename__ = "unsubscribe_token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    reminder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reminder.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]


class QuietMailbox(Base):
    """A mailbox that pressed stop and is not asked again until then. `mark` is a keyed hash: no address can be had back from it."""

    __tablename__ = "reminder_suppression"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)

"""The table of mail that is to go out, is on its way or went."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.kit.encryption import encrypted_text

LONGEST_EVENT = 120


class Outgoing(Base):
    """One mail. Once it went, was withdrawn or given up, only `event` and the times are left: all texts are empty then.

    `event` names what it tells of, so that nothing is told twice. `stop` is the address that ends such mail, or empty.
    `about` is the assessment it hangs on and goes with. `last_error` is a class and a code, never words of a server.
    """

    __tablename__ = "outbox"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # no number ever means another mail

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(LONGEST_EVENT), unique=True)
    about: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    to_address: Mapped[str] = mapped_column(encrypted_text())
    sender_name: Mapped[str | None] = mapped_column(encrypted_text())
    """Who is named as the sender, before our own address; None: nobody."""
    reply_to: Mapped[str | None] = mapped_column(encrypted_text())
    subject: Mapped[str] = mapped_column(encrypted_text())
    body: Mapped[str] = mapped_column(encrypted_text())
    stop: Mapped[str] = mapped_column(encrypted_text())
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When it was withdrawn or given up."""
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(80))

    @property
    def waits(self) -> bool:
        """Whether it is still to be sent."""
        return self.sent_at is None and self.ended_at is None

    def blank(self) -> None:
        """Forget everything but what it was about and when."""
        self.to_address = self.subject = self.body = self.stop = ""
        self.sender_name = self.reply_to = None


class Unsubscribed(Base):
    """A mailbox that wants no more mail of one kind. `mark` is a keyed hash: no address can be had back from it."""

    __tablename__ = "email_unsubscribe"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]

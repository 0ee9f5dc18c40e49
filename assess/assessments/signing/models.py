"""What is stored of sign-offs. Everything hangs on the assessment and goes with it."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.kit.encryption import encrypted_text

LONGEST_NAME = 80
_STANDS = text("taken_back_at IS NULL")


class What(enum.StrEnum):
    """What an entry of the history tells."""

    ASKED = "asked"
    OPENED = "opened"
    SIGNED = "signed"
    SENT_BACK = "sent_back"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"


class SignRequest(Base):
    """A link that lets somebody senior read one submission and sign it off. `note` is the business's own reminder of whom it is for."""

    __tablename__ = "sign_off_request"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(encrypted_text())
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SignOff(Base):
    """Somebody signed off one submission. `digest` is that of the record they read; of each submission one counts.

    `on_paper`: they agreed that name and job stand on the business's own copy.
    """

    __tablename__ = "sign_off"
    __table_args__ = (
        Index(
            "uq_sign_off_submission_id",
            "submission_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(encrypted_text())
    job: Mapped[str] = mapped_column(encrypted_text())
    on_paper: Mapped[bool]
    signed_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class SignEvent(Base):
    """One thing that happened. `words` are the changes asked for; `number` is the submission's."""

    __tablename__ = "sign_off_event"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # SQLAlchemy reads it from the class

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    what: Mapped[What]
    words: Mapped[str] = mapped_column(encrypted_text(), default="")
    at: Mapped[datetime]

"""Published editions, the files they are made from, and what happened to them.

An edition and a shelf are frozen by the database itself, not by good manners: migrations hold the triggers.
"""

from __future__ import annotations

import enum
import uuid
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.people.models import Person

LONGEST_NOTE = 1000
CONFIRM_WITHIN = timedelta(days=7)
"""How long a second person may take to confirm what one did at once, before everybody is reminded of it."""


class Stage(enum.StrEnum):
    """Where an edition is in its life. What comes before, a draft, has a table of its own."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """No new assessment may start with it; those that did keep it."""


class Edition(Base):
    """One text of one bank, with a number. Only `stage` may ever change.

    `source` holds the files it was made from, as written, by name; `compiled` is what the engine reads, `digest` its SHA-256.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("bank", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("stage IN ('published', 'withdrawn')", name="known_stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bank: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    stage: Mapped[Stage]
    source: Mapped[Document]
    compiled: Mapped[Document]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    published_at: Mapped[datetime]


class EditionEvent(Base):
    """One step in the life of an edition. Rows are only ever added."""

    __tablename__ = "edition_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    stage: Mapped[Stage]
    at: Mapped[datetime]


class EditionByline(Base):
    """Who took a step in the life of an edition, and why; of its publishing also who wrote it. There is none where no person did it.

    Only that somebody has left may change it.
    """

    __tablename__ = "edition_attribution"

    event_id: Mapped[int] = mapped_column(ForeignKey(EditionEvent.id), primary_key=True, autoincrement=False)
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    why: Mapped[str] = mapped_column(String(LONGEST_NOTE))


class Withdrawal(Base):
    """An edition was withdrawn by one person; within a week a second one confirms it. It counts from the first moment either way.

    `settled_at`: since when no file in use can bring back what was withdrawn: a draft that kept it or left it out was published, or
    the edition was put back.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (CheckConstraint("confirmed_by <> by_id", name="a_second_person"),)

    event_id: Mapped[int] = mapped_column(ForeignKey(EditionEvent.id), primary_key=True, autoincrement=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id), index=True)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    confirmed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    def overdue(self, now: datetime) -> bool:
        """Whether nobody confirmed it in time."""
        return self.confirmed_at is None and now > self.at + CONFIRM_WITHIN


class ShelfReason(enum.StrEnum):
    """Why there is another state of the files."""

    RELEASE = "release"
    """The files beside the code were others than at the last start."""
    PUBLISHED = "published"
    """A draft was published."""
    MENDED = "mended"
    """One coordinator corrected a number or a link at once."""
    UNDONE = "undone"
    """What was mended was taken back."""
    CONFIRMED = "confirmed"
    """Two people changed a contact that every page shows."""
    BLANKED = "blanked"
    """One person took a contact away: the helpline and the emergency number stand in its place."""


class SheetText(Base):
    """The bytes of one file, kept once whatever shelves it stands on."""

    __tablename__ = "content_blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ShelfState(Base):
    """All files of the banks as they stood from one moment on. The one with the highest number is in force.

    `sheets` is the digest of each file by its name, `digest` that of them all.
    """

    __tablename__ = "content_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    sheets: Mapped[Document]
    reason: Mapped[ShelfReason]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]


class ReleaseSheet(Base):
    """Which text of a file the release brought at the last start: so it is known whether somebody here changed it since."""

    __tablename__ = "bundled_file"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))

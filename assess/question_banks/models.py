"""Tables: published editions and their events, versions of the content files, and drafts with their files and events. Database triggers freeze editions and versions."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.core.db import Base, IntegerKey, JsonDict, UuidKey
from assess.identity.models import Person

LONGEST_NOTE = 1000
CONFIRM_WITHIN = timedelta(days=7)
"""How long a second person may take to confirm what one did at once, before everybody is reminded of it."""


class EditionStage(enum.StrEnum):
    """Where an edition is in its life. What comes before, a draft, has a table of its own."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """No new assessment may start with it; those that did keep it."""


class EditionRow(IntegerKey, Base):
    """One text of one bank, with a number. Only `stage` may ever change.

    `source` holds the files it was made from, as written, by name; `compiled` is what the engine reads, `digest` its SHA-256.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("bank", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("stage IN ('published', 'withdrawn')", name="known_stage"),
    )

    bank: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    stage: Mapped[EditionStage]
    source: Mapped[JsonDict]
    compiled: Mapped[JsonDict]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    published_at: Mapped[datetime]


class EditionEvent(IntegerKey, Base):
    """One step in the life of an edition. Rows are only ever added."""

    __tablename__ = "edition_event"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    stage: Mapped[EditionStage]
    at: Mapped[datetime]


class EditionAttribution(Base):
    """There is none where no person did it. Of a publishing also who wrote it. Changes only when a person has left."""

    __tablename__ = "edition_attribution"

    event_id: Mapped[int] = mapped_column(ForeignKey(EditionEvent.id), primary_key=True, autoincrement=False)
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    why: Mapped[str] = mapped_column(String(LONGEST_NOTE))


class Withdrawal(Base):
    """An edition was withdrawn by one person; within a week a second one confirms it. It counts from the first moment either way.

    `settled_at`: since when no file in force can bring back what was withdrawn: a draft that kept it or left it out was published, or
    the edition was put back.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (CheckConstraint("confirmed_by <> by_id", name="a_second_person"),)

    event_id: Mapped[int] = mapped_column(ForeignKey(EditionEvent.id), primary_key=True, autoincrement=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey(EditionRow.id), index=True)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    confirmed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    def overdue(self, now: datetime) -> bool:
        return self.confirmed_at is None and now > self.at + CONFIRM_WITHIN


class ContentVersionReason(enum.StrEnum):
    RELEASE = "release"
    """The files beside the code were others than at the last start."""
    PUBLISHED = "published"
    MENDED = "mended"
    """One coordinator corrected a number or a link at once."""
    UNDONE = "undone"
    CONFIRMED = "confirmed"
    """Two people changed a contact that every page shows."""
    BLANKED = "blanked"
    """One person took a contact away: the helpline and the emergency number stand in its place."""


class ContentBlob(Base):
    """The bytes of one file, kept once however many content versions have it."""

    __tablename__ = "content_blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ContentVersion(Base):
    """The highest number is in force. `sheets`: the digest of each file by its name; `digest`: that of them all."""

    __tablename__ = "content_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    sheets: Mapped[JsonDict]
    reason: Mapped[ContentVersionReason]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]


class BundledFile(Base):
    """Which text of a file the release brought at the last start: so it is known whether it was changed here since."""

    __tablename__ = "bundled_file"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


LONGEST_DRAFT_TITLE = 120
LONGEST_COMMENT = 1000


class DraftStage(enum.StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    GIVEN_UP = "given_up"

    @property
    def open(self) -> bool:
        return self in {DraftStage.DRAFT, DraftStage.IN_REVIEW}


class Draft(UuidKey, Base):
    """Changes that belong together. `became` is the content version that it made."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("publisher_id IS NULL OR publisher_id <> author_id", name="four_eyes"),
        CheckConstraint("(stage = 'published') = (became IS NOT NULL)", name="version_when_published"),
    )

    title: Mapped[str] = mapped_column(String(LONGEST_DRAFT_TITLE))
    stage: Mapped[DraftStage] = mapped_column(default=DraftStage.DRAFT)
    became: Mapped[int | None] = mapped_column(ForeignKey(ContentVersion.number))
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    publisher_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class DraftFile(Base):
    """In one open draft at most. `base`: digest of the text it began with, None for none; `content` None: taken off."""

    __tablename__ = "draft_file"
    __table_args__ = (Index("uq_draft_file_name", "name", unique=True),)

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    base: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)


class DraftEventKind(enum.StrEnum):
    BEGUN = "begun"
    EDITED = "edited"
    MENDED = "mended"
    """A number or a link was corrected in force, and so in the draft: nobody edited the draft by that."""
    REHEARSED = "rehearsed"
    """A person had past submissions counted: everybody sees who asks them how often."""
    ASKED = "asked"
    """For a review."""
    READ = "read"
    """The second person read texts that touch a sign, and wrote why words in them may stand: `details` say which texts."""
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    GIVEN_UP = "given_up"


class DraftEvent(Base):
    """One step in the life of a draft. Rows are only ever added. `details` hold names of files and digests, never answers."""

    __tablename__ = "draft_event"

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deed: Mapped[DraftEventKind]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(String(LONGEST_COMMENT), default="")
    details: Mapped[JsonDict]
    at: Mapped[datetime]

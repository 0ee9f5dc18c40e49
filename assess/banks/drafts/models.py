"""A draft, the files it changes, and what happened to it. Who publishes is none of those who edited: the database refuses it."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.banks.models import ShelfState
from assess.kit.db import Base, Document
from assess.people.models import Person

LONGEST_TITLE = 120
LONGEST_WORDS = 1000


class DraftStage(enum.StrEnum):
    """Where a draft is in its life (decisions.md 1)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    GIVEN_UP = "given_up"

    @property
    def open(self) -> bool:
        """Whether it may still be published."""
        return self in {DraftStage.DRAFT, DraftStage.IN_REVIEW}


class Draft(Base):
    """Changes that belong together. `began_with` is the shelf whose files it changes, `became` the one it made."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("publisher_id IS NULL OR publisher_id <> author_id", name="four_eyes"),
        CheckConstraint("(stage = 'published') = (became IS NOT NULL)", name="a_shelf_when_published"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    stage: Mapped[DraftStage] = mapped_column(default=DraftStage.DRAFT)
    began_with: Mapped[int] = mapped_column(ForeignKey(ShelfState.number))
    became: Mapped[int | None] = mapped_column(ForeignKey(ShelfState.number))
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    publisher_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class DraftSheet(Base):
    """One file as an open draft has it. A file is in one open draft at most; `base` is the digest of the text it began with.

    `content` None takes the file off, `base` None says that there was none.
    """

    __tablename__ = "draft_file"
    __table_args__ = (Index("uq_draft_file_name", "name", unique=True),)

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    base: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)


class DraftDeed(enum.StrEnum):
    """What somebody did to a draft."""

    BEGUN = "begun"
    EDITED = "edited"
    MENDED = "mended"
    """A number or a link was corrected in force, and so in the draft: nobody edited the draft by that."""
    REHEARSED = "rehearsed"
    """Somebody had past submissions counted: everybody sees who asks them how often."""
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
    deed: Mapped[DraftDeed]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    details: Mapped[Document]
    at: Mapped[datetime]

"""Tables: urgent fixes, changes of contacts by two people, and dry runs of a draft on past submissions (counts only)."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.core.db import Base, JsonDict, UuidKey
from assess.identity.models import Person
from assess.question_banks.models import CONFIRM_WITHIN, ContentVersion, Draft

LONGEST_FIX_REASON = 500
LONGEST_FIX_SUMMARY = 400
LONGEST_SEEN_AT = 500


class FixOutcome(enum.StrEnum):
    RIGHT = "right"
    UNDONE = "undone"


class UrgentFix(UuidKey, Base):
    """One value that was corrected without a draft. `steps` lead to it; `before` and `after` each hold it under "value".

    `shelf` is the number of the content version it made, `editions` those it made: {"made": [[bank, number]]}.
    """

    __tablename__ = "urgent_fix"
    __table_args__ = (
        CheckConstraint("looked_by <> by_id", name="a_second_look"),
        CheckConstraint("(looked_at IS NULL) = (outcome IS NULL)", name="a_look_says_something"),
    )

    sheet: Mapped[str] = mapped_column(String(120))
    steps: Mapped[JsonDict]
    what: Mapped[str] = mapped_column(String(LONGEST_FIX_SUMMARY))
    before: Mapped[JsonDict]
    after: Mapped[JsonDict]
    reason: Mapped[str] = mapped_column(String(LONGEST_FIX_REASON))
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    shelf: Mapped[int] = mapped_column(ForeignKey(ContentVersion.number))
    editions: Mapped[JsonDict]
    looked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    looked_at: Mapped[datetime | None]
    outcome: Mapped[FixOutcome | None]
    answer: Mapped[str | None] = mapped_column(String(LONGEST_FIX_REASON))
    """Why it was undone."""

    def overdue(self, now: datetime) -> bool:
        return self.outcome is None and now > self.at + CONFIRM_WITHIN


class ContactChangeKind(enum.StrEnum):
    CHANGE = "change"
    """Of a contact that every page shows: it waits until a second person confirms it."""
    BLANK = "blank"
    """It counts at once; the second person says afterwards that it was right."""


class ContactDecision(enum.StrEnum):
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    """A change is not made; what was blanked is back."""


class ContactChange(UuidKey, Base):
    """A contact changed by two people, or blanked by one. `before` and `after` hold the fields that differ, None for an empty one.

    `seen_at`: where the new number was seen. `answer`: why the second person refused it.
    """

    __tablename__ = "contact_change"
    __table_args__ = (
        CheckConstraint("decided_by <> by_id", name="a_second_person"),
        CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="a_decision_says_something"),
    )

    kind: Mapped[ContactChangeKind]
    contact: Mapped[str] = mapped_column(String(60))
    called: Mapped[str] = mapped_column(String(600))
    before: Mapped[JsonDict]
    after: Mapped[JsonDict]
    seen_at: Mapped[str] = mapped_column(String(LONGEST_SEEN_AT), default="")
    reason: Mapped[str] = mapped_column(String(LONGEST_FIX_REASON))
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None]
    outcome: Mapped[ContactDecision | None]
    answer: Mapped[str] = mapped_column(String(LONGEST_FIX_REASON), default="")

    def overdue(self, now: datetime) -> bool:
        return self.outcome is None and now > self.at + CONFIRM_WITHIN


_DIGEST = String(64)


class DryRun(UuidKey, Base):
    """One bank of a draft tried on past submissions. No row tells of one business: `counts` are those of a `DryRunCounts`.

    `before` and `after` are the digests of both editions, `settings` that of the settings they were scored with. It counts `total`
    submissions, those up to the one with the id `until`; so far `counted` of them, up to `done_until`. `ended_at` None: it is under way.
    """

    __tablename__ = "dry_run"
    __table_args__ = (Index("ix_dry_run_draft_id_bank", "draft_id", "bank"),)

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Draft.id, ondelete="CASCADE"))
    bank: Mapped[str] = mapped_column(String(60))
    before: Mapped[str] = mapped_column(_DIGEST)
    after: Mapped[str] = mapped_column(_DIGEST)
    settings: Mapped[str] = mapped_column(_DIGEST)
    until: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    done_until: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    counts: Mapped[JsonDict]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

"""Tables of plans: check codes, the action tracker, reminders and calendar feeds."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from assess.core.db import Base, IntegerKey, JsonDict, UuidKey
from assess.core.encryption import encrypted_json, encrypted_text


class VerificationSecret(Base):
    """The secret every code is made with: one row, made with its table and never changed.

    It lives here and does not come from the settings: codes stand on paper for years, and the settings' key is changed.
    """

    __tablename__ = "verification_secret"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)


class CheckCode(Base):
    """Goes with its submission. Several may share one: two buyer's copies with the same words have the same code."""

    __tablename__ = "check_code"

    code: Mapped[str] = mapped_column(String(9), primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    copy: Mapped[str] = mapped_column(String(20), primary_key=True)


_IS_CHANGE = text("what <> 'offered'")


class TrackerEventKind(enum.StrEnum):
    CHANGED = "changed"
    CARRIED = "carried"
    """Taken over from the plan before, because its action is still the same."""
    RESTORE = "put_back"
    ACCEPTED_ALL = "together"
    """Answered in one go with all that had no answer."""
    REJECTED = "offered"
    """Typed while another person changed the same, so it was not put in: kept to be looked at."""


class TrackedAction(Base):
    """One action or duty that the business touched. `revision` grows by one with each change; dates are ISO days."""

    __tablename__ = "tracked_action"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    response: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")
    reason_text: Mapped[str] = mapped_column(encrypted_text(), default="")
    owner: Mapped[str] = mapped_column(encrypted_text(), default="")
    due: Mapped[str | None] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20), default="open")
    done_on: Mapped[str | None] = mapped_column(String(10))
    notes_made: Mapped[int] = mapped_column(default=0)
    """The highest number a note of it ever had, so that no number is used again for another one."""
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]


class TrackedActionEvidence(Base):
    """A note that a proof exists, of one item; `number` counts within it. Never the proof itself."""

    __tablename__ = "tracked_action_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "key"], ["tracked_action.submission_id", "tracked_action.key"], ondelete="CASCADE"
        ),
    )

    submission_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(encrypted_text())
    kind: Mapped[str] = mapped_column(String(40))
    dated: Mapped[str | None] = mapped_column(String(10))
    good_until: Mapped[str | None] = mapped_column(String(10))
    grade: Mapped[str] = mapped_column(String(20))


class TrackedActionEvent(IntegerKey, Base):
    """One thing that happened to one item, kept as it happened. The database refuses to change or remove it alone.

    `before` and `after` are states as `services.change_to_json` writes them; `revision` is the item's after it.
    """

    __tablename__ = "tracked_action_event"
    __table_args__ = (
        Index("ix_tracked_action_event_submission_id", "submission_id", "key"),
        Index(
            "uq_tracked_action_event_submission_id",
            "submission_id",
            "key",
            "revision",
            unique=True,
            sqlite_where=_IS_CHANGE,
            postgresql_where=_IS_CHANGE,
        ),
        {"sqlite_autoincrement": True},  # an address that names an entry never comes to mean another
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    key: Mapped[str]
    revision: Mapped[int]
    what: Mapped[TrackerEventKind]
    before: Mapped[JsonDict] = mapped_column(encrypted_json())
    after: Mapped[JsonDict] = mapped_column(encrypted_json())
    at: Mapped[datetime]


_REMINDER_EVENT_PREFIX, _CONFIRM_EVENT = "reminder:", "confirm"


class Reminder(UuidKey, Base):
    """One address that is reminded of the dates of one plan, once it was confirmed. Stopped: the address is empty.

    `told` remembers what was told: for each thing its ISO date and the smallest number of days before it.
    """

    __tablename__ = "reminder"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(encrypted_text())
    confirm_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    last_sent: Mapped[date | None]
    told: Mapped[JsonDict] = mapped_column(default=dict)

    @property
    def runs(self) -> bool:
        return self.confirmed_at is not None and self.stopped_at is None

    @property
    def events(self) -> str:
        """How the names of all its mails begin."""
        return f"{_REMINDER_EVENT_PREFIX}{self.id.hex}:"

    @property
    def first_mail(self) -> str:
        return f"{self.events}{_CONFIRM_EVENT}"


def reminder_id_of_confirm_mail(event: str) -> uuid.UUID | None:
    """The reminder whose first mail this event is; None for every other mail."""
    kind, _, rest = event.partition(":")
    name, _, what = rest.partition(":")
    return uuid.UUID(hex=name) if (f"{kind}:", what) == (_REMINDER_EVENT_PREFIX, _CONFIRM_EVENT) else None


class UnsubscribeToken(Base):
    """A token that ends a reminder. Each mail carries its own, and all of them work for as long as the reminder is there."""

    __tablename__ = "unsubscribe_token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    reminder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reminder.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]


class ReminderSuppression(Base):
    """A mailbox that pressed stop and is not asked again until then. `mark` is a keyed hash: no address can be had back from it."""

    __tablename__ = "reminder_suppression"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


class CalendarFeed(UuidKey, Base):
    """An address calendars fetch. All who know it read the calendar, so it can be ended. Who fetched it is not kept."""

    __tablename__ = "calendar_feed"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]

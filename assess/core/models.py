"""Tables of the core: audit events, jobs, the outbox of emails, printed PDFs."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assess.core.db import Base, IntegerKey, JsonDict, UuidKey
from assess.core.encryption import encrypted_bytes, encrypted_text

MAX_EVENT_LENGTH = 120


class OutgoingMail(IntegerKey, Base):
    """One mail. Once it went, was withdrawn or given up, only `event` and the times are left: all texts are empty then.

    `event` names what it tells of, so that nothing is told twice. `stop` is the address that ends such mail, or empty.
    `about` is the assessment it hangs on and goes with. `last_error` is a class and a code, never words of a server.
    """

    __tablename__ = "outbox"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # no number ever means another mail

    event: Mapped[str] = mapped_column(String(MAX_EVENT_LENGTH), unique=True)
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
        return self.sent_at is None and self.ended_at is None

    def blank(self) -> None:
        """Forget everything but what it was about and when."""
        self.to_address = self.subject = self.body = self.stop = ""
        self.sender_name = self.reply_to = None


class EmailUnsubscribe(Base):
    """A mailbox that wants no more mail of one kind. `mark` is a keyed hash: no address can be had back from it."""

    __tablename__ = "email_unsubscribe"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


ACTIVE_STATES_SQL = text("state IN ('waiting', 'running')")
"""As in the index of the keys, without parameters: PostgreSQL finds the index of a prepared statement only so."""


class JobState(enum.StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "set_aside"
    """It failed as often as it may. A person decides what becomes of it."""


ACTIVE_STATES = (JobState.WAITING, JobState.RUNNING)


class Job(IntegerKey, Base):
    """One piece of work. `arguments` are ids, never what people wrote; `error` is a class and `place` code, without values.

    `about` is the assessment it belongs to and goes with, if it does. Of what is due, the lowest `rank` comes first.

    While it runs, `owner` and `attempts` together tell whose it is: a worker that holds an older pair may write nothing any more.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'set_aside')", name="known_state"),
        Index("ix_job_state_due_at", "state", "due_at"),
        Index("ix_job_key", "key"),
        Index(
            "uq_job_live_key", "key", unique=True, sqlite_where=ACTIVE_STATES_SQL, postgresql_where=ACTIVE_STATES_SQL
        ),
        {"sqlite_autoincrement": True},
    )

    name: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[JsonDict]
    key: Mapped[str | None] = mapped_column(String(120))
    about: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int] = mapped_column(default=0)
    state: Mapped[JobState]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(100))
    place: Mapped[str | None] = mapped_column(String(300))
    made_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ScheduleState(Base):
    """When something last happened: the time a periodic job was last due, or the last sign of life of any worker."""

    __tablename__ = "schedule_state"

    what: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime]


class ActorKind(enum.StrEnum):
    VISIT = "visit"
    """A browser nobody is signed in in. `who` is a keyed hash of its cookie; None when it held nothing yet."""
    PERSON = "person"
    """A person who is signed in. `who` is the id of the person, and leads nowhere once the account is deleted."""
    JOB = "job"
    """Background work; `who` is its name."""
    COMMAND = "command"
    """The command line; `who` is the name of the command."""


class AuditEvent(Base):
    """One change. Triggers refuse every later UPDATE and DELETE, and a number that is not the next one.

    `hash` closes the row and `previous_hash` with it (`AuditKeys.seal`). No column points to another table by a rule of the database:
    the log outlives what it speaks of.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(
            "ix_audit_event_organisation_id",
            "organisation_id",
            sqlite_where=text("organisation_id IS NOT NULL"),
            postgresql_where=text("organisation_id IS NOT NULL"),
        ),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(60))
    """What the page does and what became of it: "share.manage: ended"."""
    who_kind: Mapped[ActorKind]
    who: Mapped[str | None] = mapped_column(String(40))
    about_kind: Mapped[str | None] = mapped_column(String(30))
    about_id: Mapped[uuid.UUID | None]
    assessment_alias: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """Which assessment, by `AuditSubject`. None once it is gone: then `about_id` says which one went."""
    organisation_id: Mapped[uuid.UUID | None]
    details: Mapped[JsonDict]
    key_name: Mapped[str] = mapped_column(String(16))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditSubject(Base):
    """Under which number the log speaks of an assessment. It goes with the assessment: its events then speak of nobody."""

    __tablename__ = "audit_subject"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)


DOCUMENT_OWNERS = ("submission_id", "grant_id", "organisation_id", "template")
"""The columns that say whose a document is: of each row exactly one is set."""


class StoredPdf(UuidKey, Base):
    """One printed document. It goes with its owner.

    Triggers remove those that list what is deleted: the index of an organisation's plans as soon as one of its assessments is deleted or
    moved away, and a buyer's summary as soon as a share that it may rest on is deleted.
    """

    __tablename__ = "stored_pdf"
    __table_args__ = (
        CheckConstraint(
            " + ".join(f"CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END" for owner in DOCUMENT_OWNERS) + " = 1",
            name="one_owner",
        ),
        UniqueConstraint("submission_id", "kind", "key"),
        UniqueConstraint("grant_id"),
        UniqueConstraint("organisation_id", "kind"),
        UniqueConstraint("template"),
    )

    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    grant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("share_grant.id", ondelete="CASCADE"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    template: Mapped[str | None] = mapped_column(String(60))
    """The id of a document template. Templates are files, the same for every business."""
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    """A digest of what it shows: one that is outdated is never handed out."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    content: Mapped[bytes] = mapped_column(encrypted_bytes())
    made_at: Mapped[datetime]

"""What a business tells and what becomes of it: the workspace, its answers, the frozen submissions, links and visits.

Nobody's name is stored beside an answer: who typed it stays with the business. Everything hangs on the assessment, so that
deleting that one row deletes all of it.
"""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_json, encrypted_text

NEVER_AGAIN = {"sqlite_autoincrement": True}
"""SQLite would give the number of a deleted row to the next one, and whoever still holds it would open another business's plan."""


class Part(enum.StrEnum):
    """Which part of the form an entry belongs to. All parts are stored, told apart and kept up in the same way."""

    ANSWER = "answer"
    """A question of the bank, by its id."""
    FACT = "fact"
    """A fact the duties need, by its id."""
    GATE = "gate"
    """One of the two gates of the facts form: `foreign` or `large`, true or false."""
    ORGANISATION = "organisation"
    """`name`, `area`, `postcode` or `company_number`."""
    EVIDENCE = "evidence"
    """A question, by its id: proof of the answer is at hand (always true; absent means not noted)."""


def _of_assessment(**more: Any) -> Mapped[uuid.UUID]:  # noqa: ANN401  # column options
    return mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), **more)


class Assessment(Base):
    """A business answering one edition for one site: a workspace, not a record.

    `version` counts submissions, the one being prepared included. `submitted_at` is None while it can be changed.
    `organisation_id` is None until somebody claims it for an organisation: then whoever holds a link holds it.
    """

    __tablename__ = "assessment"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    quick: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    submitted_at: Mapped[datetime | None]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id", ondelete="SET NULL"), index=True)

    @property
    def submitted(self) -> bool:
        """Whether it is closed until somebody asks to correct it."""
        return self.submitted_at is not None


class Answer(Base):
    """What is said now. `revision` grows with each change, for ever: it never starts again after an answer was removed."""

    __tablename__ = "answer"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # all answers of an assessment lie together and are read as one

    assessment_id: Mapped[uuid.UUID] = _of_assessment(primary_key=True)
    part: Mapped[Part] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(encrypted_json(), nullable=False)
    revision: Mapped[int]
    changed_at: Mapped[datetime]


class AnswerEvent(Base):
    """One change of one answer, kept as it happened. The database refuses to change or remove it alone."""

    __tablename__ = "answer_event"
    __table_args__ = (UniqueConstraint("assessment_id", "part", "question", "revision"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = _of_assessment()
    part: Mapped[Part]
    question: Mapped[str]
    revision: Mapped[int]
    before: Mapped[Any] = mapped_column(encrypted_json(), nullable=True)
    after: Mapped[Any] = mapped_column(encrypted_json(), nullable=True)
    at: Mapped[datetime]


class Submission(Base):
    """What was said and what it meant, frozen. Every page and PDF of it is drawn from `record` alone.

    `digest` is the SHA-256 of the canonical record, or the root of its `seal` where free text stands in it. The other columns repeat
    what lists are sorted by.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("assessment_id", "number"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = _of_assessment()
    number: Mapped[int]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    engine: Mapped[int]
    record: Mapped[Document] = mapped_column(encrypted_json())
    digest: Mapped[str] = mapped_column(String(64))
    sector: Mapped[str] = mapped_column(index=True)
    score: Mapped[float] = mapped_column(index=True)
    band: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime]
    seal: Mapped[SubmissionSeal | None] = relationship(
        cascade="save-update, merge", passive_deletes="all", lazy="selectin"
    )


class SubmissionSeal(Base):
    """Salts and hashes that prove a record with free text in it, as `sealing.Seal` writes them."""

    __tablename__ = "submission_seal"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    data: Mapped[Document] = mapped_column(encrypted_json())


class Redaction(Base):
    """One time that words were taken out. While `finished_at` is None the database lets texts of this assessment become the mark.

    It tells when and how many places, never what stood there.
    """

    __tablename__ = "redaction"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = _of_assessment(index=True)
    began_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    places: Mapped[int] = mapped_column(default=0)


class JudgedText(Base):
    """What a free text of an assessment seems to hold of a worker. `mark`: a keyed digest of the text; `kinds`: with commas between."""

    __tablename__ = "personal_data_finding"

    assessment_id: Mapped[uuid.UUID] = _of_assessment(primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    kinds: Mapped[str] = mapped_column(String(120))


class ResumeLink(Base):
    """A way back into an assessment. Whoever holds it holds the assessment, so it can have a PIN and can be ended.

    `made_by`: who was signed in when it was made. Of what belongs to an organisation the database deletes it, with every visit
    through it, once they neither manage there nor answer.
    """

    __tablename__ = "resume_link"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = _of_assessment(index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    pin_hash: Mapped[str | None]
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]


class BuyerLink(Base):
    """A look at one submission as it was when it was shared. `note` is the business's own reminder of whom it is for."""

    __tablename__ = "buyer_link"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assessment_id: Mapped[uuid.UUID] = _of_assessment(index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    note: Mapped[str] = mapped_column(encrypted_text(), default="")
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]


_MAY_OPEN = ("assessment_id", "buyer_link_id", "delegation_id", "sign_off_request_id", "invitation_id")


class Visit(Base):
    """What one browser may open, and until when. One row for each thing it may open, all with the hash of the same cookie."""

    __tablename__ = "guest_session"
    __table_args__ = (
        CheckConstraint(
            " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in _MAY_OPEN) + " = 1",
            name="opens_one_thing",
        ),
        Index("ix_guest_session_token_hash", "token_hash"),
        NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    assessment_id: Mapped[uuid.UUID | None] = _of_assessment(index=True)
    resume_link_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("resume_link.id", ondelete="CASCADE"), index=True
    )
    buyer_link_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("buyer_link.id", ondelete="CASCADE"), index=True)
    delegation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"), index=True)
    sign_off_request_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("sign_off_request.id", ondelete="CASCADE"), index=True
    )
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("supplier_invitation.id", ondelete="CASCADE"), index=True
    )
    outbox_event: Mapped[str | None] = mapped_column(String(120))
    """Beside an invitation: the letter whose link was opened, by its name in the outbox; None: a link that the buyer made itself."""
    opened_at: Mapped[datetime]
    used_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)

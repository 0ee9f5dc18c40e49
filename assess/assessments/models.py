"""All tables of assessments: answers and their history, frozen submissions, links, guest sessions, purchases, comments, delegation, sign-off. Deleting the assessment row deletes everything."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.core.db import Base, IntegerKey, JsonDict, UuidKey
from assess.core.encryption import encrypted_json, encrypted_text

NO_ID_REUSE = {"sqlite_autoincrement": True}
"""SQLite would give the number of a deleted row to the next one, and a browser that still holds it would open another business's plan."""


class FormPart(enum.StrEnum):
    ANSWER = "answer"
    FACT = "fact"
    GATE = "gate"
    """One of the two gates of the facts form: `foreign` or `large`, true or false."""
    ORGANISATION = "organisation"
    """`name`, `area`, `postcode` or `company_number`."""
    EVIDENCE = "evidence"
    """A question, by its id: proof of the answer is at hand (always true; absent means not noted)."""


def _assessment_key(**more: Any) -> Mapped[uuid.UUID]:  # noqa: ANN401  # column options
    return mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), **more)


class Assessment(UuidKey, Base):
    """A business answering one edition for one site: what changes until it is submitted, not a record.

    `version` counts submissions, the one being prepared included. `submitted_at` is None while it can be changed.
    `organisation_id` is None until a person claims it for an organisation: until then it is of those who hold a link.
    """

    __tablename__ = "assessment"

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
        return self.submitted_at is not None


class Answer(Base):
    """What is said now. `revision` grows with each change, for ever: it never starts again after an answer was removed."""

    __tablename__ = "answer"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # all answers of an assessment lie together and are read as one

    assessment_id: Mapped[uuid.UUID] = _assessment_key(primary_key=True)
    part: Mapped[FormPart] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(encrypted_json(), nullable=False)
    revision: Mapped[int]
    changed_at: Mapped[datetime]


class AnswerEvent(IntegerKey, Base):
    """One change of one answer, kept as it happened. The database refuses to change or remove it alone."""

    __tablename__ = "answer_event"
    __table_args__ = (UniqueConstraint("assessment_id", "part", "question", "revision"), NO_ID_REUSE)

    assessment_id: Mapped[uuid.UUID] = _assessment_key()
    part: Mapped[FormPart]
    question: Mapped[str]
    revision: Mapped[int]
    before: Mapped[Any] = mapped_column(encrypted_json(), nullable=True)
    after: Mapped[Any] = mapped_column(encrypted_json(), nullable=True)
    at: Mapped[datetime]


class SubmissionSeal(Base):
    __tablename__ = "submission_seal"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    data: Mapped[JsonDict] = mapped_column(encrypted_json())


class Submission(IntegerKey, Base):
    """What was said and what it meant, frozen. Every page and PDF of it is drawn from `record` alone.

    `digest` is the SHA-256 of the canonical record, or the root of its `seal` where free text stands in it. The other columns repeat
    what lists are sorted by.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("assessment_id", "number"), NO_ID_REUSE)

    assessment_id: Mapped[uuid.UUID] = _assessment_key()
    number: Mapped[int]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    engine: Mapped[int]
    record: Mapped[JsonDict] = mapped_column(encrypted_json())
    digest: Mapped[str] = mapped_column(String(64))
    sector: Mapped[str] = mapped_column(index=True)
    score: Mapped[float] = mapped_column(index=True)
    band: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime]
    seal: Mapped[SubmissionSeal | None] = relationship(
        cascade="save-update, merge", passive_deletes="all", lazy="selectin"
    )


class Redaction(UuidKey, Base):
    """One time that words were taken out. While `finished_at` is None the database lets texts of this assessment become the mark.

    It tells when and how many places, never what stood there.
    """

    __tablename__ = "redaction"

    assessment_id: Mapped[uuid.UUID] = _assessment_key(index=True)
    began_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    places: Mapped[int] = mapped_column(default=0)


class PersonalDataFinding(Base):
    """What a free text of an assessment seems to hold of a worker. `mark`: a keyed digest of the text; `kinds`: with commas between."""

    __tablename__ = "personal_data_finding"

    assessment_id: Mapped[uuid.UUID] = _assessment_key(primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    kinds: Mapped[str] = mapped_column(String(120))


class ResumeLink(UuidKey, Base):
    """A way back into an assessment. Anyone who holds it holds the assessment, so it can have a PIN and can be ended.

    `made_by`: who was signed in when it was made. Of what belongs to an organisation the database deletes it, with every guest session
    through it, once they neither manage there nor answer.
    """

    __tablename__ = "resume_link"

    assessment_id: Mapped[uuid.UUID] = _assessment_key(index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    pin_hash: Mapped[str | None]
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]


class BuyerLink(UuidKey, Base):
    """Shows one submission as it was when it was shared. `note` is the business's own reminder of whom it is for."""

    __tablename__ = "buyer_link"

    assessment_id: Mapped[uuid.UUID] = _assessment_key(index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    note: Mapped[str] = mapped_column(encrypted_text(), default="")
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]


_OPENED_COLUMNS = ("assessment_id", "buyer_link_id", "delegation_id", "sign_off_request_id", "invitation_id")


class GuestSession(IntegerKey, Base):
    """What one browser may open, and until when. One row for each thing it may open, all with the hash of the same cookie."""

    __tablename__ = "guest_session"
    __table_args__ = (
        CheckConstraint(
            " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in _OPENED_COLUMNS) + " = 1",
            name="opens_one_thing",
        ),
        Index("ix_guest_session_token_hash", "token_hash"),
        NO_ID_REUSE,
    )

    token_hash: Mapped[str] = mapped_column(String(64))
    assessment_id: Mapped[uuid.UUID | None] = _assessment_key(index=True)
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
    """Beside an invitation: the email whose link was opened, by its name in the outbox; None: a link that the buyer made itself."""
    opened_at: Mapped[datetime]
    used_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


class Comment(UuidKey, Base):
    """One comment on a question. `person_id` is None for the person who holds a link: those share what they wrote.

    `for_delegate`: the person who answers the section by a link may read it. `settled_at`: the thread was closed after it.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_assessment_id", "assessment_id", "question"),)

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    question: Mapped[str]
    words: Mapped[str] = mapped_column(encrypted_text())
    for_delegate: Mapped[bool]
    by_member: Mapped[bool]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class DelegatedAnswerState(enum.StrEnum):
    SAVED = "saved"
    """It is the answer of the business, and hers to change until another person changes it."""
    SAME = "same"
    """The business had said the same already."""
    OFFERED = "offered"
    """The business had said something else: it decides."""
    TAKEN = "taken"
    """The business took it over an earlier one."""
    LEFT = "left"
    """The business kept the other one."""
    BEFORE = "before"
    """It was said to a question that changed since: it is kept for going back, and shown nowhere."""


class DelegationEventKind(enum.StrEnum):
    MADE = "made"
    OPENED = "opened"
    ANSWERED = "answered"
    """`count` answers came in."""
    DONE = "done"
    SENT_BACK = "sent_back"
    TAKEN = "taken"
    """The business took `count` of them over its own."""
    LEFT = "left"
    ENDED = "ended"


class Delegation(UuidKey, Base):
    """A link for one section, or for one question by itself. `note` is the business's own reminder of whom it is for.

    `asked` is what is to be changed, while it is sent back; empty where nothing may be written.
    """

    __tablename__ = "delegation"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    section: Mapped[str]
    question: Mapped[str | None]
    note: Mapped[str] = mapped_column(encrypted_text())
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    sent_back_at: Mapped[datetime | None]
    asked: Mapped[str] = mapped_column(encrypted_text(), default="")
    ended_at: Mapped[datetime | None]


class DelegatedAnswer(Base):
    """What a colleague said to one question. `revision` is that of the stored answer it became, or against which it stands."""

    __tablename__ = "delegated_answer"

    delegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(encrypted_json(), nullable=False)
    proof: Mapped[bool]
    state: Mapped[DelegatedAnswerState]
    revision: Mapped[int]
    changed_at: Mapped[datetime]


class DelegationEvent(IntegerKey, Base):
    """One thing that happened to a delegation. `words` are what was asked for when it was sent back."""

    __tablename__ = "delegation_event"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # SQLAlchemy reads it from the class

    delegation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"), index=True)
    what: Mapped[DelegationEventKind]
    count: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(encrypted_text(), default="")
    at: Mapped[datetime]


class EditionUpgrade(UuidKey, Base):
    """One move. The database refuses to change or remove it alone; only `undone_at` is set, once.

    `before` holds all that stood then: of each part the revision of each answer, whose words are in `answer_event` and in no second
    place, so that words taken out for good are out here too; what waited to be confirmed, and why; and of the answers of colleagues
    that did not go along the link, the question, the state, and whether the answer was still hers. `version` is that of the assessment.
    """

    __tablename__ = "edition_upgrade"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    from_edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    to_edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    before: Mapped[JsonDict]
    moved_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class UnconfirmedReason(enum.StrEnum):
    COPIED = "copied"
    """It was said of another place or kind of work. Nothing is sent in while one that is shown waits."""
    CHANGED = "changed"
    """It was said to a question that means something else by now, or some of its choices are gone."""


class UnconfirmedAnswer(Base):
    """One answer or fact that was filled in. Until a person sends it from its page it counts as not answered."""

    __tablename__ = "unconfirmed_answer"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # those of an assessment lie together and are read as one

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[FormPart] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    because: Mapped[UnconfirmedReason] = mapped_column(
        default=UnconfirmedReason.COPIED, server_default=UnconfirmedReason.COPIED
    )


class PurchaseLine(Base):
    """One line. `number` counts within the assessment and is never given again: a line that was removed keeps it and can come back.

    `good` is a key of the lists or words of the business's own, `country` two letters or nothing where it is not known, `share`
    per cent of spending. `revision` grows by one with each change.
    """

    __tablename__ = "purchase_line"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    good: Mapped[str] = mapped_column(encrypted_text())
    country: Mapped[str | None] = mapped_column(encrypted_text())
    share: Mapped[float | None] = mapped_column(encrypted_json())
    supplier: Mapped[str] = mapped_column(encrypted_text())
    removed: Mapped[bool]
    revision: Mapped[int]
    changed_at: Mapped[datetime]


class PurchaseEvent(Base):
    """What a line said from one change to the next. The database refuses to change or remove it alone."""

    __tablename__ = "purchase_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["assessment_id", "number"], ["purchase_line.assessment_id", "purchase_line.number"], ondelete="CASCADE"
        ),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    said: Mapped[JsonDict] = mapped_column(encrypted_json())
    at: Mapped[datetime]


LONGEST_SIGNER_NAME = 80
_NOT_WITHDRAWN = text("taken_back_at IS NULL")


class SignOffEventKind(enum.StrEnum):
    ASKED = "asked"
    OPENED = "opened"
    SIGNED = "signed"
    SENT_BACK = "sent_back"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"


class SignOffRequest(UuidKey, Base):
    """A link that lets a senior person read one submission and sign it off. `note` is the business's own reminder of whom it is for."""

    __tablename__ = "sign_off_request"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(encrypted_text())
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SignOff(UuidKey, Base):
    """One submission was signed off. `digest` is that of the record they read; of each submission one counts.

    `on_paper`: they agreed that name and job stand on the business's own copy.
    """

    __tablename__ = "sign_off"
    __table_args__ = (
        Index(
            "uq_sign_off_submission_id",
            "submission_id",
            unique=True,
            sqlite_where=_NOT_WITHDRAWN,
            postgresql_where=_NOT_WITHDRAWN,
        ),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(encrypted_text())
    job: Mapped[str] = mapped_column(encrypted_text())
    on_paper: Mapped[bool]
    signed_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class SignOffEvent(IntegerKey, Base):
    """One thing that happened. `words` are the changes asked for; `number` is the submission's."""

    __tablename__ = "sign_off_event"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # SQLAlchemy reads it from the class

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    what: Mapped[SignOffEventKind]
    words: Mapped[str] = mapped_column(encrypted_text(), default="")
    at: Mapped[datetime]


ASSISTED_KEY = "assess.assisted"
"""The place in `session.info` where, by assessment, the id of the help stands while a coordinator is the one who answers."""


class AssistanceMode(enum.StrEnum):
    PHONE = "phone"
    VISIT = "visit"


class AssistedSession(UuidKey, Base):
    """One piece of help. It is asked for, begun with the code by one coordinator, and over at `until` or when one of the two sides ends it.

    Only the hash of the code is stored. The row stays, so that what was answered together goes on saying so.
    """

    __tablename__ = "assisted_session"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    mode: Mapped[AssistanceMode]
    made_at: Mapped[datetime]
    code_until: Mapped[datetime]
    coordinator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    began_at: Mapped[datetime | None]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AssistedAnswer(Base):
    """A change of an answer that a coordinator typed: the `revision` of its `AnswerEvent`."""

    __tablename__ = "assisted_answer"
    __table_args__ = (Index("ix_assisted_answer_assisted_session_id", "assisted_session_id"),)

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[FormPart] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    assisted_session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assisted_session.id", ondelete="CASCADE"))


class QuestionFeedback(UuidKey, Base):
    """One note. No column points to another table, and no order of writing is kept: rows lie by a random id.

    `words` are one of the reasons to choose from. `month` is year and month, "2026-11". `edition` is the number of the bank's edition whose words were read.
    """

    __tablename__ = "question_feedback"
    __table_args__ = (
        Index("ix_question_feedback_question", "question", "month"),
        {"sqlite_with_rowid": False},
    )

    bank: Mapped[str] = mapped_column(String(60))
    edition: Mapped[int]
    question: Mapped[str] = mapped_column(String(60))
    month: Mapped[str] = mapped_column(String(7))
    words: Mapped[str] = mapped_column(String(300))

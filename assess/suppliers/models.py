"""What is stored of suppliers: each buyer's own list, what each was asked, the links that were written, and the trail.

A supplier is a row of one buyer. Two buyers of the same business have two rows that know nothing of each other.
"""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_json, encrypted_text

LONGEST_NAME = 120
LONGEST_REFERENCE = 60
LONGEST_MESSAGE = 1000
LONGEST_REASON = 500


class Size(enum.StrEnum):
    """How large a supplier is, as the buyer knows it: by the number of its staff."""

    MICRO = "micro"
    """Fewer than 10."""
    SMALL = "small"
    """10 to 49."""
    MEDIUM = "medium"
    """50 to 249."""
    LARGE = "large"
    """250 or more."""


class Tier(enum.StrEnum):
    """How much risk a buyer sees in a contract or supplier. It sets what is asked."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Status(enum.StrEnum):
    """How it stands with what a supplier was asked, in the order in which it goes. Being late or old is worked out from dates."""

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    """To be asked later: it is the busy season of the sector."""
    INVITED = "invited"
    OPENED = "opened"
    STARTED = "started"
    SUBMITTED = "submitted"
    SHARED = "shared"
    OTHER_RESULT = "other_result"
    """The buyer took the result of another scheme in place of a form."""
    DECLINED = "declined"
    SHARE_OVER = "share_over"
    """What was shared is over: ended, run out, or answered again since."""


class Decline(enum.StrEnum):
    """Why a supplier says no. A fixed list: nobody has to explain themselves in their own words."""

    NOT_A_SUPPLIER = "not_a_supplier"
    ALREADY_ANSWERED = "already_answered"
    NO_TIME_NOW = "no_time_now"
    OTHER_SCHEME = "other_scheme"
    RATHER_NOT = "rather_not"


class Supplier(Base):
    """One business on the list of one buyer. `identity` is what makes it the same as a row of a file: see `identity.py`.

    `organisation_id`: the organisation it answers for, once it said so itself. `merged_into`: shown as a part of that one.
    `spend_gbp`: pounds a year, whole; None: not told.
    """

    __tablename__ = "supplier"
    __table_args__ = (
        UniqueConstraint("buyer_id", "identity"),
        Index("ix_supplier_buyer_id_name", "buyer_id", "name"),
        CheckConstraint("merged_into IS NULL OR merged_into <> id", name="not_into_itself"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    identity: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    company_number: Mapped[str | None] = mapped_column(String(8))
    reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE), default="")
    sector: Mapped[str | None] = mapped_column(String(40))
    """The bank it is asked by; None: not told yet."""
    area: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[Size | None]
    spend_gbp: Mapped[int | None]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supplier.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    """From then on it is neither asked nor shown, unless somebody takes it back."""


class SupplierInvitation(Base):
    """One time that a supplier is asked. The latest one counts. `message` is the buyer's own sentence in the letter.

    `send_on`: the first day on which the letter may go; later than the day it was made in a busy season.
    `assessment_id`: what the supplier answers it with, once it chose; it goes when the supplier deletes that.
    """

    __tablename__ = "supplier_invitation"
    __table_args__ = (UniqueConstraint("supplier_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1, 2, … for each supplier."""
    sector: Mapped[str] = mapped_column(String(40))
    quick: Mapped[bool]
    due: Mapped[date]
    message: Mapped[str] = mapped_column(encrypted_text(), default="")
    status: Mapped[Status]
    send_on: Mapped[date]
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decline: Mapped[Decline | None]
    ended_at: Mapped[datetime | None]
    """The buyer took it back, or asked anew."""
    assessment_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("assessment.id", ondelete="SET NULL"), index=True
    )

    @property
    def events(self) -> str:
        """How the names of all its mails begin."""
        return f"supplier invitation {self.id.hex} "

    @property
    def lives(self) -> bool:
        """Whether the supplier can still act on it."""
        return self.ended_at is None


class InvitationLink(Base):
    """A link in a letter. Each letter carries its own, and all of them work for as long as the invitation lives.

    `stops`: it is the one that ends the mail, not the one that leads to the invitation.
    """

    __tablename__ = "supplier_invitation_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier_invitation.id", ondelete="CASCADE"), index=True
    )
    stops: Mapped[bool]
    made_at: Mapped[datetime]
    buyer: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    """The name that stood beside the link; None: it was made before names were kept. Under another name it opens nothing."""
    outbox_event: Mapped[str | None] = mapped_column(String(120))
    """The letter that carries it, by its name in the outbox; None: the buyer made it to send by hand, and has it itself."""


class StoppedMailbox(Base):
    """A mailbox that wants no more mail from one buyer. `mark` is a keyed hash: no address can be had back from it."""

    __tablename__ = "buyer_unsubscribe"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class LetterRation(Base):
    """How many letters went out for one buyer on one day, so that nobody is written to without measure."""

    __tablename__ = "email_quota"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    emails: Mapped[int]


class SupplierLetter(Base):
    """One letter to a supplier, by the number that stands in it: so that it can be checked, counted and corrected.

    `event` is its name in the outbox, which knows whether and when it left. It outlives the buyer, who could delete itself otherwise
    and leave nobody to tell its victims. `address` is forgotten after 90 days, the rest after 13 months.
    """

    __tablename__ = "supplier_email"
    __table_args__ = (Index("ix_supplier_email_buyer_id_made_at", "buyer_id", "made_at"),)

    number: Mapped[str] = mapped_column(String(10), primary_key=True)
    event: Mapped[str] = mapped_column(String(120), unique=True)
    buyer_id: Mapped[uuid.UUID]
    mark: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the mailbox, as in `StoppedMailbox`."""
    domain: Mapped[str] = mapped_column(String(253))
    """What stands after the @ of the recipient."""
    address: Mapped[str] = mapped_column(String(254))
    buyer: Mapped[str] = mapped_column(String(LONGEST_NAME))
    """The name that stood in it."""
    asked_from: Mapped[str] = mapped_column(String(253), default="", index=True)
    """While the name waited: the domain of government that was all that showed who asks. Empty: the name was confirmed."""
    made_at: Mapped[datetime] = mapped_column(index=True)
    refused_at: Mapped[datetime | None]
    """When a mail server refused it for good."""
    stopped_at: Mapped[datetime | None]
    """When whoever read it wanted no more, or did not know who asks (`not_known_at`): kept here also when the buyer deletes itself."""
    not_known_at: Mapped[datetime | None]


class NotKnown(Base):
    """A mailbox that pressed “I do not know them”. Pressing twice counts once. The buyer never sees it."""

    __tablename__ = "unknown_sender_report"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class Because(enum.StrEnum):
    """Why the letters of a buyer pause."""

    NOT_KNOWN = "not_known"
    REFUSED = "refused"


class LetterPause(Base):
    """The letters of a buyer pause until an administrator lifts it with a reason. The latest one counts."""

    __tablename__ = "email_pause"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    because: Mapped[Because]
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(encrypted_text(), default="")


class LetterCorrection(Base):
    """The letter that tells everybody whom a buyer wrote to that its name is no longer confirmed. One person takes the name back, another sends it."""

    __tablename__ = "email_correction"
    __table_args__ = (CheckConstraint("sent_by <> taken_back_by", name="a_second_person"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    buyer_id: Mapped[uuid.UUID] = mapped_column(index=True)
    taken_back_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    drafted_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    emails: Mapped[int | None]
    """To how many mailboxes it went."""


class What(enum.StrEnum):
    """What an entry of the trail tells. The words stand in `trail.py`."""

    ADDED = "added"
    CHANGED = "changed"
    ASKED = "asked"
    SENT = "sent"
    """The letter left for the mail server."""
    REMINDED = "reminded"
    LINK_MADE = "link_made"
    """The buyer made a link to send by hand."""
    DUE_MOVED = "due_moved"
    TAKEN_BACK = "taken_back"
    OPENED = "opened"
    STARTED = "started"
    SUBMITTED = "submitted"
    SHARED = "shared"
    SHARE_OVER = "share_over"
    ANSWERS_REMOVED = "answers_removed"
    """What it answered with was deleted, by whomever, or was kept long enough."""
    DECLINED = "declined"
    THOUGHT_AGAIN = "thought_again"
    MAIL_STOPPED = "mail_stopped"
    OTHER_RESULT_TOLD = "other_result_told"
    OTHER_RESULT_TAKEN = "other_result_taken"
    OTHER_RESULT_REFUSED = "other_result_refused"
    LOOKED = "looked"
    """The buyer read what was shared."""
    CALLED = "called"
    """The buyer noted a call or another follow-up."""
    COMMENTED = "commented"
    ANSWERED = "answered"
    """The supplier answered a comment or a date."""
    DATE_AGREED = "date_agreed"
    CONTRACT = "contract"
    """A contract was entered, graded or changed."""
    MERGED = "merged"
    SPLIT = "split"
    ARCHIVED = "archived"
    TAKEN_UP_AGAIN = "taken_up_again"


class SupplierEvent(Base):
    """One entry of the trail of a supplier, kept as it happened: the database refuses to change or remove it alone.

    `details` are counts, dates and words of fixed lists, and the buyer's own note of a call; never what a supplier answered.
    """

    __tablename__ = "supplier_event"
    __table_args__ = (
        Index("ix_supplier_event_supplier_id_id", "supplier_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"))
    what: Mapped[What]
    at: Mapped[datetime]
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Who of the buyer did it; None: the supplier, or the service by itself."""
    details: Mapped[Document] = mapped_column(encrypted_json(), default=dict)

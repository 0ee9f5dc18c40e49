"""Tables of the supplier list: suppliers, invitations, links, emails, activity log, contracts, imports, supply chain and external results. A supplier row belongs to one buyer only."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.core.db import Base, IntegerKey, JsonDict, UuidKey
from assess.core.encryption import encrypted_json, encrypted_text

MAX_NAME_LENGTH = 120
MAX_REFERENCE_LENGTH = 60
MAX_MESSAGE_LENGTH = 1000
MAX_PAUSE_REASON_LENGTH = 500


class SupplierSize(enum.StrEnum):
    """How large a supplier is, as the buyer knows it: by the number of its staff."""

    MICRO = "micro"
    """Fewer than 10."""
    SMALL = "small"
    """10 to 49."""
    MEDIUM = "medium"
    """50 to 249."""
    LARGE = "large"
    """250 or more."""


class RiskTier(enum.StrEnum):
    """How much risk a buyer sees in a contract or supplier. It sets what is asked."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class InvitationStatus(enum.StrEnum):
    """How it stands with what a supplier was asked, in the order in which it goes. Being late or old is worked out from dates."""

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    """To be asked later: it is the busy season of the sector."""
    INVITED = "invited"
    OPENED = "opened"
    STARTED = "started"
    SUBMITTED = "submitted"
    SHARED = "shared"
    EXTERNAL_RESULT = "other_result"
    """The buyer took the result of another scheme in place of a form."""
    DECLINED = "declined"
    SHARE_OVER = "share_over"
    """What was shared is over: ended, run out, or answered again since."""


class DeclineReason(enum.StrEnum):
    """Why a supplier says no. A fixed list: nobody has to explain themselves in their own words."""

    NOT_A_SUPPLIER = "not_a_supplier"
    ALREADY_ANSWERED = "already_answered"
    NO_TIME_NOW = "no_time_now"
    OTHER_SCHEME = "other_scheme"
    RATHER_NOT = "rather_not"


class Supplier(UuidKey, Base):
    """One business on the list of one buyer. `identity` is what makes it the same as a row of a file (`supplier_identity`).

    `organisation_id`: the organisation it answers for, once it said so itself. `merged_into`: shown as a part of that one.
    `spend_gbp`: pounds a year, whole; None: not told.
    """

    __tablename__ = "supplier"
    __table_args__ = (
        UniqueConstraint("buyer_id", "identity"),
        Index("ix_supplier_buyer_id_name", "buyer_id", "name"),
        CheckConstraint("merged_into IS NULL OR merged_into <> id", name="not_into_itself"),
    )

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    identity: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    company_number: Mapped[str | None] = mapped_column(String(8))
    reference: Mapped[str] = mapped_column(String(MAX_REFERENCE_LENGTH), default="")
    sector: Mapped[str | None] = mapped_column(String(40))
    """The bank it is asked by; None: not told yet."""
    area: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[SupplierSize | None]
    spend_gbp: Mapped[int | None]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supplier.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    """From then on it is neither asked nor shown, unless a member of the buyer takes it back."""


class SupplierInvitation(UuidKey, Base):
    """One time that a supplier is asked. The latest one counts. `message` is the buyer's own sentence in the email.

    `send_on`: the first day on which the email may go; later than the day it was made in a busy season.
    `assessment_id`: what the supplier answers it with, once it chose; it goes when the supplier deletes that.
    """

    __tablename__ = "supplier_invitation"
    __table_args__ = (UniqueConstraint("supplier_id", "number"),)

    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1, 2, … for each supplier."""
    sector: Mapped[str] = mapped_column(String(40))
    quick: Mapped[bool]
    due: Mapped[date]
    message: Mapped[str] = mapped_column(encrypted_text(), default="")
    status: Mapped[InvitationStatus]
    send_on: Mapped[date]
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decline: Mapped[DeclineReason | None]
    ended_at: Mapped[datetime | None]
    """The buyer took it back, or asked anew."""
    assessment_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("assessment.id", ondelete="SET NULL"), index=True
    )

    @property
    def events(self) -> str:
        return f"supplier invitation {self.id.hex} "

    @property
    def lives(self) -> bool:
        return self.ended_at is None


class InvitationLink(Base):
    """A link in an email. Each email carries its own, and all of them work for as long as the invitation lives.

    `stops`: it is the one that ends the mail, not the one that leads to the invitation.
    """

    __tablename__ = "supplier_invitation_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier_invitation.id", ondelete="CASCADE"), index=True
    )
    stops: Mapped[bool]
    made_at: Mapped[datetime]
    buyer: Mapped[str | None] = mapped_column(String(MAX_NAME_LENGTH))
    """The name that stood beside the link; None: it was made before names were kept. Under another name it opens nothing."""
    outbox_event: Mapped[str | None] = mapped_column(String(120))
    """The email that carries it, by its name in the outbox; None: the buyer made it to send by hand, and has it itself."""


class BuyerUnsubscribe(Base):
    """A mailbox that wants no more mail from one buyer. `mark` is a keyed hash: no address can be had back from it."""

    __tablename__ = "buyer_unsubscribe"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class SupplierEmail(Base):
    """One email to a supplier, by the number that stands in it: so that it can be checked, counted and corrected.

    `event` is its name in the outbox, which knows whether and when it left. It outlives the buyer, who could delete itself otherwise
    and leave nobody to tell its victims. `address` is forgotten after 90 days, the rest after 13 months.
    """

    __tablename__ = "supplier_email"
    __table_args__ = (Index("ix_supplier_email_buyer_id_made_at", "buyer_id", "made_at"),)

    number: Mapped[str] = mapped_column(String(10), primary_key=True)
    event: Mapped[str] = mapped_column(String(120), unique=True)
    buyer_id: Mapped[uuid.UUID]
    mark: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the mailbox, as in `BuyerUnsubscribe`."""
    domain: Mapped[str] = mapped_column(String(253))
    address: Mapped[str] = mapped_column(String(254))
    buyer: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    """The name that stood in it."""
    asked_from: Mapped[str] = mapped_column(String(253), default="", index=True)
    """While the name waited: the domain of government that was all that showed who asks. Empty: the name was confirmed."""
    made_at: Mapped[datetime] = mapped_column(index=True)
    refused_at: Mapped[datetime | None]
    """When a mail server refused it for good."""
    stopped_at: Mapped[datetime | None]
    """When the person who read it wanted no more, or did not know who asks (`not_known_at`): kept here also when the buyer deletes itself."""
    not_known_at: Mapped[datetime | None]


class UnknownBuyerReport(Base):
    """A mailbox that reported “I do not know them”. Reporting twice counts once. The buyer never sees it."""

    __tablename__ = "unknown_sender_report"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class PauseReason(enum.StrEnum):
    NOT_KNOWN = "not_known"
    REFUSED = "refused"


class EmailPause(UuidKey, Base):
    """The emails of a buyer pause until an administrator lifts it with a reason. The latest one counts."""

    __tablename__ = "email_pause"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    because: Mapped[PauseReason]
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(encrypted_text(), default="")


class EmailCorrection(UuidKey, Base):
    """The email that tells everybody whom a buyer wrote to that its name is no longer confirmed. One person takes the name back, another sends it."""

    __tablename__ = "email_correction"
    __table_args__ = (CheckConstraint("sent_by <> taken_back_by", name="a_second_person"),)

    buyer_id: Mapped[uuid.UUID] = mapped_column(index=True)
    taken_back_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    drafted_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    emails: Mapped[int | None]
    """To how many mailboxes it went."""


class SupplierEventType(enum.StrEnum):
    """What an entry of the activity log tells. The words stand in `activity_log.py`."""

    ADDED = "added"
    CHANGED = "changed"
    ASKED = "asked"
    SENT = "sent"
    REMINDED = "reminded"
    LINK_MADE = "link_made"
    DUE_CHANGED = "due_moved"
    TAKEN_BACK = "taken_back"
    OPENED = "opened"
    STARTED = "started"
    SUBMITTED = "submitted"
    SHARED = "shared"
    SHARE_OVER = "share_over"
    ANSWERS_REMOVED = "answers_removed"
    """What it answered with was deleted, or was kept long enough."""
    DECLINED = "declined"
    DECLINE_UNDONE = "thought_again"
    MAIL_STOPPED = "mail_stopped"
    EXTERNAL_RESULT_REPORTED = "other_result_told"
    EXTERNAL_RESULT_ACCEPTED = "other_result_taken"
    EXTERNAL_RESULT_REFUSED = "other_result_refused"
    RESULT_VIEWED = "looked"
    CALLED = "called"
    """The buyer noted a call or another follow-up."""
    COMMENTED = "commented"
    ANSWERED = "answered"
    """The supplier answered a comment or a date."""
    DATE_AGREED = "date_agreed"
    CONTRACT = "contract"
    MERGED = "merged"
    SPLIT = "split"
    ARCHIVED = "archived"
    UNARCHIVED = "taken_up_again"


class SupplierEvent(IntegerKey, Base):
    """One entry of the activity log of a supplier, kept as it happened: the database refuses to change or remove it alone.

    `details` are counts, dates and words of fixed lists, and the buyer's own note of a call; never what a supplier answered.
    """

    __tablename__ = "supplier_event"
    __table_args__ = (
        Index("ix_supplier_event_supplier_id_id", "supplier_id", "id"),
        {"sqlite_autoincrement": True},
    )

    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"))
    what: Mapped[SupplierEventType]
    at: Mapped[datetime]
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Who of the buyer did it; None: the supplier, or the service by itself."""
    details: Mapped[JsonDict] = mapped_column(encrypted_json(), default=dict)


class VisibilityLevel(enum.StrEnum):
    """What a business lets one customer see of whom it buys from itself, from the least to the most."""

    OFF = "off"
    NUMBER = "number"
    """About how many there are, and how far they are."""
    NAMES = "names"
    """The same, and the names of those who said yes."""


class SupplyChainVisibility(Base):
    __tablename__ = "supply_chain_visibility"

    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    buyer_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    shows: Mapped[VisibilityLevel]
    at: Mapped[datetime]


class SupplierNamingConsent(Base):
    """Whether a supplier says that its customer may name it to the customer's own customers, and by which name.

    `name` is empty where the organisation behind it has a confirmed name.
    """

    __tablename__ = "supplier_naming_consent"

    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True)
    may: Mapped[bool]
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH), default="")
    at: Mapped[datetime]


MAX_CONTRACT_TITLE_LENGTH = 160
MAX_CONTRACT_REFERENCE_LENGTH = 60
MAX_CONTRACT_NOTE_LENGTH = 300
MAX_CONTRACT_REASON_LENGTH = 1000
MAX_CONTRACT_STEPS_LENGTH = 2000


class Regime(enum.StrEnum):
    """Which rules a contract follows. What they say stands in `questionnaires/buyers/contracts.yaml`."""

    NHS = "nhs"
    PPN_009_BINDING = "ppn_009_binding"
    PPN_009_ADOPTED = "ppn_009_adopted"
    OWN = "own"


class HeadingLevel(enum.StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NOT_KNOWN = "not_known"


class RequestLevel(enum.StrEnum):
    """What a contract asks of its supplier, from the least to the most."""

    NOTHING = "nothing"
    QUICK = "quick"
    FULL = "full"


class Contract(UuidKey, Base):
    """One contract with a supplier. `tier` None: nobody has decided yet.

    `levels` and `notes` are by the ids of the six headings; a heading that is missing is not known. `value_gbp`: whole pounds over its
    whole life; None: not told. `proposed`: what was proposed when the tier was decided.
    """

    __tablename__ = "contract"

    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(MAX_CONTRACT_TITLE_LENGTH))
    reference: Mapped[str] = mapped_column(String(MAX_CONTRACT_REFERENCE_LENGTH), default="")
    value_gbp: Mapped[int | None] = mapped_column(BigInteger)
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    regime: Mapped[Regime]
    review_on: Mapped[date | None]
    levels: Mapped[JsonDict] = mapped_column(default=dict)
    notes: Mapped[JsonDict] = mapped_column(encrypted_json(), default=dict)
    tier: Mapped[RiskTier | None]
    tier_reason: Mapped[str] = mapped_column(encrypted_text(), default="")
    proposed: Mapped[RiskTier | None]
    asks: Mapped[RequestLevel | None]
    asks_reason: Mapped[str] = mapped_column(encrypted_text(), default="")
    decided_by: Mapped[str] = mapped_column(encrypted_text(), default="")
    """The name of who decided the tier, as it was then."""
    decided_at: Mapped[datetime | None]
    design: Mapped[str] = mapped_column(encrypted_text(), default="")
    terms: Mapped[str] = mapped_column(encrypted_text(), default="")
    management: Mapped[str] = mapped_column(encrypted_text(), default="")
    revision: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ContractEventType(enum.StrEnum):
    ENTERED = "entered"
    CHANGED = "changed"
    DELETED = "deleted"


class ContractEvent(IntegerKey, Base):
    """One change of a contract, kept as it happened: the database refuses to change or remove it alone.

    `before` and `after` hold the fields that changed, as plain values. It hangs on the supplier, so it outlives its contract.
    """

    __tablename__ = "contract_event"
    __table_args__ = (
        Index("ix_contract_event_supplier_id_contract_id", "supplier_id", "contract_id", "id"),
        {"sqlite_autoincrement": True},
    )

    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"))
    contract_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(MAX_CONTRACT_TITLE_LENGTH))
    revision: Mapped[int]
    what: Mapped[ContractEventType]
    at: Mapped[datetime]
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(encrypted_text())
    """Their name as it was then."""
    before: Mapped[JsonDict] = mapped_column(encrypted_json(), default=dict)
    after: Mapped[JsonDict] = mapped_column(encrypted_json(), default=dict)


MAX_FILE_NAME_LENGTH = 120


class ImportState(enum.StrEnum):
    PREVIEW = "preview"
    """Read and checked. Nothing was done with it yet."""
    CONFIRMED = "confirmed"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    """It was stopped on the way. What was done stays done."""


class ImportOutcome(enum.StrEnum):
    WAITING = "waiting"
    BAD = "bad"
    """Something in it has to be repaired, so nothing is done with it."""
    ADDED = "added"
    """Put on the list, and not asked."""
    ON_LIST = "on_list"
    """Was on the list already, and not asked."""
    ASKED = "asked"
    ALREADY_ASKED = "already_asked"
    NO_ADDRESS = "no_address"
    """On the list; there is no email address to ask at."""
    MAIL_STOPPED = "mail_stopped"
    """On the list; the mailbox wants no more mail from this buyer."""
    TAKEN_OFF = "taken_off"
    """The buyer took this supplier off the list before."""


OUTCOMES_TO_REPAIR = (ImportOutcome.BAD, ImportOutcome.NO_ADDRESS)


class SupplierImport(UuidKey, Base):
    """One file that a buyer sent in, and what is to be asked of the suppliers in it.

    `sector`: for rows that name none. `told`: what else was noticed in the file: {"unknown": names of columns, "notes": lines left out}.
    """

    __tablename__ = "supplier_import"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    file_name: Mapped[str] = mapped_column(String(MAX_FILE_NAME_LENGTH))
    asks: Mapped[bool]
    """Whether the suppliers are asked, or only put on the list."""
    sector: Mapped[str | None] = mapped_column(String(40))
    quick: Mapped[bool]
    due: Mapped[date | None]
    message: Mapped[str] = mapped_column(encrypted_text())
    in_busy_season: Mapped[bool]
    """Whether emails go even in the busy season of a sector."""
    told: Mapped[JsonDict] = mapped_column(encrypted_json())
    state: Mapped[ImportState]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SupplierImportRow(Base):
    """One row of the file, by its number there. The first row of a spreadsheet is 1.

    `values`: of a bad row what stands in its cells; of a good one the details that are kept. Empty once nobody needs them.
    `faults`: {"faults": [{"column": …, "says": a sentence with row, column and repair}, …]}.
    """

    __tablename__ = "supplier_import_row"

    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier_import.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    identity: Mapped[str | None] = mapped_column(String(64))
    """As `supplier_identity` makes it; None for a bad row."""
    values: Mapped[JsonDict] = mapped_column(encrypted_json())
    faults: Mapped[JsonDict] = mapped_column(encrypted_json())
    outcome: Mapped[ImportOutcome]
    supplier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supplier.id", ondelete="SET NULL"), index=True)


class NotDuplicate(Base):
    """Two entries of one buyer that are not the same business, so they are not proposed again. The smaller id stands first."""

    __tablename__ = "not_duplicate"
    __table_args__ = (CheckConstraint("one_id < other_id", name="smaller_first"),)

    one_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class Scheme(enum.StrEnum):
    """Which scheme. What its result shows stands in `questionnaires/buyers/contracts.yaml`."""

    MSAT = "msat"
    SMETA = "smeta"
    GRASP = "grasp"
    RED_TRACTOR = "red_tractor"


class ExternalResultScope(enum.StrEnum):
    WHOLE = "whole"
    ONE_SITE = "one_site"
    ONE_PRODUCT = "one_product"


class WorkerInterviews(enum.StrEnum):
    YES = "yes"
    NO = "no"
    DONT_KNOW = "dk"


class ExternalResultState(enum.StrEnum):
    TOLD = "told"
    TAKEN = "taken"
    REFUSED = "refused"


class RefusalReason(enum.StrEnum):
    """Why a buyer does not accept a result in place of a form. A fixed list: no judgement of the buyer's own."""

    TOO_OLD = "too_old"
    NOT_WHOLE = "not_whole"
    NO_INTERVIEWS = "no_interviews"
    OTHER_SUBJECT = "other_subject"
    SAME_FORM = "same_form"


class ExternalResult(UuidKey, Base):
    """A result a supplier told of when this buyer asked. One for each scheme and invitation; telling anew replaces it."""

    __tablename__ = "external_result"
    __table_args__ = (UniqueConstraint("invitation_id", "scheme"),)

    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier_invitation.id", ondelete="CASCADE"))
    scheme: Mapped[Scheme]
    result_on: Mapped[date]
    scope: Mapped[ExternalResultScope]
    interviews: Mapped[WorkerInterviews]
    state: Mapped[ExternalResultState]
    told_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(encrypted_text(), default="")
    """The name of who decided, as it was then."""
    taken_until: Mapped[date | None]
    """The last day on which it stands in place of a form."""
    refusal: Mapped[RefusalReason | None]

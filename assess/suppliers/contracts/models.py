"""What is stored of contracts: the register, and a history that stays when a contract is taken off it."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_json, encrypted_text
from assess.suppliers.models import Tier

LONGEST_TITLE = 160
LONGEST_REFERENCE = 60
LONGEST_NOTE = 300
LONGEST_REASON = 1000
LONGEST_STEPS = 2000


class Regime(enum.StrEnum):
    """Which rules a contract follows. What they say stands in `questionnaires/buyers/contracts.yaml`."""

    NHS = "nhs"
    PPN_009_BINDING = "ppn_009_binding"
    PPN_009_ADOPTED = "ppn_009_adopted"
    OWN = "own"


class Level(enum.StrEnum):
    """How much risk somebody sees under one heading."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NOT_KNOWN = "not_known"


class Asks(enum.StrEnum):
    """What a contract asks of its supplier, from the least to the most."""

    NOTHING = "nothing"
    QUICK = "quick"
    FULL = "full"


class Contract(Base):
    """One contract with a supplier. `tier` None: nobody has decided yet.

    `levels` and `notes` are by the ids of the six headings; a heading that is missing is not known. `value_gbp`: whole pounds over its
    whole life; None: not told. `proposed`: what was proposed when the tier was decided.
    """

    __tablename__ = "contract"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE), default="")
    value_gbp: Mapped[int | None] = mapped_column(BigInteger)
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    regime: Mapped[Regime]
    review_on: Mapped[date | None]
    levels: Mapped[Document] = mapped_column(default=dict)
    notes: Mapped[Document] = mapped_column(encrypted_json(), default=dict)
    tier: Mapped[Tier | None]
    tier_reason: Mapped[str] = mapped_column(encrypted_text(), default="")
    proposed: Mapped[Tier | None]
    asks: Mapped[Asks | None]
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


class Done(enum.StrEnum):
    """What happened to a contract."""

    ENTERED = "entered"
    CHANGED = "changed"
    DELETED = "deleted"


class ContractEvent(Base):
    """One change of a contract, kept as it happened: the database refuses to change or remove it alone.

    `before` and `after` hold the fields that changed, as plain values. It hangs on the supplier, so it outlives its contract.
    """

    __tablename__ = "contract_event"
    __table_args__ = (
        Index("ix_contract_event_supplier_id_contract_id", "supplier_id", "contract_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"))
    contract_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    revision: Mapped[int]
    what: Mapped[Done]
    at: Mapped[datetime]
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    by_name: Mapped[str] = mapped_column(encrypted_text())
    """Their name as it was then."""
    before: Mapped[Document] = mapped_column(encrypted_json(), default=dict)
    after: Mapped[Document] = mapped_column(encrypted_json(), default=dict)

"""What is stored of the chain: what a business lets each of its customers see, and whether a supplier may be named.

Where nothing is stored, nothing is shown.
"""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base
from assess.suppliers.models import LONGEST_NAME


class Shows(enum.StrEnum):
    """What a business lets one customer see of whom it buys from itself, from the least to the most."""

    OFF = "off"
    NUMBER = "number"
    """About how many there are, and how far they are."""
    NAMES = "names"
    """The same, and the names of those who said yes."""


class ChainShowing(Base):
    """What an organisation shows of its own suppliers to one organisation that buys from it."""

    __tablename__ = "supply_chain_visibility"

    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    buyer_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    shows: Mapped[Shows]
    at: Mapped[datetime]


class ChainNaming(Base):
    """Whether a supplier says that its customer may name it to the customer's own customers, and by which name.

    `name` is empty where the organisation behind it has a confirmed name.
    """

    __tablename__ = "supplier_naming_consent"

    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True)
    may: Mapped[bool]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    at: Mapped[datetime]

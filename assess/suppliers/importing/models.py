"""What is kept of an import: what was asked, and each row of the file until nobody needs it any more."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_json, encrypted_text

LONGEST_FILE_NAME = 120


class State(enum.StrEnum):
    """How far an import is."""

    PREVIEW = "preview"
    """Read and checked. Nothing was done with it yet."""
    CONFIRMED = "confirmed"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    """Somebody stopped it on the way. What was done stays done."""


class Outcome(enum.StrEnum):
    """What became of a row."""

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
    """On the list; there is no e-mail address to ask at."""
    MAIL_STOPPED = "mail_stopped"
    """On the list; the mailbox wants no more mail from this buyer."""
    TAKEN_OFF = "taken_off"
    """The buyer took this supplier off the list before."""


NEED_REPAIR = (Outcome.BAD, Outcome.NO_ADDRESS)
"""Rows that are given back, to be repaired and sent again."""


class SupplierImport(Base):
    """One file that a buyer sent in, and what is to be asked of the suppliers in it.

    `sector`: for rows that name none. `told`: what else was noticed in the file: {"unknown": names of columns, "notes": lines left out}.
    """

    __tablename__ = "supplier_import"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    file_name: Mapped[str] = mapped_column(String(LONGEST_FILE_NAME))
    asks: Mapped[bool]
    """Whether the suppliers are asked, or only put on the list."""
    sector: Mapped[str | None] = mapped_column(String(40))
    quick: Mapped[bool]
    due: Mapped[date | None]
    message: Mapped[str] = mapped_column(encrypted_text())
    in_busy_season: Mapped[bool]
    """Whether letters go even in the busy season of a sector."""
    told: Mapped[Document] = mapped_column(encrypted_json())
    state: Mapped[State]
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
    """As in `suppliers/identity.py`; None for a bad row."""
    values: Mapped[Document] = mapped_column(encrypted_json())
    faults: Mapped[Document] = mapped_column(encrypted_json())
    outcome: Mapped[Outcome]
    supplier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("supplier.id", ondelete="SET NULL"), index=True)

"""What is stored of files that a buyer ordered: one row each, and one for each plan that is to be in a bundle and each share in a spreadsheet.

A bundle keeps no copy of a plan: each is the printed file of its own share, and goes with it. A finished spreadsheet is kept as bytes,
which a rule of the database takes away as soon as any share of the buyer ends, changes, is answered again or is deleted.
"""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from assess.kit.db import Base, Document
from assess.kit.encryption import encrypted_bytes


class FileKind(enum.StrEnum):
    """What was ordered."""

    BUNDLE = "bundle"
    """The printed plans, in one ZIP."""
    CSV = "csv"
    XLSX = "xlsx"


SHEETS = (FileKind.CSV, FileKind.XLSX)


class FileState(enum.StrEnum):
    """How far it is."""

    ORDERED = "ordered"
    READY = "ready"
    STOPPED = "stopped"
    """Somebody of the buyer stopped it."""
    REMOVED = "removed"
    """A spreadsheet that went because a share did."""


class PlanState(enum.StrEnum):
    """What became of one plan of a bundle."""

    WAITING = "waiting"
    THERE = "there"
    """It is printed, or was already."""
    OVER = "over"
    """The business ended the share, deleted what it answered, or the time of the share is up."""
    AGAIN = "again"
    """The business has answered again since it shared."""
    FAILED = "failed"
    """It could not be printed."""


class PortfolioFile(Base):
    """One file that was ordered. `wanted`: whom it was ordered for, as `wanted.py` writes it.

    `part`: which of its jobs is the one that counts; a job with an older number does nothing any more.
    `done` of `total`: plans looked at. `began_at` and `done_before`: when the work at hand began, and how far it was then.
    """

    __tablename__ = "portfolio_file"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    kind: Mapped[FileKind]
    wanted: Mapped[Document]
    state: Mapped[FileState]
    part: Mapped[int] = mapped_column(default=1)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    ordered_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    done_before: Mapped[int] = mapped_column(default=0)
    ready_at: Mapped[datetime | None]
    until: Mapped[datetime]
    """When it is deleted by itself."""
    size: Mapped[int | None] = mapped_column(BigInteger)
    """Bytes."""
    content: Mapped[bytes | None] = mapped_column(encrypted_bytes(), deferred=True)


class PortfolioFilePlan(Base):
    """One plan of a bundle, or one share of which something stands in a spreadsheet. Without a grant the share was deleted, or there was none any more when the bundle was ordered."""

    __tablename__ = "portfolio_file_plan"

    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("portfolio_file.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, … in the order of the names of the suppliers."""
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), index=True)
    grant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("share_grant.id", ondelete="SET NULL"), index=True)
    state: Mapped[PlanState]
    tries: Mapped[int] = mapped_column(default=0)
    """How often printing it has failed."""

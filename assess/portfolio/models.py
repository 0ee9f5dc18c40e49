"""Tables of the portfolio: board rows, saved filters, bulk actions, export files, monthly snapshots and feedback pools. Database triggers empty a board row when its share goes."""

from __future__ import annotations

import enum
import uuid
import zlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from assess.core.db import Base, JsonDict, UuidKey
from assess.core.encryption import encrypted_bytes
from assess.suppliers.models import InvitationStatus, RiskTier, SupplierSize

MAX_BAR_NAME_LENGTH = 200
"""A bar may stand for all groups together: the names of those of today have 168 characters then."""
MAX_DUTY_TITLE_LENGTH = 200
MAX_SORT_NAME_LENGTH = 360
"""A lower-case character may be three where the upper-case one was one."""
MAX_SEARCH_TEXT_LENGTH = 2000


def board_columns_hash() -> int:
    """A number made of the names of all columns of the board: another one as soon as a release adds one."""
    tables = (table for name, table in Base.metadata.tables.items() if name.startswith("board_"))
    names = (str(column) for table in tables for column in table.columns)
    return zlib.crc32(" ".join(sorted(names)).encode()) >> 1  # an integer of PostgreSQL has a sign


def _lowercase_name(context: DefaultExecutionContext) -> str:
    return str(context.get_current_parameters()["name"]).casefold()  # type: ignore[no-untyped-call]  # SQLAlchemy’s own


class BoardRow(Base):
    """How it stands with one supplier. `status` is as of `reckoned_at`; late and old are worked out from `due` and `valid_until`.

    `band` is low, medium or high; None where nothing is shared, or a quick check is among what is.
    """

    __tablename__ = "board_row"
    __table_args__ = (
        Index("ix_board_row_buyer_id_sort_name", "buyer_id", "sort_name", "supplier_id"),
        Index("ix_board_row_buyer_id_status", "buyer_id", "status", "due", "shown_until", "valid_until"),
        Index("ix_board_row_buyer_id_sector", "buyer_id", "sector", "area"),
        Index("ix_board_row_buyer_id_due", "buyer_id", "due", "supplier_id"),
        Index("ix_board_row_buyer_id_call_points", "buyer_id", "call_points", "supplier_id"),
    )

    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(String(MAX_SORT_NAME_LENGTH), default=_lowercase_name)
    """The name in small letters: what the list is sorted by."""
    searched: Mapped[str] = mapped_column(String(MAX_SEARCH_TEXT_LENGTH), default=_lowercase_name)
    """Names and references in small letters, one a line: what a text is looked for in."""
    sector: Mapped[str | None] = mapped_column(String(40))
    area: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[SupplierSize | None]
    spend_gbp: Mapped[int | None] = mapped_column(BigInteger)
    """Of all entries that are shown as one: their sum may be more than one of them can be."""
    tier: Mapped[RiskTier | None]
    """The highest tier of its contracts."""
    status: Mapped[InvitationStatus]
    asked_on: Mapped[date | None]
    due: Mapped[date | None]
    grant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("share_grant.id", ondelete="SET NULL"), index=True)
    shown_until: Mapped[datetime | None]
    answered_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    band: Mapped[str | None] = mapped_column(String(20))
    quick: Mapped[bool] = mapped_column(default=False)
    """Whether a quick check is among what is shared: it shows no band."""
    open_steps: Mapped[int] = mapped_column(default=0)
    done_steps: Mapped[int] = mapped_column(default=0)
    late_steps: Mapped[int] = mapped_column(default=0)
    next_step_due: Mapped[date | None]
    call_points: Mapped[int] = mapped_column(default=0)
    call_reasons: Mapped[Any] = mapped_column(JSON(none_as_null=True), default=list)
    reckoned_at: Mapped[datetime]
    columns_hash: Mapped[int] = mapped_column(default=board_columns_hash)
    """Which columns it was worked out with. A row of a release that had others is worked out anew in the night."""


class BoardBar(Base):
    """One bar of the copy that is shown: the group, and its level, 1 to 4."""

    __tablename__ = "board_bar"
    __table_args__ = (Index("ix_board_bar_buyer_id_name", "buyer_id", "name", "level", "supplier_id"),)

    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("board_row.supplier_id", ondelete="CASCADE"), primary_key=True
    )
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(MAX_BAR_NAME_LENGTH), primary_key=True)
    level: Mapped[int]


class BoardGoods(Base):
    __tablename__ = "board_good"
    __table_args__ = (
        Index("ix_board_good_buyer_id_good", "buyer_id", "good", "country", "supplier_id"),
        Index("ix_board_good_buyer_id_country", "buyer_id", "country", "good", "supplier_id"),
    )

    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("board_row.supplier_id", ondelete="CASCADE"), primary_key=True
    )
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    good: Mapped[str] = mapped_column(String(120), primary_key=True)
    country: Mapped[str] = mapped_column(String(120), primary_key=True)
    risk_label: Mapped[str] = mapped_column(String(40))


class BoardDuty(Base):
    __tablename__ = "board_duty"
    __table_args__ = (Index("ix_board_duty_buyer_id_title", "buyer_id", "title", "done", "supplier_id"),)

    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("board_row.supplier_id", ondelete="CASCADE"), primary_key=True
    )
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    duty: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(String(MAX_DUTY_TITLE_LENGTH))
    done: Mapped[bool]


MAX_FILTER_NAME_LENGTH = 60
MAX_QUERY_LENGTH = 1500
"""Characters of a filter that is saved. One that is only used is never cut: what is left of it would find more."""


class SavedFilter(UuidKey, Base):
    """A filter that one person saved for one buyer. `query`: as `BoardFilter.query` writes it."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("buyer_id", "person_id", "name"),)

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(MAX_FILTER_NAME_LENGTH))
    query: Mapped[str] = mapped_column(String(MAX_QUERY_LENGTH))
    made_at: Mapped[datetime]


class BulkActionKind(enum.StrEnum):
    REMIND = "remind"
    MOVE_DUE = "move_due"
    ARCHIVE = "take_off"
    RESTORE = "put_back"


class BulkActionOutcome(enum.StrEnum):
    WAITS = "waits"
    DONE = "done"
    NOT_NEEDED = "not_needed"
    UNDONE = "undone"
    LEFT = "left"
    """It was changed again since, so undoing left it as it is."""


class BulkAction(UuidKey, Base):
    """One thing that was done with many. `due`: the new date, if it moves one. `undo_at`: it is to be undone."""

    __tablename__ = "bulk_action"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    kind: Mapped[BulkActionKind]
    due: Mapped[date | None]
    made_at: Mapped[datetime]
    undo_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When all of it was done, or undone."""


class BulkActionItem(Base):
    """One supplier of it. `before`: what undoing needs: dates by the id of the invitation, or the ids that were taken off the list."""

    __tablename__ = "bulk_action_item"
    __table_args__ = (Index("ix_bulk_action_item_bulk_action_id_outcome", "bulk_action_id", "outcome"),)

    bulk_action_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("bulk_action.id", ondelete="CASCADE"), primary_key=True
    )
    supplier_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    outcome: Mapped[BulkActionOutcome] = mapped_column(default=BulkActionOutcome.WAITS)
    before: Mapped[JsonDict | None]


class FileKind(enum.StrEnum):
    BUNDLE = "bundle"
    """The printed plans, in one ZIP."""
    CSV = "csv"
    XLSX = "xlsx"


SPREADSHEET_KINDS = (FileKind.CSV, FileKind.XLSX)


class FileState(enum.StrEnum):
    ORDERED = "ordered"
    READY = "ready"
    STOPPED = "stopped"
    REMOVED = "removed"
    """A spreadsheet that went because a share did."""


class PlanState(enum.StrEnum):
    WAITING = "waiting"
    THERE = "there"
    """It is printed, or was already."""
    OVER = "over"
    """The business ended the share, deleted what it answered, or the time of the share is up."""
    ANSWERED_AGAIN = "again"
    """The business has answered again since it shared."""
    FAILED = "failed"


class PortfolioFile(UuidKey, Base):
    """One file that was ordered. `wanted`: which suppliers it was ordered for, as `ExportRequest.data` writes it.

    `part`: which of its jobs is the one that counts; a job with an older number does nothing any more.
    `done` of `total`: plans looked at. `began_at` and `done_before`: when the work at hand began, and how far it was then.
    """

    __tablename__ = "portfolio_file"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    by_person: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    kind: Mapped[FileKind]
    wanted: Mapped[JsonDict]
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


class PortfolioSnapshot(Base):
    """How many suppliers stood where on the first of a month: counts alone, of no supplier by name. It goes after three years."""

    __tablename__ = "portfolio_snapshot"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    counts: Mapped[JsonDict]
    made_at: Mapped[datetime]


class FeedbackPool(UuidKey, Base):
    """One pool of a buyer (`run_monthly_round`). From `over_on` on it is not shown, and its bundles are emptied."""

    __tablename__ = "supplier_feedback_pool"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    made_on: Mapped[date]
    answered: Mapped[int]
    bundle: Mapped[int]
    never: Mapped[int]
    sometimes: Mapped[int]
    often: Mapped[int]
    unknown: Mapped[int]
    over_on: Mapped[date | None]


class FeedbackPoolMember(Base):
    """An answer that was counted in a pool, so that it is never counted in another. What it was is not kept."""

    __tablename__ = "supplier_feedback_source"

    pool_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("supplier_feedback_pool.id", ondelete="CASCADE"), primary_key=True
    )
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supplier.id", ondelete="CASCADE"), index=True)


class FeedbackRound(Base):
    """The first of the month of which a buyer's pools are."""

    __tablename__ = "supplier_feedback_round"

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date]

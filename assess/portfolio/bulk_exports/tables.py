"""Content of the spreadsheet exports, written as CSV and XLSX, and the log of who downloaded which shares."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import xlsxwriter
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session, defer
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assess.core.clock import uk_date
from assess.core.db import Database
from assess.core.exports import XLSX_OPTIONS, csv_file, strip_invalid_xml
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation
from assess.plans.buyer_view import BAR_LABELS
from assess.plans.exports import Cell, ExportColumn
from assess.portfolio.board.columns import (
    COLUMNS_BY_KEY,
    SHEET_COLUMNS,
    BoardFilter,
    BoardItem,
    CurrentColumns,
    describe_filter,
)
from assess.portfolio.board.services import board_item, select_items
from assess.portfolio.board_projection import open_actions
from assess.portfolio.bulk_exports.services import choose_plans, list_matching_suppliers
from assess.portfolio.models import BoardBar, BoardGoods, BoardRow, PlanState, PortfolioFile, PortfolioFilePlan
from assess.sharing.messages import agreed_dates
from assess.sharing.models import ShareGrant, ShareViewKind
from assess.sharing.shared_copy import shared_copy_from_json
from assess.sharing.viewing import find_permitted_share, log_share_views, with_current_plan
from assess.suppliers.models import Supplier

NOT_A_FINDING = "The business’s own answers. Not a finding. Not for selection or exclusion."
AT_ONCE, LATER = "at once", "later"
STEPS_NOTE = (
    "Steps are those of a plan that is shared, as it stands now. Where no plan is shown they are as they were proposed: "
    "some may be done, and none is counted as late."
)
ROWS_PER_QUERY = 100

REFERENCE_COLUMN = ExportColumn("reference", "Your reference", "text", 16)
"""It stands on the buyer’s list alone, not on the board."""
SUPPLIER_COLUMNS = (SHEET_COLUMNS[0], REFERENCE_COLUMN, *SHEET_COLUMNS[1:])
OPEN_STEP_COLUMNS = (
    ExportColumn("supplier", "Supplier", "text", 36),
    ExportColumn("do", "Step", "text", 60),
    ExportColumn("due", "Due", "date", 13),
    ExportColumn("stands", "How it stood when it was shared", "text", 30),
)
GOODS_COLUMNS = (
    ExportColumn("supplier", "Supplier", "text", 36),
    ExportColumn("good", "Goods or services", "text", 36),
    ExportColumn("place", "From", "text", 24),
    ExportColumn("word", "Risk by country and goods", "text", 20),
)
BAR_COLUMNS = (
    ExportColumn("supplier", "Supplier", "text", 36),
    ExportColumn("bar", "What was asked about", "text", 50),
    ExportColumn("step", "How far along, by its own answers", "text", 30),
)


@dataclass(frozen=True, slots=True)
class ExportTable:
    name: str
    columns: tuple[ExportColumn, ...]
    rows: Sequence[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class IncludedShare:
    """A share of which something stands in the sheets, and the entry of the list that shares it."""

    supplier_id: uuid.UUID
    grant_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class ExportTables:
    """All sheets, and what is said of them. `shown_until`: when the first share in it is over; None if there is none."""

    about: tuple[str, ...]
    made_at: datetime
    suppliers: ExportTable
    others: tuple[ExportTable, ...]
    included: Sequence[IncludedShare]
    shown_until: datetime | None


SupplierPart = TypeVar("SupplierPart", BoardGoods, BoardBar)


def build_tables(session: Session, buyer_id: uuid.UUID, filter_: BoardFilter, now: datetime) -> ExportTables:
    ids = list_matching_suppliers(session, buyer_id, filter_, now)
    columns = CurrentColumns(now, with_grant=True)
    suppliers: list[tuple[Cell, ...]] = []
    steps: list[tuple[Cell, ...]] = []
    goods: list[tuple[Cell, ...]] = []
    bars: list[tuple[Cell, ...]] = []
    included: list[IncludedShare] = []
    ends: list[datetime] = []
    for some in _batches(ids):
        found = select_items(columns).where(BoardRow.supplier_id.in_(some))
        items = {item.id: item for item in map(board_item, session.execute(found))}
        kept = session.execute(select(Supplier.id, Supplier.reference).where(Supplier.id.in_(some)))
        references = {row.id: row.reference for row in kept}
        shown = [key for key in some if key in items and items[key].shown_until is not None]
        names = {key: item.name for key, item in items.items()}
        suppliers += [_supplier_row(items[key], references.get(key, "")) for key in some if key in items]
        goods += [
            (names[one.supplier_id], one.good, one.country, one.risk_label)
            for one in _by_supplier(session, shown, BoardGoods, BoardGoods.good, BoardGoods.country)
        ]
        bars += [
            (names[one.supplier_id], one.name, BAR_LABELS[one.level - 1])
            for one in _by_supplier(session, shown, BoardBar, BoardBar.name)
        ]
        for key, grant in _grants(session, buyer_id, shown, now):
            steps += _step_rows(session, names[key], grant)
            included.append(IncludedShare(grant.supplier_id or key, grant.id))
            ends.append(grant.until)
            session.expunge(grant)  # a frozen copy is long, and is not needed again
        session.expunge_all()
    buyer = session.get(Organisation, buyer_id)
    return ExportTables(
        (
            f"The suppliers of {buyer.name if buyer else 'your organisation'} on {uk_date(now).isoformat()}.",
            *describe_filter(filter_),
            NOT_A_FINDING,
            "An empty cell under “Band” means: nothing is shared. A quick check has no band.",
            STEPS_NOTE,
            "Keep this file where only those can read it who need it. Delete it when you have used it.",
        ),
        now,
        ExportTable("Suppliers", SUPPLIER_COLUMNS, suppliers),
        (
            ExportTable("Open steps", OPEN_STEP_COLUMNS, steps),
            ExportTable("Goods", GOODS_COLUMNS, goods),
            ExportTable("Bars", BAR_COLUMNS, bars),
        ),
        included,
        min(ends, default=None),
    )


def _supplier_row(item: BoardItem, reference: str) -> tuple[Cell, ...]:
    cells = {column.name: COLUMNS_BY_KEY[column.name].sheet_cell(item) for column in SHEET_COLUMNS}
    cells[REFERENCE_COLUMN.name] = reference
    return tuple(cells[column.name] for column in SUPPLIER_COLUMNS)


def _grants(
    session: Session, buyer_id: uuid.UUID, shown: Sequence[uuid.UUID], now: datetime
) -> Iterator[tuple[uuid.UUID, ShareGrant]]:
    for key in shown:
        for plan in choose_plans(session, buyer_id, [key], now):
            if plan.state is PlanState.WAITING and plan.grant_id is not None:
                yield key, session.get_one(ShareGrant, plan.grant_id)


def _step_rows(session: Session, name: str, grant: ShareGrant) -> Iterator[tuple[Cell, ...]]:
    """What is not done: of the plan where that is shared, else as it was proposed.

    What the business said of a step is told as it was when it was shared; since then only its date, and whether it is done.
    """
    shared = shared_copy_from_json(grant.document)
    agreed = agreed_dates(session, [grant.id]).get(grant.id, {})
    stood = {one.do: one.words for one in shared.plan or ()}
    for one in open_actions(with_current_plan(session, grant, shared), agreed):
        yield name, one.do, AT_ONCE if one.at_once else _iso(one.due) or LATER, stood.get(one.do, "proposed")


def _by_supplier(
    session: Session, shown: Sequence[uuid.UUID], what: type[SupplierPart], *order: InstrumentedAttribute[str]
) -> Sequence[SupplierPart]:
    """What belongs to these suppliers, in their order."""
    found = session.scalars(select(what).where(what.supplier_id.in_(shown)).order_by(*order)).all()
    return sorted(found, key=lambda one: shown.index(one.supplier_id))


def _iso(day: object) -> str | None:
    return None if day is None else str(day)


def _batches(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    for begin in range(0, len(ids), ROWS_PER_QUERY):
        yield ids[begin : begin + ROWS_PER_QUERY]


ABOUT_SHEET = "About"

_ABOUT_WIDTH = 100


def tables_to_csv(tables: ExportTables) -> bytes:
    """The suppliers alone: UTF-8 with a mark for Excel, CRLF, every cell quoted, ISO dates, no cell that could be run."""
    return csv_file([column.title for column in tables.suppliers.columns], tables.suppliers.rows)


def tables_to_xlsx(tables: ExportTables) -> bytes:
    """One sheet that says what it is, one for the suppliers, one each for open steps, goods and bars. Cells of dates are dates."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(XLSX_OPTIONS))
    # no name of a person or a program is in the properties
    book.set_properties({"title": "Suppliers", "created": tables.made_at.replace(tzinfo=None)})
    top = {"valign": "top", "align": "left"}
    looks = {
        "text": book.add_format({**top, "text_wrap": True, "num_format": "@"}),
        "date": book.add_format({**top, "num_format": "yyyy-mm-dd"}),
        "number": book.add_format({**top, "num_format": "0"}),
        "header": book.add_format({**top, "text_wrap": True, "bold": True, "bottom": 1}),
    }
    first = book.add_worksheet(ABOUT_SHEET)
    first.set_column(0, 0, _ABOUT_WIDTH)
    for line, sentence in enumerate(tables.about):
        first.write_string(line, 0, strip_invalid_xml(sentence), looks["text"])
    for table in (tables.suppliers, *tables.others):
        _write_sheet(book.add_worksheet(table.name), table, looks)
    book.close()
    return file.getvalue()


def _write_sheet(sheet: Worksheet, table: ExportTable, looks: dict[str, Format]) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.title, looks["header"])
    for line, row in enumerate(table.rows, 1):
        for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            _write_cell(sheet, (line, place), cell, looks, column.kind)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)


def _write_cell(sheet: Worksheet, at: tuple[int, int], cell: Cell, looks: dict[str, Format], kind: str) -> None:
    if cell is None or cell == "":
        return
    day = _parse_date(cell) if kind == "date" else None
    if day is not None:
        sheet.write_datetime(*at, day, looks["date"])
    elif isinstance(cell, str):
        sheet.write_string(*at, strip_invalid_xml(cell), looks["text"])
    else:
        sheet.write_number(*at, cell, looks["number"])


def _parse_date(cell: Cell) -> date | None:
    """The date of an ISO text; None for any other words in a column of dates."""
    try:
        return date.fromisoformat(str(cell))
    except ValueError:
        return None


VIEWS_PER_TRANSACTION = 100
"""So many views are written in one transaction: others save meanwhile."""


def save_included_shares(session: Session, file: PortfolioFile, included: Sequence[IncludedShare]) -> None:
    """Write down which shares are in this spreadsheet, in place of those that were in it before."""
    session.execute(delete(PortfolioFilePlan).where(PortfolioFilePlan.file_id == file.id))
    values = [
        {
            "file_id": file.id,
            "number": number,
            "supplier_id": one.supplier_id,
            "grant_id": one.grant_id,
            "state": PlanState.THERE,
            "tries": 0,
        }
        for number, one in enumerate(included, 1)
    ]
    if values:
        session.execute(insert(PortfolioFilePlan), values)


def log_download(database: Database, file_id: uuid.UUID, who: CurrentUser, now: datetime) -> None:
    """Note for each share in this spreadsheet that it is about to be downloaded."""
    with database.reading() as session:
        grant_ids = select(PortfolioFilePlan.grant_id).where(
            PortfolioFilePlan.file_id == file_id, PortfolioFilePlan.grant_id.is_not(None)
        )
        ids = session.scalars(grant_ids.order_by(PortfolioFilePlan.number)).all()
    for begin in range(0, len(ids), VIEWS_PER_TRANSACTION):
        some = ids[begin : begin + VIEWS_PER_TRANSACTION]
        with database.writing() as session:
            grants = select(ShareGrant).where(ShareGrant.id.in_(some)).options(defer(ShareGrant.document))
            there = [
                one
                for one in session.scalars(grants).all()
                if find_permitted_share(session, who, one.id, now) is not None
            ]
            log_share_views(session, there, who, ShareViewKind.FILE, now)

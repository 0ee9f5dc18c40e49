"""The board as CSV and as XLSX. Texts are written as texts and nothing else: no formula and no link, whatever somebody typed."""

from __future__ import annotations

import io
from datetime import date

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assess.kit.formulas import writable
from assess.kit.spreadsheets import SAFE, csv_file
from assess.plans.exports.rows import Cell
from assess.portfolio.files.tables import Table, Tables

ABOUT = "About"
"""The sheet that says what the others are."""

_WIDE = 100


def as_csv(tables: Tables) -> bytes:
    """The suppliers alone: UTF-8 with a mark for Excel, CRLF, every cell quoted, ISO dates, no cell that could be run."""
    return csv_file([column.title for column in tables.suppliers.columns], tables.suppliers.rows)


def as_xlsx(tables: Tables) -> bytes:
    """One sheet that says what it is, one for the suppliers, one each for open steps, goods and bars. Cells of dates are dates."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(SAFE))
    # no name of a person or a program is in the properties
    book.set_properties({"title": "Suppliers", "created": tables.made_at.replace(tzinfo=None)})
    top = {"valign": "top", "align": "left"}
    looks = {
        "text": book.add_format({**top, "text_wrap": True, "num_format": "@"}),
        "date": book.add_format({**top, "num_format": "yyyy-mm-dd"}),
        "number": book.add_format({**top, "num_format": "0"}),
        "header": book.add_format({**top, "text_wrap": True, "bold": True, "bottom": 1}),
    }
    first = book.add_worksheet(ABOUT)
    first.set_column(0, 0, _WIDE)
    for line, sentence in enumerate(tables.about):
        first.write_string(line, 0, writable(sentence), looks["text"])
    for table in (tables.suppliers, *tables.others):
        _sheet(book.add_worksheet(table.name), table, looks)
    book.close()
    return file.getvalue()


def _sheet(sheet: Worksheet, table: Table, looks: dict[str, Format]) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.title, looks["header"])
    for line, row in enumerate(table.rows, 1):
        for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            _write(sheet, (line, place), cell, looks, column.kind)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)


def _write(sheet: Worksheet, at: tuple[int, int], cell: Cell, looks: dict[str, Format], kind: str) -> None:
    if cell is None or cell == "":
        return
    day = _day(cell) if kind == "date" else None
    if day is not None:
        sheet.write_datetime(*at, day, looks["date"])
    elif isinstance(cell, str):
        sheet.write_string(*at, writable(cell), looks["text"])
    else:
        sheet.write_number(*at, cell, looks["number"])


def _day(cell: Cell) -> date | None:
    """The date of an ISO text; None for any other words in a column of dates."""
    try:
        return date.fromisoformat(str(cell))
    except ValueError:
        return None

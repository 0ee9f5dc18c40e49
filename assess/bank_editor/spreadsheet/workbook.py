"""Write the workbook of a bank: help, one sheet per kind of item, and the hidden digests of the texts it was made from."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assess.bank_editor.spreadsheet.cells import (
    CONDITIONS,
    ID,
    LONGEST_CELL,
    OF,
    PART,
    QUESTIONS,
    WHAT,
    WHERE,
    WORDS_HEADING,
    Cell,
    CellAddress,
    CellKind,
    Cells,
    RowKey,
    SheetRows,
    cell_from_value,
    cells_from_file,
    lay_out_sheets,
)
from assess.core.exports import XLSX_OPTIONS, strip_invalid_xml
from assess.engine.bank import Edition
from assess.engine.bank_reader import DocumentError, read_condition
from assess.engine.in_words import EditionNames, condition_in_words, edition_names
from assess.question_banks.files import ContentFile, ContentFiles, content_digest
from assess.question_banks.schema_fields import as_list

HELP_SHEET, ORIGIN_SHEET = "How to use this", "Made from"
LAYOUT_MARK = "Assess bank, layout 1"
"""First cell of the hidden sheet: tells our workbooks from others."""
_WIDTHS = {ID: 28, OF: 28, WHAT: 12, PART: 26, WHERE: 22}
_HELP_LINES = (
    "Sort, filter and hide as you like. The order of rows means nothing: the column “Place” says what comes first.",
    "Change any white cell. Grey cells say what a row is about: leave them as they are.",
    "Empty a cell to take its value away. A row that you delete changes nothing, unless you tick that you want it gone when you send the file in.",
    "To add something, put a row below the others. Give it an id of small letters, digits and _ that was never used before. Leave “File” empty.",
    "Rows that have no id of their own carry a number: #1, #2. A new row #1.5 comes between them.",
    "An id never changes. Answers are kept by it. The words may change at any time.",
    "“Exact form” of a condition is what counts. “In words” only helps you read it, and is read over.",
    "Write lists with commas: S1, S2. Write “true” or “false” where a column holds them. A cell that begins with “exact:” is best left alone.",
    "Type no formulas. Pictures, colours, comments and sheets of your own are read over.",
    "Save the file as .xlsx and send it in on the page “Spreadsheet” of your draft. You see every change before anything is saved.",
)


def build_workbook(
    title: str, cells: Cells, origin: Mapping[str, str], in_words: Callable[[CellAddress], str] = lambda _address: ""
) -> bytes:
    """The workbook of these values, whatever files they are of. `origin`: the digest of each file, `in_words`: a condition for people."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {**XLSX_OPTIONS, "constant_memory": False})
    book.set_properties({"title": strip_invalid_xml(title)})
    looks = _CellFormats(book)
    sheets = lay_out_sheets(cells)
    _write_help(book.add_worksheet(HELP_SHEET), looks, title, sheets)
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.plan.title), sheet, cells, looks, in_words)
    hidden = book.add_worksheet(ORIGIN_SHEET)
    for number, row in enumerate([(LAYOUT_MARK, ""), *sorted(origin.items())]):
        for column, cell in enumerate(row):
            hidden.write_string(number, column, cell)
    hidden.hide()
    book.close()
    return file.getvalue()


class _CellFormats:
    """How cells look. Every one but a number is marked as text, so that no spreadsheet takes what is typed for a formula or a date."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head: Format = book.add_format(
            {"bold": True, "num_format": "@", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.text: Format = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.grey: Format = book.add_format({"num_format": "@", "valign": "top", "bg_color": "#EEEFEF"})
        self.grey_words: Format = book.add_format(
            {"num_format": "@", "valign": "top", "bg_color": "#EEEFEF", "text_wrap": True}
        )
        self.number: Format = book.add_format({"valign": "top"})


def _write_help(sheet: Worksheet, looks: _CellFormats, title: str, sheets: Sequence[SheetRows]) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)
    rows = [("", title), *(("", line) for line in _HELP_LINES), ("", "")]
    rows += [(one.plan.title, one.plan.about) for one in sheets]
    for number, (first, second) in enumerate(rows):
        sheet.write_string(number, 0, first, looks.text)
        sheet.write_string(number, 1, strip_invalid_xml(second), looks.head if number == 0 else looks.text)


def _write_sheet(
    sheet: Worksheet, laid: SheetRows, cells: Cells, looks: _CellFormats, in_words: Callable[[CellAddress], str]
) -> None:
    plan = laid.plan
    words = [WORDS_HEADING] if plan.title == CONDITIONS else []
    headings = [*plan.headings, *(column.heading for column in plan.columns), *words, WHERE]
    named = len(plan.headings)
    for place, heading in enumerate(headings):
        column = plan.columns[place - named] if named <= place < named + len(plan.columns) else None
        sheet.set_column(
            place,
            place,
            column.width if column else 70 if heading == WORDS_HEADING else _WIDTHS[heading],
            looks.number if column and column.kind is CellKind.NUMBER else looks.text,
        )
        sheet.write_string(0, place, heading, looks.head)
    sheet.freeze_panes(1, 1)
    rows = [(line, held) for line in laid.rows if (held := _row_cells(laid, line)) is not None]
    for number, (line, held) in enumerate(rows, 1):
        names = plan.names(line)
        for place, heading in enumerate(plan.headings):
            _write_cell(
                sheet, number, place, _id(cells, line) if heading == ID and plan.own_ids else names[heading], looks.grey
            )
        for place, column in enumerate(plan.columns, named):
            if column.part in held:
                cell = held[column.part]
                _write_cell(sheet, number, place, cell, looks.text if isinstance(cell, str) else looks.number)
        if words:
            said = in_words(CellAddress(line.file, line.what, line.id, line.part))
            sheet.write_string(number, len(headings) - 2, strip_invalid_xml(said)[:LONGEST_CELL], looks.grey_words)
        sheet.write_string(number, len(headings) - 1, line.file, looks.grey)
    sheet.autofilter(0, 0, max(1, len(rows)), len(headings) - 1)


def _row_cells(laid: SheetRows, line: RowKey) -> dict[str, Cell] | None:
    """The cells of a row. One with a value that no cell can hold is left out (None), and stays as it is in the draft."""
    row = laid.rows[line]
    cells = {
        column.part: cell_from_value(column.kind, row[column.part])
        for column in laid.plan.columns
        if column.part in row
    }
    too_long = any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells.values())
    return None if too_long else cells


def _id(cells: Cells, line: RowKey) -> Cell:
    """An id as it is written: some are numbers without quotes."""
    written = cells.get(CellAddress(line.file, line.what, line.id, (*line.part, "id")))
    if isinstance(written, int) and str(written) == (line.part[-1] if line.part else line.id):
        return cell_from_value(CellKind.NUMBER, written)
    return line.part[-1] if line.part and line.what == QUESTIONS else line.id


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, session: Format) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, session)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell, session)
    elif cell:
        sheet.write_string(row, column, cell, session)


def files_of_bank(files: ContentFiles, bank: str) -> list[ContentFile]:
    """The bank’s own file, the common ones it uses, the duties, and the sources. Files that cannot be read are left out."""
    own = files.at("", bank)
    if own is None:
        return []
    common = [files.at("common", str(name)) for name in as_list(own.raw_data.get("uses"))]
    found = [
        *common,
        own,
        *(one for one in files.inside("duties") if "duties" in one.raw_data),
        files.at("", "sources"),
    ]
    return [one for one in found if one is not None and one.raw_data]


def cells_of_bank(files: ContentFiles, bank: str) -> Cells:
    cells: Cells = {}
    for content_file in files_of_bank(files, bank):
        cells |= cells_from_file(content_file.name, content_file.raw_data)
    return cells


def bank_as_workbook(files: ContentFiles, bank: str, title: str, edition: Edition | None) -> bytes:
    """The workbook of a bank. `edition`: what the ids in conditions are called, when it could be compiled."""
    sheets = files_of_bank(files, bank)
    cells = cells_of_bank(files, bank)
    origin = {one.name: content_digest(cast("bytes", one.content)) for one in sheets}
    return build_workbook(title, cells, origin, condition_texts(cells, edition))


def condition_texts(cells: Mapping[CellAddress, object], edition: Edition | None) -> Callable[[CellAddress], str]:
    names = edition_names(edition) if edition else EditionNames()

    def said(at: CellAddress) -> str:
        try:
            return condition_in_words(read_condition(cells[at]), names)
        except (DocumentError, KeyError):
            return ""

    return said

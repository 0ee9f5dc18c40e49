"""Reads an uploaded import file through the reader process, and writes the template and the CSV of rows to repair."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assess.core.child_process import UploadRefusedError
from assess.core.db import JsonDict
from assess.core.exports import XLSX_OPTIONS, csv_file, strip_invalid_xml
from assess.core.sandbox import run_in_sandbox
from assess.suppliers.supplier_import import columns
from assess.suppliers.supplier_import.validation import ImportContext

_ZIP = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_BINARY_PREFIXES = (
    _ZIP,
    _OLD_WORKBOOK,
    b"%PDF",
    b"MZ",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"\x1f\x8b",
    b"{\\rtf",
)
"""How files begin that are no text, whatever they are called."""

_FILE_KINDS = {".csv": "csv", ".xlsx": "xlsx"}
TOO_LARGE = "The file is larger than 2 MB. Delete pictures and other sheets, or cut the list into smaller files."
TOOK_TOO_LONG = "The file took too long to read. Copy the list of suppliers into a new workbook and send that."
EMPTY_FILE = "The file is empty. Choose the one with your suppliers in it."
NO_ROWS = "The file has headings and no supplier below them. Put each supplier in a row of its own."
OLD_WORKBOOK = "This is a workbook of an old kind, or one with a password. Save it as .xlsx without a password, and choose that file."


@dataclass(frozen=True, slots=True)
class ImportTable:
    header: columns.ImportHeader
    rows: columns.ImportRows
    notes: int


def read_import_file(name: str, data: bytes) -> ImportTable:
    """The table in a file that a buyer called so. Opens a process; about half a second. Raises UploadRefusedError."""
    return to_table(_read_in_process(detect_file_kind(name, data), data))


def detect_file_kind(name: str, data: bytes) -> str:
    """`csv` or `xlsx`, where the name and the first bytes say the same. Raises UploadRefusedError."""
    kind = _FILE_KINDS.get(Path(name).suffix.lower())
    if not data:
        raise UploadRefusedError(EMPTY_FILE)
    if len(data) > columns.LARGEST_FILE:
        raise UploadRefusedError(TOO_LARGE)
    if data.startswith(_OLD_WORKBOOK):
        raise UploadRefusedError(OLD_WORKBOOK)
    if (
        kind is None
        or data.startswith(_BINARY_PREFIXES) != (kind == "xlsx")
        or (kind == "xlsx" and not data.startswith(_ZIP))
    ):
        raise UploadRefusedError(columns.NOT_TEXT)
    return kind


def to_table(rows: columns.ImportRows) -> ImportTable:
    """The table in these rows. Raises UploadRefusedError."""
    if not rows:
        raise UploadRefusedError(EMPTY_FILE)
    number, cells = rows[0]
    try:
        header = columns.read_header(cells, number)
    except columns.HeaderError as error:
        raise UploadRefusedError(str(error)) from error
    below = [
        (number, cells)
        for number, cells in rows[1:]
        if not (cells[0].startswith(f"{columns.NOTE_PREFIX} ") and not any(map(str.strip, cells[1:])))
    ]
    if not below:
        raise UploadRefusedError(NO_ROWS)
    return ImportTable(header, below, len(rows) - 1 - len(below))


def _read_in_process(kind: str, data: bytes) -> columns.ImportRows:
    rows = run_in_sandbox("assess.suppliers.supplier_import.reader_process", kind, data, too_long=TOOK_TOO_LONG)
    return [(number, list(cells)) for number, cells in rows]


LIST_SHEET, HELP_SHEET = "Suppliers", "What to put where"

_WIDTHS = {"name": 38, "email": 30, "reference": 14, "sector": 22}


def help_lines(known: ImportContext) -> list[tuple[str, str]]:
    words = {"sectors": "; ".join(known.sectors.values()), "areas": ", ".join(known.areas)}
    return [(column.id, column.holds.format(**words)) for column in columns.COLUMNS]


def template_csv(known: ImportContext) -> bytes:
    notes = [(f"{columns.NOTE_PREFIX} {heading}: {holds}",) for heading, holds in help_lines(known)]
    return csv_file([column.id for column in columns.COLUMNS], [_example_row(known), *notes])


def template_xlsx(known: ImportContext) -> bytes:
    """The same as a workbook. Every cell of the list is text, so that no number loses its first zero."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(XLSX_OPTIONS))
    book.set_properties({"title": "Suppliers"})
    text = book.add_format({"num_format": "@", "valign": "top"})
    bold = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(LIST_SHEET)
    for place, column in enumerate(columns.COLUMNS):
        sheet.set_column(place, place, _WIDTHS.get(column.id, 18), text)
    _write_row(sheet, 0, [column.id for column in columns.COLUMNS], bold)
    _write_row(sheet, 1, _example_row(known), text)
    sheet.freeze_panes(1, 1)
    about = book.add_worksheet(HELP_SHEET)
    about.set_column(0, 0, 20)
    about.set_column(1, 1, 90)
    for line, row in enumerate(help_lines(known)):
        _write_row(about, line, row, wrapped)
    book.close()
    return file.getvalue()


def repair_csv(rows: Iterable[tuple[int, JsonDict, Sequence[str]]]) -> bytes:
    """Rows that are given back, as CSV: their number, what stood in them, and the reasons. It can be sent in again once repaired."""
    names = [column.id for column in columns.COLUMNS]
    lines = [
        [str(number), *(str(values.get(name, "")) for name in names), " ".join(reasons)]
        for number, values, reasons in rows
    ]
    return csv_file([columns.ADDED_COLUMNS[0], *names, columns.ADDED_COLUMNS[1]], lines)


def _example_row(known: ImportContext) -> list[str]:
    words: Mapping[str, str] = {
        "sector": next(iter(known.sectors.values()), ""),
        "area": next(iter(known.areas), ""),
    }
    return [column.example.format(**words) for column in columns.COLUMNS]


def _write_row(sheet: Worksheet, line: int, cells: Sequence[str], cell_format: Format) -> None:
    for place, cell in enumerate(cells):
        sheet.write_string(line, place, strip_invalid_xml(cell), cell_format)

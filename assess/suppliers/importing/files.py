"""The files of this room: the template to fill in, as CSV and as a workbook, and the rows that are given back to be repaired."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assess.kit.db import Document
from assess.kit.formulas import writable
from assess.kit.spreadsheets import SAFE, csv_file
from assess.suppliers.importing.cells import Known
from assess.suppliers.importing.columns import COLUMNS, NOTE, OURS

LIST, HELP = "Suppliers", "What to put where"
"""Names of the sheets of the template."""

_WIDTHS = {"name": 38, "email": 30, "reference": 14, "sector": 22}


def help_lines(known: Known) -> list[tuple[str, str]]:
    """What each column may hold: its heading and a sentence."""
    words = {"sectors": "; ".join(known.sectors.values()), "areas": ", ".join(known.areas)}
    return [(column.id, column.holds.format(**words)) for column in COLUMNS]


def template_csv(known: Known) -> bytes:
    """The headings, an example, and lines of notes that are read over."""
    notes = [(f"{NOTE} {heading}: {holds}",) for heading, holds in help_lines(known)]
    return csv_file([column.id for column in COLUMNS], [_example(known), *notes])


def template_xlsx(known: Known) -> bytes:
    """The same as a workbook. Every cell of the list is text, so that no number loses its first zero."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(SAFE))
    book.set_properties({"title": "Suppliers"})
    text = book.add_format({"num_format": "@", "valign": "top"})
    bold = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(LIST)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, _WIDTHS.get(column.id, 18), text)
    _write(sheet, 0, [column.id for column in COLUMNS], bold)
    _write(sheet, 1, _example(known), text)
    sheet.freeze_panes(1, 1)
    about = book.add_worksheet(HELP)
    about.set_column(0, 0, 20)
    about.set_column(1, 1, 90)
    for line, row in enumerate(help_lines(known)):
        _write(about, line, row, wrapped)
    book.close()
    return file.getvalue()


def rows_to_repair(rows: Iterable[tuple[int, Document, Sequence[str]]]) -> bytes:
    """Rows that are given back, as CSV: their number, what stood in them, and the reasons. It can be sent in again once repaired."""
    names = [column.id for column in COLUMNS]
    lines = [
        [str(number), *(str(values.get(name, "")) for name in names), " ".join(reasons)]
        for number, values, reasons in rows
    ]
    return csv_file([OURS[0], *names, OURS[1]], lines)


def _example(known: Known) -> list[str]:
    words: Mapping[str, str] = {
        "sector": next(iter(known.sectors.values()), ""),
        "area": next(iter(known.areas), ""),
    }
    return [column.example.format(**words) for column in COLUMNS]


def _write(sheet: Worksheet, line: int, cells: Sequence[str], look: Format) -> None:
    for place, cell in enumerate(cells):
        sheet.write_string(line, place, writable(cell), look)

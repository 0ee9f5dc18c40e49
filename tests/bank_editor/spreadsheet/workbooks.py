"""A small bank, its workbook, and the workbook changed as somebody would change it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl

from assess.bank_editor.spreadsheet.cells import Cells, cells_from_file
from assess.bank_editor.spreadsheet.reader_process import Rows, read_sheets
from assess.bank_editor.spreadsheet.workbook import build_workbook

OWN = "small.yaml"
DATA: dict[str, Any] = {
    "format": 1,
    "bank": "small",
    "title": "Small shops",
    "sections": [
        {
            "id": "people",
            "title": "People",
            "questions": [
                {
                    "id": "papers",
                    "ask": "Who keeps papers?",
                    "type": "choice",
                    "quick": True,
                    "sources": ["S1", "S2"],
                    "show_if": {"total": {"at_least": 1}},
                    "options": [{"id": "worker", "label": "The worker", "points": 0}, {"id": "boss", "label": "The boss", "points": 4, "action": False}],
                    "action": {"do": "Give them back.", "priority": 30, "owner": "owner", "effort": "S"},
                },
                {"id": "total", "ask": "How many?", "type": "number", "bands": [{"up_to": 5, "points": 0}, {"points": 2}]},
            ],
        },
        {"id": "pay", "title": "Pay", "questions": [{"id": "cash", "ask": "Cash?", "type": "choice"}]},
    ],
    "checks": [{"id": "D1", "says": "Check this sum.", "when": "always"}],
}  # fmt: skip
BASE: Cells = cells_from_file(OWN, DATA)
Sheets = dict[str, Rows]


def book_of(cells: Mapping[Any, object] = BASE, **origin: str) -> bytes:
    """The workbook of these values."""
    return build_workbook("Small shops", dict(cells), origin or {OWN: "0" * 64})


def edited(book: bytes, edit: Callable[[Any], None]) -> bytes:
    """A workbook after somebody worked on it in a spreadsheet program."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    edit(opened)
    file = io.BytesIO()
    opened.save(file)
    return file.getvalue()


def put(book: Any, sheet: str, name: str, heading: str, value: object, *, of: str | None = None) -> None:
    """Write in the row of this id (and of this question) in this column."""
    held = book[sheet]
    headings = [cell.value for cell in held[1]]
    for row in held.iter_rows(min_row=2):
        if str(row[0].value) == name and (of is None or of in {str(cell.value) for cell in row[1:3]}):
            row[headings.index(heading)].value = value
            return
    raise LookupError(name)


def add(book: Any, sheet: str, **cells: object) -> None:
    """A new row below the others."""
    held = book[sheet]
    headings = [cell.value for cell in held[1]]
    held.append([cells.get(str(heading).replace(" ", "_")) for heading in headings])


def read(edit: Callable[[Any], None], cells: Mapping[Any, object] = BASE) -> Sheets:
    """The rows of a workbook that somebody worked on."""
    return read_sheets(edited(book_of(cells), edit))

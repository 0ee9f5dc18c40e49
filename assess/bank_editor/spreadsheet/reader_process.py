"""Child process that reads one workbook from standard input and prints JSON. It has no database, secrets or network, and limits on everything."""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any

from assess.core.child_process import UploadRefusedError, read_for_parent
from assess.core.workbook_reader import cell_text, check_archive, open_workbook

MAX_ROWS, MAX_COLUMNS = 20_000, 60
"""Of one sheet."""
FORMULA_CELL = {"formula": True}
"""Stands for a cell that would be computed."""
MACROS = "This workbook holds macros. Save it as .xlsx, without macros, and choose that file."

Rows = list[tuple[int, list[Any]]]
"""The number of each row that says something, from 1, and its cells: text, number, true or false, None, or `FORMULA_CELL`."""


def read_sheets(data: bytes) -> dict[str, Rows]:
    """The rows of every sheet by its title. Raises UploadRefusedError."""
    check_archive(data)
    if any("vbaproject" in name.lower() for name in zipfile.ZipFile(io.BytesIO(data)).namelist()):
        raise UploadRefusedError(MACROS)
    with open_workbook(data, formulas=True) as book:
        return {sheet.title: _rows(sheet) for sheet in book.worksheets}


def _rows(sheet: Any) -> Rows:  # noqa: ANN401  # of openpyxl, which has no types
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    rows: Rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        held = [_cell(cell) for cell in cells]
        while held and held[-1] is None:
            held.pop()
        if len(held) > MAX_COLUMNS:
            raise UploadRefusedError(
                f"Row {number} of the sheet “{sheet.title}” has more than {MAX_COLUMNS} columns. Delete those you added."
            )
        if held:
            rows.append((number, held))
        if len(rows) > MAX_ROWS or number > MAX_ROWS * 10:
            raise UploadRefusedError(
                f"The sheet “{sheet.title}” has more than {MAX_ROWS:,} rows. Delete the rows below your last one."
            )
    return rows


def _cell(cell: Any) -> Any:  # noqa: ANN401  # of openpyxl; whatever it holds
    if cell.data_type == "f":
        return FORMULA_CELL
    value = cell.value
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    text = cell_text(value)
    return text if text.strip() else None


if __name__ == "__main__":
    read_for_parent(read_sheets)

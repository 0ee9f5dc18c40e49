"""The reader: a process of its own that reads one workbook and ends. `python -m assess.editor.sheets.child xlsx`.

It gets the file from standard input and writes {"sheets": …} or {"refused": a sentence} to standard output. It has no database, no
secrets and no address to call, and a limit on everything a hostile file could use up.
"""

from __future__ import annotations

import io
import json
import math
import sys
import zipfile
from typing import Any

from assess.kit.workbooks.limits import limit_this_process
from assess.kit.workbooks.opening import look_at_archive, opened, written
from assess.kit.workbooks.refusing import FileRefusedError

MOST_ROWS, MOST_COLUMNS = 20_000, 60
"""Of one sheet."""
FORMULA = {"formula": True}
"""Stands for a cell that would be computed."""
MACROS = "This workbook holds macros. Save it as .xlsx, without macros, and choose that file."

Rows = list[tuple[int, list[Any]]]
"""The number of each row that says something, from 1, and its cells: text, number, true or false, None, or `FORMULA`."""


def read_sheets(data: bytes) -> dict[str, Rows]:
    """The rows of every sheet by its title.

    Raises:
        FileRefusedError
    """
    look_at_archive(data)
    if any("vbaproject" in name.lower() for name in zipfile.ZipFile(io.BytesIO(data)).namelist()):
        raise FileRefusedError(MACROS)
    with opened(data, formulas=True) as book:
        return {sheet.title: _rows(sheet) for sheet in book.worksheets}


def _rows(sheet: Any) -> Rows:  # noqa: ANN401  # of openpyxl, which has no types
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    rows: Rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        held = [_cell(cell) for cell in cells]
        while held and held[-1] is None:
            held.pop()
        if len(held) > MOST_COLUMNS:
            raise FileRefusedError(
                f"Row {number} of the sheet “{sheet.title}” has more than {MOST_COLUMNS} columns. Delete those you added."
            )
        if held:
            rows.append((number, held))
        if len(rows) > MOST_ROWS or number > MOST_ROWS * 10:
            raise FileRefusedError(
                f"The sheet “{sheet.title}” has more than {MOST_ROWS:,} rows. Delete the rows below your last one."
            )
    return rows


def _cell(cell: Any) -> Any:  # noqa: ANN401  # of openpyxl; whatever it holds
    if cell.data_type == "f":
        return FORMULA
    value = cell.value
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    text = written(value)
    return text if text.strip() else None


def answer(data: bytes) -> bytes:
    """What the parent is told."""
    try:
        said: dict[str, object] = {"sheets": read_sheets(data)}
    except FileRefusedError as refused:
        said = {"refused": str(refused)}
    return json.dumps(said).encode()


if __name__ == "__main__":
    limit_this_process()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))

"""The first sheet of a workbook as rows of text. Run in the child alone."""

from __future__ import annotations

from assess.kit.workbooks.opening import BROKEN, opened, written
from assess.kit.workbooks.refusing import FileRefusedError
from assess.suppliers.importing.refusing import MOST_ROWS, Rows, take

FAR_DOWN = (
    "The first sheet goes on below row {number:,}. Delete the rows below your last supplier, and send the file again."
)


def read_workbook(data: bytes) -> Rows:
    """The rows of the first sheet.

    Raises:
        FileRefusedError
    """
    with opened(data) as book:
        if not book.worksheets:
            raise FileRefusedError(BROKEN)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        rows: Rows = []
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > MOST_ROWS * 10:
                raise FileRefusedError(FAR_DOWN.format(number=MOST_ROWS * 10))
            take(rows, number, [written(value) for value in values])
        return rows

"""How much of a file is read."""

from __future__ import annotations

from assess.kit.workbooks.refusing import FileRefusedError

LARGEST_FILE = 2 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 30
"""Of a file of a buyer with very many suppliers; a larger one is sent in parts."""

Rows = list[tuple[int, list[str]]]
"""The number of each row that says something, from 1, and the text of its cells."""


def take(rows: Rows, number: int, cells: list[str]) -> None:
    """Add a row, unless it says nothing.

    Raises:
        FileRefusedError: when it is one too many, or too wide.
    """
    while cells and not cells[-1].strip():
        cells.pop()
    if not cells:
        return
    if len(cells) > MOST_COLUMNS:
        raise FileRefusedError(
            f"Row {number} has more than {MOST_COLUMNS} columns. Keep the columns of the template and delete the others."
        )
    if len(rows) > MOST_ROWS:  # the headings are one more
        raise FileRefusedError(
            f"The file has more than {MOST_ROWS:,} rows. Cut it into smaller files and send one at a time."
        )
    rows.append((number, cells))

"""How every spreadsheet of ours is written, as CSV and as XLSX: whatever somebody typed is text, and nothing in it can be run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from assess.kit.formulas import guarded

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells Excel that a CSV file is UTF-8."""

SAFE: Mapping[str, bool] = MappingProxyType(
    {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "use_future_functions": False,
    }
)
"""How a workbook is opened for writing: texts stay texts."""

Cell = str | int | float | date | None


def csv_file(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole file: UTF-8 with the mark, CRLF, every cell quoted, ISO dates, no cell that could be run."""
    return (MARK + csv_lines([titles]) + csv_lines(rows)).encode()


def csv_lines(rows: Iterable[Sequence[Cell]]) -> str:
    """Some lines of such a file, for one that is written while it is read."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return file.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return guarded(cell) if isinstance(cell, str) else str(cell)

"""Reads one CSV or XLSX file in a process of its own, without database or secrets: `python -m assess.suppliers.supplier_import.reader_process csv|xlsx`."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from functools import partial

from assess.core.child_process import UploadRefusedError, read_for_parent
from assess.core.exports import unescape_formulas
from assess.suppliers.supplier_import.columns import LARGEST_FILE, MAX_ROWS, ImportRows, append_row, find_column

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = ",;\t"
_SAMPLE_BYTES = 400
"""Bytes that show whether every second one is zero, as in UTF-16."""


def read_csv(data: bytes) -> ImportRows:
    """The rows of a CSV file. Raises UploadRefusedError."""
    text = decode_text(data)
    # some programs say in a first line which separator follows: it stays a row, empty, or every number would move
    first, end, rest = text.partition("\n")
    if first.strip().casefold() in {f"sep={sign}" for sign in _SEPARATORS}:
        text = f"{end}{rest}"
    csv.field_size_limit(LARGEST_FILE * 2)
    rows: ImportRows = []
    for number, cells in _records(text, detect_separator(text)):
        append_row(rows, number, [unescape_formulas(cell) for cell in cells])
    return rows


def decode_text(data: bytes) -> str:
    """The text, by its mark, else by what fits: UTF-8, UTF-16, Western Windows. Raises UploadRefusedError."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    for name in (marked,) if marked else (_guess_utf16(data), "utf-8", "cp1252"):
        if name is not None:
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                continue
    raise UploadRefusedError("The characters in this file cannot be read. Save it again as “CSV UTF-8”, or as .xlsx.")


def detect_separator(text: str) -> str:
    """The separator with which the first row has most headings we know, else most cells."""

    def fits(separator: str) -> tuple[int, int]:
        first = next((cells for _, cells in _records(text, separator, strict=False) if any(map(str.strip, cells))), [])
        return sum(find_column(cell) is not None for cell in first), len(first)

    return max(_SEPARATORS, key=fits)


def _records(text: str, separator: str, *, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Each record with its number, as a spreadsheet counts: a cell with a line break is still one row."""
    number = 1
    try:
        for number, cells in enumerate(  # the error names the record after the last good one
            csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict), 1
        ):
            yield number, cells
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise UploadRefusedError(
                f"A quotation mark opens after row {number} and never closes. Close it or delete it, and send the file again."
            ) from error
        raise UploadRefusedError(
            f"Something stands beside a quotation mark near row {number + 1}. Write the mark twice inside a cell, or delete it."
        ) from error


def _guess_utf16(data: bytes) -> str | None:
    start = data[:_SAMPLE_BYTES]
    if b"\0" not in start:
        return None
    odd, even = start[1::2].count(0), start[::2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be"


TOO_MANY_ROWS = (
    "The first sheet goes on below row {number:,}. Delete the rows below your last supplier, and send the file again."
)


def read_workbook(data: bytes) -> ImportRows:
    """The rows of the first sheet. Raises UploadRefusedError."""
    # openpyxl is loaded only where it is needed: a CSV file is opened in half the time
    from assess.core.workbook_reader import BROKEN_FILE, cell_text, open_workbook  # noqa: PLC0415  # openpyxl takes long to read

    with open_workbook(data) as book:
        if not book.worksheets:
            raise UploadRefusedError(BROKEN_FILE)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        rows: ImportRows = []
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > MAX_ROWS * 10:
                raise UploadRefusedError(TOO_MANY_ROWS.format(number=MAX_ROWS * 10))
            append_row(rows, number, [cell_text(value) for value in values])
        return rows


def read_rows(kind: str, data: bytes) -> ImportRows:
    """The rows of a file of this kind. Raises UploadRefusedError."""
    return read_csv(data) if kind == "csv" else read_workbook(data)


if __name__ == "__main__":
    read_for_parent(partial(read_rows, sys.argv[1]))

"""A CSV file as rows of text, whatever program wrote it: its letters, its separator, its quotes. Pure; run in the child."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from assess.kit.formulas import unguarded
from assess.kit.workbooks.refusing import FileRefusedError
from assess.suppliers.importing.columns import column_of
from assess.suppliers.importing.refusing import LARGEST_FILE, Rows, take

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = ",;\t"
_SOME = 400
"""Bytes that show whether every second one is zero, as in UTF-16."""

NOT_TEXT = (
    "The file is not a list of suppliers. Save it from your spreadsheet as .xlsx or as CSV, and choose that file."
)


def read_text(data: bytes) -> Rows:
    """The rows of a CSV file.

    Raises:
        FileRefusedError
    """
    text = _without_hint(decoded(data))
    csv.field_size_limit(LARGEST_FILE * 2)
    separator = separator_of(text)
    rows: Rows = []
    for number, cells in _records(text, separator):
        take(rows, number, [unguarded(cell) for cell in cells])
    return rows


def decoded(data: bytes) -> str:
    """The text, by its mark, else by what fits: UTF-8, UTF-16, the letters of Western Windows.

    Raises:
        FileRefusedError
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for name in (marked,) if marked else (_guessed(data), "utf-8", "cp1252"):
        if name is not None:
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                continue
    raise FileRefusedError("The letters of this file cannot be read. Save it again as “CSV UTF-8”, or as .xlsx.")


def separator_of(text: str) -> str:
    """The separator with which the first row has most headings we know, else most cells."""

    def fits(separator: str) -> tuple[int, int]:
        first = next((cells for _, cells in _records(text, separator, strict=False) if any(map(str.strip, cells))), [])
        return sum(column_of(cell) is not None for cell in first), len(first)

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
            raise FileRefusedError(
                f"A quotation mark opens after row {number} and never closes. Close it or delete it, and send the file again."
            ) from error
        raise FileRefusedError(
            f"Something stands beside a quotation mark near row {number + 1}. Write the mark twice inside a cell, or delete it."
        ) from error


def _without_hint(text: str) -> str:
    """Some programs say in a line of its own which separator follows; as a row it would move every number, so it stays one, empty."""
    first, end, rest = text.partition("\n")
    return f"{end}{rest}" if first.strip().casefold() in {f"sep={sign}" for sign in _SEPARATORS} else text


def _guessed(data: bytes) -> str | None:
    start = data[:_SOME]
    if b"\0" not in start:
        return None
    odd, even = start[1::2].count(0), start[::2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be"

"""A workbook opened. Run in a limited process alone: what it reads was written by strangers.

What the archive says of itself is looked at before anything is unpacked, and no more is ever unpacked than it says.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl

from assess.kit.workbooks.refusing import FileRefusedError

if not openpyxl.DEFUSEDXML:
    raise ImportError("openpyxl reads workbooks of strangers only with defusedxml. Install defusedxml.")

MOST_MEMBERS = 100
LARGEST_UNPACKED = 20 * 1024 * 1024
HIGHEST_RATIO = 100
LARGEST_PARTS = {"xl/styles.xml": 256 * 1024, "xl/sharedstrings.xml": 8 * 1024 * 1024}
"""Parts that are read whole before the first row, whatever is asked for. A bank with all its texts fills a fifth of the second."""
_SMALL = 64 * 1024
"""Below this, however well it is packed, nothing can grow."""

_DIGITS = 15
"""What a spreadsheet keeps of a number."""

_WRITTEN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (datetime, lambda value: value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")),
    (date, date.isoformat),
    (time, lambda value: value.isoformat("minutes")),
    (timedelta, lambda value: f"{value.total_seconds() / 3600:g} hours"),
    (
        float,
        lambda value: str(int(value)) if value.is_integer() and abs(value) < 10**_DIGITS else f"{value:.{_DIGITS}g}",
    ),
)
"""The first that fits counts: a bool is a number too, and a moment a date."""

BROKEN = "This workbook cannot be opened. Open it in your spreadsheet, save it again as .xlsx, and choose that file."
TOO_MUCH = "This workbook unpacks to more than this service reads. Copy the rows into a new workbook and send that."


@contextmanager
def opened(data: bytes, *, formulas: bool = False) -> Iterator[openpyxl.Workbook]:
    """The workbook in these bytes. `formulas`: whether a cell with a formula says that, or what it came to when it was saved.

    Raises:
        FileRefusedError
    """
    look_at_archive(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=not formulas, keep_links=False)
        try:
            yield book
        finally:
            book.close()
    except FileRefusedError:
        raise
    except (MemoryError, RecursionError) as error:
        raise FileRefusedError(TOO_MUCH) from error
    except Exception as error:  # a broken file breaks the library in every way there is
        raise FileRefusedError(BROKEN) from error


def look_at_archive(data: bytes) -> None:
    """What the archive says of its members.

    Raises:
        FileRefusedError: when they are too many, too large, packed too well to be true, or locked.
    """
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileRefusedError(BROKEN) from error
    names = {member.filename for member in members}
    if "EncryptedPackage" in names or any(member.flag_bits & 1 for member in members):
        raise FileRefusedError("This workbook is locked with a password. Save it without one, and choose that file.")
    large = sum(member.file_size for member in members)
    packed_too_well = any(
        member.file_size > _SMALL and member.file_size > HIGHEST_RATIO * member.compress_size for member in members
    )
    too_large = any(
        member.file_size > LARGEST_PARTS.get(member.filename.lower().lstrip("/"), LARGEST_UNPACKED)
        for member in members
    )
    if len(members) > MOST_MEMBERS or large > LARGEST_UNPACKED or too_large or packed_too_well:
        raise FileRefusedError(TOO_MUCH)
    if "[Content_Types].xml" not in names:
        raise FileRefusedError(BROKEN)


def written(value: object) -> str:
    """A value of a cell as a person would write it."""
    for kind, write in _WRITTEN:
        if isinstance(value, kind):
            return write(value)
    return "" if value is None else str(value)

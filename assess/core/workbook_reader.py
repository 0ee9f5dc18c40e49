"""Opens an uploaded workbook inside the sandbox process, after checking what the archive says of itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl

from assess.core.child_process import UploadRefusedError

if not openpyxl.DEFUSEDXML:
    raise ImportError("openpyxl reads workbooks of strangers only with defusedxml. Install defusedxml.")

MAX_MEMBERS = 100
MAX_UNPACKED_BYTES = 20 * 1024 * 1024
MAX_COMPRESSION_RATIO = 100
MAX_PART_BYTES = {"xl/styles.xml": 256 * 1024, "xl/sharedstrings.xml": 8 * 1024 * 1024}
"""Parts that are read whole before the first row, whatever is asked for. A bank with all its texts fills a fifth of the second."""
_RATIO_EXEMPT_BYTES = 64 * 1024
"""Below this, however well it is packed, nothing can grow."""

_MAX_DIGITS = 15
"""What a spreadsheet keeps of a number."""

_CELL_FORMATS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (datetime, lambda value: value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")),
    (date, date.isoformat),
    (time, lambda value: value.isoformat("minutes")),
    (timedelta, lambda value: f"{value.total_seconds() / 3600:g} hours"),
    (
        float,
        lambda value: (
            str(int(value)) if value.is_integer() and abs(value) < 10**_MAX_DIGITS else f"{value:.{_MAX_DIGITS}g}"
        ),
    ),
)
"""The first that fits counts: a bool is a number too, and a moment a date."""

BROKEN_FILE = (
    "This workbook cannot be opened. Open it in your spreadsheet, save it again as .xlsx, and choose that file."
)
FILE_TOO_LARGE = (
    "This workbook unpacks to more than this service reads. Copy the rows into a new workbook and send that."
)


@contextmanager
def open_workbook(data: bytes, *, formulas: bool = False) -> Iterator[openpyxl.Workbook]:
    """`formulas`: cells hold their formula, not the value saved with it. Raises `UploadRefusedError`."""
    check_archive(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=not formulas, keep_links=False)
        try:
            yield book
        finally:
            book.close()
    except UploadRefusedError:
        raise
    except (MemoryError, RecursionError) as error:
        raise UploadRefusedError(FILE_TOO_LARGE) from error
    except Exception as error:  # a broken file breaks the library in every way there is
        raise UploadRefusedError(BROKEN_FILE) from error


def check_archive(data: bytes) -> None:
    """What the archive says of its members. Raises `UploadRefusedError` when they are too many, too large, packed too well to be true, or locked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UploadRefusedError(BROKEN_FILE) from error
    names = {member.filename for member in members}
    if "EncryptedPackage" in names or any(member.flag_bits & 1 for member in members):
        raise UploadRefusedError("This workbook is locked with a password. Save it without one, and choose that file.")
    large = sum(member.file_size for member in members)
    packed_too_well = any(
        member.file_size > _RATIO_EXEMPT_BYTES and member.file_size > MAX_COMPRESSION_RATIO * member.compress_size
        for member in members
    )
    too_large = any(
        member.file_size > MAX_PART_BYTES.get(member.filename.lower().lstrip("/"), MAX_UNPACKED_BYTES)
        for member in members
    )
    if len(members) > MAX_MEMBERS or large > MAX_UNPACKED_BYTES or too_large or packed_too_well:
        raise UploadRefusedError(FILE_TOO_LARGE)
    if "[Content_Types].xml" not in names:
        raise UploadRefusedError(BROKEN_FILE)


def cell_text(value: object) -> str:
    for kind, write in _CELL_FORMATS:
        if isinstance(value, kind):
            return write(value)
    return "" if value is None else str(value)

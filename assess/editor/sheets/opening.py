"""A workbook that somebody sends in: looked at from outside here, and opened in a limited process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assess.editor.sheets.child import Rows
from assess.kit.workbooks.apart import read_apart
from assess.kit.workbooks.refusing import FileRefusedError

LARGEST_FILE = 4 * 1024 * 1024
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
NO_FILE = "Choose the workbook that you downloaded here and changed."
TOO_LARGE = "The file is larger than 4 MB. Delete pictures and sheets of your own, and choose it again."
NO_WORKBOOK = "The file is no .xlsx workbook. Save it from your spreadsheet as .xlsx, and choose that file."
OLD = "This is a workbook of an old kind, or one with a password. Save it as .xlsx without a password, and choose that file."
TOO_LONG = "The file took too long to read. Copy your changes into a workbook that is downloaded anew, and send that."


def open_workbook(name: str, data: bytes) -> Mapping[str, Rows]:
    """The rows of every sheet of a file that somebody called so. Opens a process; about a second.

    Raises:
        FileRefusedError: with one sentence on why, and what to do.
    """
    if not data:
        raise FileRefusedError(NO_FILE)
    if len(data) > LARGEST_FILE:
        raise FileRefusedError(TOO_LARGE)
    if data.startswith(_OLD):
        raise FileRefusedError(OLD)
    if Path(name).suffix.lower() not in {".xlsx", ".xlsm"} or not data.startswith(_ZIP):
        raise FileRefusedError(NO_WORKBOOK)
    said = read_apart("assess.editor.sheets.child", "xlsx", data, too_long=TOO_LONG)
    sheets: Mapping[str, Rows] = {
        title: [(number, cells) for number, cells in rows] for title, rows in said["sheets"].items()
    }
    return sheets

"""A file that somebody sent in, as a table: looked at from outside here, and opened in a limited child process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assess.kit.workbooks.apart import read_apart
from assess.kit.workbooks.refusing import FileRefusedError
from assess.suppliers.importing.columns import NOTE, Header, HeaderUnfitError, read_header
from assess.suppliers.importing.refusing import LARGEST_FILE, Rows
from assess.suppliers.importing.text_file import NOT_TEXT

_ZIP = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_NO_TEXT = (
    _ZIP,
    _OLD_WORKBOOK,
    b"%PDF",
    b"MZ",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"\x1f\x8b",
    b"{\\rtf",
)
"""How files begin that are no text, whatever they are called."""

_ENDINGS = {".csv": "csv", ".xlsx": "xlsx"}
TOO_LARGE = "The file is larger than 2 MB. Delete pictures and other sheets, or cut the list into smaller files."
TOOK_TOO_LONG = "The file took too long to read. Copy the list of suppliers into a new workbook and send that."
EMPTY = "The file is empty. Choose the one with your suppliers in it."
NO_ROWS = "The file has headings and no supplier below them. Put each supplier in a row of its own."
OLD = "This is a workbook of an old kind, or one with a password. Save it as .xlsx without a password, and choose that file."


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says: its headings, its rows with their numbers, and how many lines were notes to people."""

    header: Header
    rows: Rows
    notes: int


def read_file(name: str, data: bytes) -> Table:
    """The table in a file that somebody called so. Opens a process; about half a second.

    Raises:
        FileRefusedError
    """
    return as_table(_opened(kind_of(name, data), data))


def kind_of(name: str, data: bytes) -> str:
    """`csv` or `xlsx`, where the name and the first bytes say the same.

    Raises:
        FileRefusedError
    """
    kind = _ENDINGS.get(Path(name).suffix.lower())
    if not data:
        raise FileRefusedError(EMPTY)
    if len(data) > LARGEST_FILE:
        raise FileRefusedError(TOO_LARGE)
    if data.startswith(_OLD_WORKBOOK):
        raise FileRefusedError(OLD)
    if kind is None or data.startswith(_NO_TEXT) != (kind == "xlsx") or (kind == "xlsx" and not data.startswith(_ZIP)):
        raise FileRefusedError(NOT_TEXT)
    return kind


def as_table(rows: Rows) -> Table:
    """The table in these rows.

    Raises:
        FileRefusedError
    """
    if not rows:
        raise FileRefusedError(EMPTY)
    number, cells = rows[0]
    try:
        header = read_header(cells, number)
    except HeaderUnfitError as error:
        raise FileRefusedError(str(error)) from error
    below = [(number, cells) for number, cells in rows[1:] if not _is_note(cells)]
    if not below:
        raise FileRefusedError(NO_ROWS)
    return Table(header, below, len(rows) - 1 - len(below))


def _is_note(cells: list[str]) -> bool:
    return cells[0].startswith(f"{NOTE} ") and not any(map(str.strip, cells[1:]))


def _opened(kind: str, data: bytes) -> Rows:
    said = read_apart("assess.suppliers.importing.child", kind, data, too_long=TOOK_TOO_LONG)
    return [(number, list(cells)) for number, cells in said["rows"]]

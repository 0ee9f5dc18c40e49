"""How a value is written in one cell of a spreadsheet, and read again: numbers stay numbers, texts stay texts, lists read like lists.

Whatever would not come back as it was, by whichever kind it is, is written exactly: “exact: ” and the value. Pure rules.
"""

from __future__ import annotations

import copy
import enum
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from assess.banks.rewriting import same
from assess.banks.writing import EXACT, flow
from assess.banks.yaml_lines import UnreadableError, read_lines
from assess.kit.formulas import writable

Cell = str | int | float | bool | None
"""A cell as a spreadsheet knows it; None is an empty one."""
EXACTLY = "exact: "
LONGEST_CELL = 32_767
"""Letters that a spreadsheet keeps in a cell."""
_ESCAPED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_HARMED = re.compile(r"\r|_x[0-9A-Fa-f]{4}_")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NO_WORDS = frozenset({"null", "true", "false"})
_WORDS = {"true": True, "yes": True, "false": False, "no": False}
_UNREADABLE = "This cannot be read: a bracket, a comma or a quotation mark is missing. Compare it with another row."


class Kind(enum.Enum):
    """What a column holds."""

    TEXT = enum.auto()
    NUMBER = enum.auto()
    FLAG = enum.auto()
    """true or false."""
    LIST = enum.auto()
    """Short words or numbers, with commas between them."""
    SHORT = enum.auto()
    """A number, or a word."""
    GROUP = enum.auto()
    """A condition, or anything else that is written in curly brackets."""


class CellError(ValueError):
    """The cell cannot be read. The sentence says why, and what to do."""


def cell_of(kind: Kind, value: object) -> Cell:
    """The value as a cell. One that is too long for a cell comes back as it is: the caller looks at its length."""
    if kind is Kind.TEXT and isinstance(value, str) and _held(value):
        return value
    plain = _plain(kind, value)
    try:
        if plain is not None and _held(plain) and same(value_of(kind, plain), value):
            return plain
    except CellError:
        pass
    return EXACTLY + _ESCAPED.sub(r"\\u005f\1", json.dumps(value))


def value_of(kind: Kind, cell: Cell) -> object:
    """The value in a cell that is not empty.

    Raises:
        CellError
    """
    if isinstance(cell, str) and cell.startswith(EXACTLY):
        return _exact(cell)
    return _READ[kind](cell)


def _plain(kind: Kind, value: object) -> Cell:
    if kind is Kind.GROUP:
        return value if isinstance(value, (int, float)) else flow(value)
    if kind is Kind.LIST and isinstance(value, list) and value:
        return flow(value)[1:-1]
    return value if isinstance(value, (str, int, float)) else None


def _held(cell: Cell) -> bool:
    """Whether a spreadsheet brings this cell back as it is."""
    if isinstance(cell, str):
        return (
            bool(cell)
            and writable(cell) == cell
            and not _HARMED.search(cell)
            and not cell.startswith(EXACTLY)
            and bool(cell.strip())
        )
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return abs(cell) < EXACT and float(f"{cell:.16G}") == cell
    return True


def _exact(cell: str) -> object:
    try:
        value: object = json.loads(cell[len(EXACTLY) :])
        json.dumps(value, ensure_ascii=False).encode()  # half a letter is no text of any file
    except (ValueError, RecursionError):
        raise CellError("What stands after “exact:” cannot be read. Put it back as it was downloaded.") from None
    return value


def _number(cell: Cell) -> object:
    text = str(cell).strip().replace(",", "") if isinstance(cell, str) else ""
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if isinstance(cell, (str, bool)):
        raise CellError("A number belongs here. Write it in digits, or leave the cell empty.")
    return cell


def _flag(cell: Cell) -> object:
    if isinstance(cell, bool):
        return cell
    found = _WORDS.get(str(cell).strip().casefold())
    if found is None:
        raise CellError("“true” or “false” belongs here. Write one of them, or leave the cell empty.")
    return found


def _read(cell: object) -> object:
    """What this text says, by the reader of the bank files."""
    return copy.deepcopy(_read_once(" ".join(str(cell).splitlines())))


@lru_cache(maxsize=8192)
def _read_once(text: str) -> object:
    if _WORD.fullmatch(text) and text.lower() not in _NO_WORDS:
        return text
    try:
        return read_lines(f"k: {text}".encode()).data["k"]
    except (UnreadableError, KeyError):
        raise CellError(_UNREADABLE) from None


def _short(cell: Cell) -> object:
    return _number(cell) if isinstance(cell, str) and _NUMBER.fullmatch(cell.strip()) else cell


def _list(cell: Cell) -> object:
    return cell if isinstance(cell, bool) else _read(cell if str(cell).startswith("[") else f"[{cell}]")


_READ: Mapping[Kind, Callable[[Cell], object]] = {
    Kind.TEXT: lambda cell: cell,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.SHORT: _short,
    Kind.LIST: _list,
    Kind.GROUP: lambda cell: _read(cell) if isinstance(cell, str) else cell,
}

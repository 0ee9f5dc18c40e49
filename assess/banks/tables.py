"""Tables (CSV) read strictly, with the line of every row: a table is as it should be, or each fault is named with its line.

One row is one line. Spreadsheets may save with semicolons or drop leading zeros; both are found here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assess.banks.sheets import Found, Sheet, found
from assess.engine.problems import Problem, did_you_mean

Cell = Callable[[str], str]
"""Says what a cell must be when it is not (“must be …”), nothing when it is."""
LONGEST_SHOWN = 60
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row by column, and the line it stands on."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell of this column, without spaces around it."""
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Table:
    """A table's sound rows, and what is wrong with the others."""

    sheet: Sheet
    rows: tuple[Row, ...]
    problems: tuple[Found, ...]

    def at(self, row: Row, number: str, cause: str) -> Found:
        """A problem in this row."""
        return found(self.sheet.name, row.line, Problem(number, (), cause))


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table must look like: its columns in order with what their cells hold, and those that together make a row unique."""

    cells: Mapping[str, Cell]
    unique: Sequence[str]


def read_table(sheet: Sheet, columns: Columns) -> Table:
    """The rows of a sheet. A sheet that could not be opened or read as text has its problems already and no rows."""
    if sheet.problems:
        return Table(sheet, (), sheet.problems)
    lines = sheet.text.removesuffix("\n").split("\n")
    header = _cells(lines[0])
    if header != list(columns.cells):
        return Table(sheet, (), (found(sheet.name, 1, Problem("BANK085", (), _header_cause(header, columns))),))
    rows: list[Row] = []
    problems: list[Found] = []
    for number, line in enumerate(lines[1:], 2):
        faults, row = _row(number, line, columns)
        problems += [found(sheet.name, number, fault) for fault in faults]
        if row is not None and not faults:
            rows.append(row)
    problems += [found(sheet.name, line, fault) for line, fault in _repeated(rows, columns.unique)]
    return Table(sheet, tuple(rows), tuple(sorted(problems)))


def _cells(line: str) -> list[str] | None:
    try:
        return [cell.strip() for cell in next(csv.reader([line.removesuffix("\r")], strict=True), [])]
    except csv.Error:
        return None


def _header_cause(header: list[str] | None, columns: Columns) -> str:
    wanted = ", ".join(columns.cells)
    if header is None or len(header) <= 1:
        return f"The first line must name the columns, with commas between them: {wanted}."
    missing = [name for name in columns.cells if name not in header]
    strange = [name for name in header if name not in columns.cells]
    said = [f"missing: {', '.join(missing)}"] if missing else []
    said += [f"not known: {', '.join(map(shown, strange))}"] if strange else []
    return f"The columns are not those of this table ({'; '.join(said) or 'another order'}). They are: {wanted}."


def _row(number: int, line: str, columns: Columns) -> tuple[list[Problem], Row | None]:
    cells = _cells(line)
    if cells is None:
        return [
            Problem("BANK086", (), "A quote that opens in this row is not closed, or stands in the middle of a cell.")
        ], None
    if len(cells) != len(columns.cells):
        return [
            Problem("BANK086", (), f"This row has {len(cells)} cells; the table has {len(columns.cells)} columns.")
        ], None
    row = Row(number, dict(zip(columns.cells, cells, strict=True)))
    wrong = [(name, said) for name, cell in columns.cells.items() if (said := cell(row[name]))]
    return [Problem("BANK087", (), _cell_cause(name, said, row[name])) for name, said in wrong], row


def _cell_cause(name: str, said: str, cell: str) -> str:
    """What a cell must be and is not; a hint behind a semicolon stays the last."""
    wanted, _, hint = said.partition("; ")
    return f"“{name}” {wanted}, not {shown(cell)}" + (f"; {hint}" if hint else ".")


def _repeated(rows: Sequence[Row], unique: Sequence[str]) -> Iterator[tuple[int, Problem]]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in unique)
        if key in seen:
            said = ", ".join(cell for cell in key if cell)
            yield row.line, Problem("BANK088", (), f"{shown(said)} stands in line {seen[key]} already.")
        seen.setdefault(key, row.line)


def shown(text: str) -> str:
    """A cell as a message points to it."""
    if not text:
        return "nothing"
    return f"“{text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '…'}”"


def some_text(cell: str) -> str:
    """A text that may not be missing."""
    return "" if cell else "must hold a text"


def anything(_cell: str) -> str:
    """A cell nobody reckons with."""
    return ""


def one_of(words: Collection[str]) -> Cell:
    """One of a few words; "" among them for a cell that may be empty."""
    named = ", ".join(word for word in words if word) + (" or nothing" if "" in words else "")

    def check(cell: str) -> str:
        return "" if cell in words else f"must be one of {named}{did_you_mean(cell, words).rstrip('.')}"

    return check


def like(pattern: str, said: str, *, empty: bool = False) -> Cell:
    """A cell of this pattern, or an empty one where that is allowed."""
    form = re.compile(pattern)

    def check(cell: str) -> str:
        return "" if (empty and not cell) or form.fullmatch(cell) else f"must be {said}"

    return check


def number_from(least: float, most: float, *, empty: bool = False) -> Cell:
    """A number between two others, or an empty cell where that is allowed."""

    def check(cell: str) -> str:
        good = (empty and not cell) or (_NUMBER.fullmatch(cell) and least <= float(cell) <= most)
        return "" if good else f"must be a number from {least:g} to {most:g}"

    return check

"""What a workbook says, beside the texts it was made from: each value that is another one, with its row and column, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assess.banks.rewriting import same
from assess.editor.sheets.cells import PLACE, QUESTIONS, SECTION, SECTIONS, SOURCE, Address, Cells
from assess.editor.sheets.child import FORMULA, Rows
from assess.editor.sheets.layout import ID, PLANS, SINGLE, WHERE, WORDS, Column, Laid, Line, SheetPlan, laid_out
from assess.editor.sheets.workbook import HELP, MARK, ORIGIN
from assess.editor.sheets.writing_cells import Cell, CellError, cell_of, value_of
from assess.kit.workbooks.refusing import FileRefusedError

NOT_OURS = "This is no workbook of a bank. Download one on this page, make your changes in it, and choose that file."
_FIRST = 26
"""Letters of the alphabet."""


class _Gone:
    """Stands for a value that is taken away."""


GONE = _Gone()


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is another one than in the text the workbook was made from. `new` may be `GONE`."""

    at: Address
    new: object
    sheet: str
    row: int
    heading: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a cell, with the repair."""

    sheet: str
    row: int
    column: str
    says: str


@dataclass(slots=True)
class Taken:
    """What a workbook says. `missing`: rows that are not there any more; `unknown`: headings and sheets that were read over."""

    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    missing: list[tuple[str, Line]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def origin_of(sheets: Mapping[str, Rows]) -> dict[str, str]:
    """The digest of each text that a workbook was made from, by the name of the file.

    Raises:
        FileRefusedError: when it is none of ours.
    """
    rows = [cells for _, cells in sheets.get(ORIGIN, [])]
    if not rows or rows[0][0] != MARK:
        raise FileRefusedError(NOT_OURS)
    return {str(cells[0]): str(cells[1]) for cells in rows[1:] if len(cells) > 1}


def take_in(sheets: Mapping[str, Rows], base: Cells, own: str) -> Taken:
    """Hold a workbook against the values it was made from. `own`: the file of a thing that is new and names none."""
    taken = Taken()
    known = {plan.title for plan in PLANS}
    taken.unknown += [f"the sheet “{title}”" for title in sheets if title not in known | {HELP, ORIGIN}]
    for laid in laid_out(base):
        rows = sheets.get(laid.plan.title)
        if rows:
            _Sheet(laid, base, own, taken).read(rows)
    _see_homes(taken, base)
    return taken


class _Sheet:
    """One sheet of the workbook beside what it held when it was made."""

    def __init__(self, laid: Laid, base: Cells, own: str, taken: Taken) -> None:
        self.plan: SheetPlan = laid.plan
        self.held = laid.rows
        self.base = base
        self.own = own
        self.taken = taken
        self.files = {at.file for at in base}
        self.homes = {(at.what, at.id): at.file for at in base}
        self.seen: dict[Line, int] = {}
        self.lasts: dict[tuple[str, ...], float] = {}

    def read(self, rows: Rows) -> None:
        """All rows; the first one holds the headings."""
        first, headings = rows[0][0], [_text(cell) for cell in rows[0][1]]
        by_heading = {heading.casefold(): place for place, heading in enumerate(headings) if heading}
        absent = [one for one in self.plan.headings if one.casefold() not in by_heading]
        if absent:
            self.fault(
                first, absent[0], "This column is missing. Put its heading back, or download the workbook again."
            )
            return
        ours = {*self.plan.headings, *(column.heading for column in self.plan.columns), WORDS, WHERE}
        strangers = set(by_heading) - {one.casefold() for one in ours}
        self.taken.unknown += [
            f"the column “{one}” of {self.plan.title}" for one in headings if one.casefold() in strangers
        ]
        for number, cells in rows[1:]:
            self.row(
                number, {heading: cells[place] if place < len(cells) else None for heading, place in by_heading.items()}
            )
        self.taken.missing += [(self.plan.title, line) for line in self.held if line not in self.seen]

    def row(self, number: int, cells: Mapping[str, Any]) -> None:
        """One row: what it is about, then each value."""
        said = {one: _text(cells[one.casefold()]) for one in self.plan.headings}
        if not any(said.values()) and not any(
            cells.get(column.heading.casefold()) is not None for column in self.plan.columns
        ):
            return
        about = self.plan.reads(said)
        if about is None:
            self.fault(
                number,
                self.plan.headings[0],
                "It cannot be told what this row is about. Fill in the grey cells as in the other rows.",
            )
            return
        what, name, part = about
        line = Line(self.home(what, name, _text(cells.get(WHERE.casefold()))), what, name, part)
        if line in self.seen:
            self.fault(
                number,
                ID,
                f"This row says the same as row {self.seen[line]}. Keep one of them, or give this one another id.",
            )
            return
        self.seen[line] = number
        if line not in self.held and not self.begin(number, line, cells):
            return
        for column in self.plan.columns:
            if column.heading.casefold() in cells:
                self.value(number, line, column, cells[column.heading.casefold()])

    def home(self, what: str, name: str, written: str) -> str:
        """The file of a row: the one it names, else that of the thing, else the bank’s own."""
        if written in self.files or (not self.base and written):
            return written
        if (what, name) in self.homes:
            return self.homes[what, name]
        last = next((line.file for line in reversed(self.held) if line.what == what), None)
        return last if what in {"duty", SOURCE} and last else self.own

    def begin(self, number: int, line: Line, cells: Mapping[str, Any]) -> bool:
        """A row that was not there: a new thing, entry or value. Returns whether it may be one."""
        if all(cells.get(column.heading.casefold()) is None for column in self.plan.columns):
            return self.fault(
                number, self.plan.headings[0], "This row is new and says nothing. Fill it in, or delete it."
            )
        if self.plan.own_ids:
            key = line.part[-1] if line.part else line.id
            if not key.startswith("#"):
                written = cells[ID.casefold()]
                self.change(number, ID, line, "id", written if isinstance(written, int) else key)
                if cells.get("place") is None:
                    self.change(number, "Place", line, PLACE, self.last(line))
        return True

    def last(self, line: Line) -> float:
        """The place after all others."""
        group = (line.file, line.what, *(line.part[:-1] or ()))
        if group not in self.lasts:
            places = [
                values[PLACE]
                for one, values in self.held.items()
                if PLACE in values and (one.file, one.what, *(one.part[:-1] or ())) == group
            ]
            self.lasts[group] = max((place for place in places if isinstance(place, (int, float))), default=0)
        self.lasts[group] += 1
        return self.lasts[group]

    def value(self, number: int, line: Line, column: Column, cell: Cell | dict[str, bool]) -> None:
        """One cell. What reads as it did when the workbook was made is left as it was, however that was written."""
        part = column.part
        held = self.held.get(line, {})
        before = cell_of(column.kind, held[part]) if part in held else None
        if cell == before and isinstance(cell, bool) == isinstance(before, bool):
            return
        if cell == FORMULA or isinstance(cell, dict):
            self.fault(number, column.heading, "This cell holds a formula. Put in what it should say.")
            return
        if cell is None:
            if part in {PLACE, SECTION}:
                return
            self.change(number, column.heading, line, part, GONE)
            return
        try:
            new = value_of(column.kind, cell)
        except CellError as error:
            self.fault(number, column.heading, str(error))
            return
        if part not in held or not same(new, held[part]):
            self.change(number, column.heading, line, part, new)

    def change(self, number: int, heading: str, line: Line, part: str, new: object) -> None:
        """A value that is another one now. Of a line that is one value, the part is the line’s own."""
        way = (*line.part, part) if part else line.part
        self.taken.changes.append(
            Change(Address(line.file, line.what, line.id, way), new, self.plan.title, number, heading)
        )

    def fault(self, number: int, heading: str, says: str) -> bool:
        self.taken.faults.append(Fault(self.plan.title, number, heading, says))
        return False


def _see_homes(taken: Taken, base: Cells) -> None:
    """A question needs a section that is there, and an option a question: else it would be nowhere."""
    now = {**base, **{one.at: one.new for one in taken.changes}}
    there = {(at.file, at.what, at.id) for at, value in now.items() if value is not GONE and at.part == (PLACE,)}
    for one in taken.changes:
        at = one.at
        if at.what == QUESTIONS and at.part == (SECTION,) and (at.file, SECTIONS, str(one.new)) not in there:
            taken.faults.append(
                Fault(
                    one.sheet,
                    one.row,
                    one.heading,
                    f"There is no section “{one.new}” in {at.file}. Choose one that stands on the sheet Sections.",
                )
            )
        elif at.what == QUESTIONS and (at.file, QUESTIONS, at.id) not in there:
            taken.faults.append(
                Fault(one.sheet, one.row, one.heading, f"There is no question “{at.id}” in {at.file}. Look at the id.")
            )
        elif at.what == QUESTIONS and at.part == (PLACE,) and Address(at.file, QUESTIONS, at.id, (SECTION,)) not in now:
            taken.faults.append(
                Fault(
                    one.sheet,
                    one.row,
                    "Section",
                    "A new question needs its section. Write the id of one from the sheet Sections.",
                )
            )


def _text(cell: object) -> str:
    return "" if cell is None or isinstance(cell, dict) else str(cell).strip()


def removals(missing: Sequence[tuple[str, Line]], base: Cells) -> list[Change]:
    """What is taken away with rows that are not there any more, when somebody wants that."""
    rows: dict[tuple[str, str, str], list[tuple[str, Line]]] = {}
    for title, line in missing:
        rows.setdefault((line.file, line.what, line.id), []).append((title, line))
    found = {}
    for at in base:
        with_row = next((title for title, line in rows.get(at[:3], ()) if _goes_with(at, title, line)), None)
        if with_row is not None:
            found[at] = Change(at, GONE, with_row, 0, "")
    return list(found.values())


def _goes_with(at: Address, title: str, line: Line) -> bool:
    return at.part == line.part if title in SINGLE else at.part[: len(line.part)] == line.part

"""The rows of a file held against the rules: what each says, and every fault as a sentence. Pure, without database or clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assess.kit.db import Document
from assess.suppliers.importing.cells import FIT, UNSEEN, CellUnfitError, Known, look_at, tidy
from assess.suppliers.importing.columns import COLUMNS, EXAMPLE_NAME, Header
from assess.suppliers.keeping import Details
from assess.suppliers.models import Size

LONGEST_KEPT = 300
"""Characters of a bad cell that are given back."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell. `says` names row, column and repair."""

    column: str
    says: str

    @classmethod
    def at(cls, row: int, column: str, sentence: str) -> Fault:
        """A fault in this row and column."""
        words = column.removesuffix("_gbp").replace("_", " ")
        return cls(column, f"Row {row}, {words}: {sentence}")


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row. `details` are None when it has a fault; `due` is its own last day, if it names one; `cells` is what stands in it."""

    number: int
    cells: Mapping[str, str]
    details: Details | None
    due: date | None
    faults: tuple[Fault, ...]


def check(
    rows: Sequence[tuple[int, Sequence[str]]], header: Header, known: Known, *, asks: bool, sector: str | None
) -> list[CheckedRow]:
    """All rows in their order. `asks`: they are to be asked, so each needs a sector; `sector` is the one of rows that name none."""
    found: list[CheckedRow] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        row = _check_row(number, cells, header, known, sector)
        if row.details is not None:
            first = seen.setdefault(row.details.identity, number)
            faults = _of_whole(number, row.details, first, asks=asks)
            if faults:
                row = CheckedRow(number, _kept(row.cells), None, None, faults)
        found.append(row)
    return found


def as_values(details: Details, due: date | None) -> Document:
    """Details as plain data, without what was not told."""
    given = {
        "name": details.name,
        "email": details.email,
        "phone": details.phone,
        "company_number": details.company_number,
        "reference": details.reference,
        "sector": details.sector,
        "area": details.area,
        "size": details.size.value if details.size else None,
        "spend_gbp": details.spend_gbp,
        "due": due.isoformat() if due else None,
    }
    return {name: value for name, value in given.items() if value not in {None, ""}}


def from_values(values: Document) -> tuple[Details, date | None]:
    """The way back."""
    given: dict[str, Any] = dict(values)
    due = given.pop("due", None)
    size = given.pop("size", None)
    details = Details(**given, size=Size(size) if size else None)
    return details, date.fromisoformat(due) if due else None


def _check_row(number: int, cells: Sequence[str], header: Header, known: Known, sector: str | None) -> CheckedRow:
    said = {name: tidy(cells[place]) if place < len(cells) else "" for name, place in header.places.items()}
    fit: dict[str, Any] = {}
    faults = []
    for column in COLUMNS:
        text = said.get(column.id, "")
        try:
            look_at(column.id, text)
            fit[column.id] = FIT[column.id](text, known)
        except CellUnfitError as error:
            faults.append(Fault.at(number, column.id, str(error)))
    if said["name"] == EXAMPLE_NAME:
        faults = [Fault.at(number, "name", "This is the example of the template. Delete the row.")]
    due = fit.pop("due", None)
    if faults:
        return CheckedRow(number, _kept(said), None, None, tuple(faults))
    return CheckedRow(number, said, Details(**{**fit, "sector": fit["sector"] or sector}), due, ())


def _of_whole(number: int, details: Details, first: int, *, asks: bool) -> tuple[Fault, ...]:
    """Faults that no cell has by itself. `first`: the first row with the same supplier."""
    if asks and details.sector is None:
        return (Fault.at(number, "sector", "It is not said. Fill it in, or choose one sector for all on the form."),)
    if first == number:
        return ()
    if details.reference:
        return (
            Fault.at(number, "reference", f"Row {first} has the same. Delete one of the rows, or give it its own."),
        )
    return (Fault.at(number, "name", f"This is the same supplier as in row {first}. Delete one of the rows."),)


def _kept(said: Mapping[str, str]) -> dict[str, str]:
    """What is given back of a bad row: nothing that cannot be seen, for not every database can hold it."""
    return {
        name: "".join(letter if letter.isprintable() else UNSEEN for letter in text)[:LONGEST_KEPT]
        for name, text in said.items()
        if text
    }

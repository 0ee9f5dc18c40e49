"""Checks the rows of an imported file by the fields of the pages: what each says as it is kept, or one sentence for each cell that cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from assess.core.db import JsonDict
from assess.core.exports import escape_formulas
from assess.core.forms.fields import DateField
from assess.core.forms.form import Form, form_of
from assess.suppliers.forms import supplier_details, supplier_fields
from assess.suppliers.models import SupplierSize
from assess.suppliers.services import SupplierDetails
from assess.suppliers.supplier_import.columns import COLUMNS, EXAMPLE_NAME, ImportHeader

MAX_TIME_AHEAD = timedelta(days=366)
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""Stands for what cannot be seen in what is given back."""

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_SIGNED = frozenset({"phone", "spend_gbp"})
"""Columns in which a plus or minus may stand first; their own fields refuse everything else."""


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What cells are held against: the published banks and the areas served, each by id with its title, and the day."""

    sectors: Mapping[str, str]
    areas: Mapping[str, str]
    today: date


def spreadsheet_error(column: str, text: str) -> str:
    """What is wrong with a cell that a program wrote and no person: it shows an error, or is a formula. Empty: nothing."""
    if text.upper() in _ERRORS:
        return f"The cell shows the error {text.upper()}. Put in what it should say, or empty it."
    if column not in _SIGNED and escape_formulas(text)[:1] != text[:1]:
        return "It begins with a sign that makes a spreadsheet run it as a formula. Take the sign away."
    return ""


def due_field(today: date, *, required: str = "") -> DateField:
    """The last day to answer of a row or of a whole file: a day to come, at most a year ahead."""
    return DateField(
        required=required,
        earliest=today + timedelta(days=1),
        too_early="The date must be in the future. Choose a later one.",
        latest=today + MAX_TIME_AHEAD,
        too_late="The date is more than a year ahead. Choose an earlier one.",
    )


MAX_KEPT_CELL_LENGTH = 300
"""Characters of a bad cell that are given back."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one cell. `says` names row, column and repair."""

    column: str
    says: str

    @classmethod
    def at(cls, row: int, column: str, sentence: str) -> RowError:
        words = column.removesuffix("_gbp").replace("_", " ")
        return cls(column, f"Row {row}, {words}: {sentence}")


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row. `details` are None when it has a fault; `due` is its own last day, if it names one; `cells` is what stands in it."""

    number: int
    cells: Mapping[str, str]
    details: SupplierDetails | None
    due: date | None
    errors: tuple[RowError, ...]


def check_rows(
    rows: Sequence[tuple[int, Sequence[str]]],
    header: ImportHeader,
    known: ImportContext,
    *,
    asks: bool,
    sector: str | None,
) -> list[CheckedRow]:
    """All rows in their order. `asks`: they are to be asked, so each needs a sector; `sector` is the one of rows that name none."""
    found: list[CheckedRow] = []
    seen: dict[str, int] = {}
    form = form_of({**supplier_fields(known.sectors, known.areas), "due": due_field(known.today)})
    for number, cells in rows:
        typed = {name: cells[place] for name, place in header.places.items() if place < len(cells)}
        row = _check_row(number, typed, form, sector)
        if row.details is not None:
            first = seen.setdefault(row.details.identity, number)
            errors = _whole_row_errors(number, row.details, first, asks=asks)
            if errors:
                row = CheckedRow(number, _cells_to_keep(row.cells), None, None, errors)
        found.append(row)
    return found


def details_to_json(details: SupplierDetails, due: date | None) -> JsonDict:
    given = {**asdict(details), "due": due.isoformat() if due else None}
    return {name: value for name, value in given.items() if value not in {None, ""}}


def details_from_json(values: JsonDict) -> tuple[SupplierDetails, date | None]:
    given: dict[str, Any] = dict(values)
    due = given.pop("due", None)
    size = given.pop("size", None)
    details = SupplierDetails(**given, size=SupplierSize(size) if size else None)
    return details, date.fromisoformat(due) if due else None


def _check_row(number: int, typed: Mapping[str, str], form: Form, sector: str | None) -> CheckedRow:
    cells = {name: " ".join(text.split()) for name, text in typed.items()}
    read = form.read(MultiDict(typed))
    found = {column.id: spreadsheet_error(column.id, cells.get(column.id, "")) for column in COLUMNS}
    sentences = {name: error or read.errors.get(name, "") for name, error in found.items()}
    if cells.get("name") == EXAMPLE_NAME:
        sentences = {"name": "This is the example of the template. Delete the row."}
    errors = tuple(RowError.at(number, name, sentence) for name, sentence in sentences.items() if sentence)
    if errors:
        return CheckedRow(number, _cells_to_keep(cells), None, None, errors)
    details = supplier_details({**read.values, "sector": read["sector"] or sector})
    return CheckedRow(number, cells, details, read["due"], ())


def _whole_row_errors(number: int, details: SupplierDetails, first: int, *, asks: bool) -> tuple[RowError, ...]:
    """Faults that no cell has by itself. `first`: the first row with the same supplier."""
    if asks and details.sector is None:
        return (RowError.at(number, "sector", "It is not said. Fill it in, or choose one sector for all on the form."),)
    if first == number:
        return ()
    if details.reference:
        return (
            RowError.at(number, "reference", f"Row {first} has the same. Delete one of the rows, or give it its own."),
        )
    return (RowError.at(number, "name", f"This is the same supplier as in row {first}. Delete one of the rows."),)


def _cells_to_keep(cells: Mapping[str, str]) -> dict[str, str]:
    """What is given back of a bad row: nothing that cannot be seen, for not every database can hold it."""
    return {
        name: "".join(letter if letter.isprintable() else UNREADABLE for letter in text)[:MAX_KEPT_CELL_LENGTH]
        for name, text in cells.items()
        if text
    }

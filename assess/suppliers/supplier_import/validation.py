"""What one cell says, in the shape it is kept in, or one sentence on what is wrong with it and how to repair it. Pure rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from assess.core.db import JsonDict
from assess.core.exports import escape_formulas
from assess.core.mail.addresses import InvalidAddressError, clean_address
from assess.identity.organisations.name_rules import (
    InvalidCompanyNumberError,
    InvalidNameError,
    clean_company_number,
    clean_name,
)
from assess.suppliers.models import SupplierSize
from assess.suppliers.services import SupplierDetails
from assess.suppliers.supplier_import.columns import BY_ID, COLUMNS, EXAMPLE_NAME, ImportHeader, normalise_word

MAX_TIME_AHEAD = timedelta(days=366)
MAX_SPEND = 2_000_000_000
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""Stands for what cannot be seen, in what is shown and what is given back."""

_MAX_QUOTED = 40
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_SIGNED = frozenset({"phone", "spend_gbp"})
"""Columns in which a plus or minus may stand first; their own rules refuse everything else."""

_PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]*(?: ?(?:ext|x)\.? ?[0-9]{1,6})?", re.IGNORECASE)
_FEWEST_DIGITS = 5
_SPEND = re.compile(r"(?:£|gbp)? ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})? ?(k|m)?(?: ?gbp)?", re.IGNORECASE)
_TIMES: Mapping[str, int] = {"": 1, "k": 1000, "m": 1_000_000}
_STAFF = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})(?: (?:staff|people|employees|workers))?", re.IGNORECASE)
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
_SIZES = ((10, SupplierSize.MICRO), (50, SupplierSize.SMALL), (250, SupplierSize.MEDIUM))
"""From how many staff on a supplier is larger than this, as `SupplierSize` says."""


class CellError(ValueError):
    """A cell cannot be taken. The sentence says what is wrong and how to repair it, without row and column."""


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What cells are held against: the published banks by id with their titles, the areas served, and the day."""

    sectors: Mapping[str, str]
    areas: Collection[str]
    today: date


def collapse_spaces(text: str) -> str:
    return " ".join(text.split())


def quote_cell(text: str) -> str:
    """What a sentence quotes of a cell: nothing that cannot be seen, and not all of a novel."""
    seen = "".join(letter if letter.isprintable() else UNREADABLE for letter in collapse_spaces(text))
    return seen if len(seen) <= _MAX_QUOTED else f"{seen[:_MAX_QUOTED]}…"


def check_cell(column: str, text: str) -> None:
    """What holds for every column. `text` is tidy. Raises CellError."""
    if not text.isprintable() or UNREADABLE in text:
        raise CellError(f"“{quote_cell(text)}” holds a sign that cannot be read. Type the cell anew.")
    if text.upper() in _ERRORS:
        raise CellError(f"The cell shows the error {text.upper()}. Put in what it should say, or empty it.")
    if len(text) > BY_ID[column].longest:
        raise CellError(f"{len(text)} characters are too many. Use {BY_ID[column].longest} or fewer.")
    if column not in _SIGNED and escape_formulas(text)[:1] != text[:1]:
        raise CellError(
            f"“{quote_cell(text)}” begins with a sign that makes a spreadsheet run it as a formula. Take the sign away."
        )


def clean_name_cell(text: str, _known: ImportContext) -> str:
    try:
        return clean_name(text, "the name of the supplier")
    except InvalidNameError as error:
        raise CellError(str(error)) from error


def clean_email_cell(text: str, _known: ImportContext) -> str:
    try:
        return clean_address(text) if text else ""
    except InvalidAddressError as error:
        raise CellError(
            f"“{quote_cell(text)}” is no address that mail can be sent to. Write one address, like name@firm.co.uk."
        ) from error


def clean_phone_cell(text: str, _known: ImportContext) -> str:
    if text and not (_PHONE.fullmatch(text) and sum(map(str.isdigit, text)) >= _FEWEST_DIGITS):
        raise CellError(
            f"“{quote_cell(text)}” is no phone number. Write it like 01603 123456; set the column to “text” if it shows as 1.6E+09."
        )
    return text


def clean_company_number_cell(text: str, _known: ImportContext) -> str | None:
    try:
        return clean_company_number(text)
    except InvalidCompanyNumberError as error:
        raise CellError(f"“{quote_cell(text)}” is no company number. {error}") from error


def clean_reference_cell(text: str, _known: ImportContext) -> str:
    return text


def clean_sector_cell(text: str, known: ImportContext) -> str | None:
    """The id of a published bank, by its id or its title."""
    return _choose(
        text,
        {**{title: bank for bank, title in known.sectors.items()}, **{bank: bank for bank in known.sectors}},
        list(known.sectors.values()),
        "sector",
    )


def clean_area_cell(text: str, known: ImportContext) -> str | None:
    return _choose(text, {area: area for area in known.areas}, list(known.areas), "area")


def clean_size_cell(text: str, _known: ImportContext) -> SupplierSize | None:
    if not text:
        return None
    if text.casefold() in set(SupplierSize):
        return SupplierSize(text.casefold())
    found = _STAFF.fullmatch(text)
    if found is None:
        raise CellError(
            f"“{quote_cell(text)}” is no size. Write micro, small, medium or large, or the number of staff."
        )
    staff = int(found.group(1).replace(",", ""))
    return next((size for fewer, size in _SIZES if staff < fewer), SupplierSize.LARGE)


def clean_spend_cell(text: str, _known: ImportContext) -> int | None:
    if not text:
        return None
    found = _SPEND.fullmatch(text)
    if found is None:
        raise CellError(f"“{quote_cell(text)}” is no amount of pounds. Write it like 12500, £12,500 or 12.5k.")
    pounds = round(
        float(found.group(1).replace(",", "") + (found.group(2) or "")) * _TIMES[(found.group(3) or "").lower()]
    )
    if pounds > MAX_SPEND:
        raise CellError(f"“{quote_cell(text)}” is more than this service can hold. Look at the number again.")
    return pounds


def clean_due_cell(text: str, known: ImportContext) -> date | None:
    """A day to come, at most a year ahead."""
    if not text:
        return None
    day = next(filter(None, (_parse_date(text, shape) for shape in _DAYS)), None)
    if day is None:
        raise CellError(f"“{quote_cell(text)}” is no date. Write it like 2026-12-24 or 24/12/2026.")
    error = due_date_error(day, known.today)
    if error:
        raise CellError(error)
    return day


def due_date_error(day: date, today: date) -> str | None:
    if day <= today:
        return "The date must be in the future. Choose a later one."
    if day > today + MAX_TIME_AHEAD:
        return "The date is more than a year ahead. Choose an earlier one."
    return None


CELL_CLEANERS: Mapping[str, Callable[[str, ImportContext], object]] = {
    "name": clean_name_cell,
    "email": clean_email_cell,
    "phone": clean_phone_cell,
    "company_number": clean_company_number_cell,
    "reference": clean_reference_cell,
    "sector": clean_sector_cell,
    "area": clean_area_cell,
    "size": clean_size_cell,
    "spend_gbp": clean_spend_cell,
    "due": clean_due_cell,
}


def _parse_date(text: str, shape: str) -> date | None:
    try:
        return datetime.strptime(text, shape).date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        return None


def _choose(text: str, by_word: Mapping[str, str], words: Collection[str], what: str) -> str | None:
    if not text:
        return None
    found = {normalise_word(word): own for word, own in by_word.items()}.get(normalise_word(text))
    if found is None:
        raise CellError(f"“{quote_cell(text)}” is no {what} of this service. Write one of: {', '.join(words)}.")
    return found


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
    for number, cells in rows:
        row = _check_row(number, cells, header, known, sector)
        if row.details is not None:
            first = seen.setdefault(row.details.identity, number)
            errors = _whole_row_errors(number, row.details, first, asks=asks)
            if errors:
                row = CheckedRow(number, _cells_to_keep(row.cells), None, None, errors)
        found.append(row)
    return found


def details_to_json(details: SupplierDetails, due: date | None) -> JsonDict:
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


def details_from_json(values: JsonDict) -> tuple[SupplierDetails, date | None]:
    given: dict[str, Any] = dict(values)
    due = given.pop("due", None)
    size = given.pop("size", None)
    details = SupplierDetails(**given, size=SupplierSize(size) if size else None)
    return details, date.fromisoformat(due) if due else None


def _check_row(
    number: int, cells: Sequence[str], header: ImportHeader, known: ImportContext, sector: str | None
) -> CheckedRow:
    said = {name: collapse_spaces(cells[place]) if place < len(cells) else "" for name, place in header.places.items()}
    fit: dict[str, Any] = {}
    errors = []
    for column in COLUMNS:
        text = said.get(column.id, "")
        try:
            check_cell(column.id, text)
            fit[column.id] = CELL_CLEANERS[column.id](text, known)
        except CellError as error:
            errors.append(RowError.at(number, column.id, str(error)))
    if said["name"] == EXAMPLE_NAME:
        errors = [RowError.at(number, "name", "This is the example of the template. Delete the row.")]
    due = fit.pop("due", None)
    if errors:
        return CheckedRow(number, _cells_to_keep(said), None, None, tuple(errors))
    return CheckedRow(number, said, SupplierDetails(**{**fit, "sector": fit["sector"] or sector}), due, ())


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


def _cells_to_keep(said: Mapping[str, str]) -> dict[str, str]:
    """What is given back of a bad row: nothing that cannot be seen, for not every database can hold it."""
    return {
        name: "".join(letter if letter.isprintable() else UNREADABLE for letter in text)[:MAX_KEPT_CELL_LENGTH]
        for name, text in said.items()
        if text
    }

"""What one cell says, in the shape it is kept in, or one sentence on what is wrong with it and how to repair it. Pure rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assess.kit.formulas import guarded
from assess.kit.mail.addresses import AddressUnfitError, fit_address
from assess.people.organisations.naming import NameUnfitError, NumberUnfitError, fit_company_number, fit_name
from assess.suppliers.importing.columns import BY_ID
from assess.suppliers.models import Size

LONGEST_AHEAD = timedelta(days=366)
MOST_SPEND = 2_000_000_000
UNSEEN = "\N{REPLACEMENT CHARACTER}"
"""Stands for what cannot be seen, in what is shown and what is given back."""

_SHOWN = 40
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_SIGNED = frozenset({"phone", "spend_gbp"})
"""Columns in which a plus or minus may stand first; their own rules refuse everything else."""

_PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]*(?: ?(?:ext|x)\.? ?[0-9]{1,6})?", re.IGNORECASE)
_FEWEST_DIGITS = 5
_SPEND = re.compile(r"(?:£|gbp)? ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})? ?(k|m)?(?: ?gbp)?", re.IGNORECASE)
_TIMES: Mapping[str, int] = {"": 1, "k": 1000, "m": 1_000_000}
_STAFF = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})(?: (?:staff|people|employees|workers))?", re.IGNORECASE)
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
_SIZES = ((10, Size.MICRO), (50, Size.SMALL), (250, Size.MEDIUM))
"""From how many staff on a supplier is larger than this, as `Size` says."""


class CellUnfitError(ValueError):
    """A cell cannot be taken. The sentence says what is wrong and how to repair it, without row and column."""


@dataclass(frozen=True, slots=True)
class Known:
    """What cells are held against: the published banks by id with their titles, the areas served, and the day."""

    sectors: Mapping[str, str]
    areas: Collection[str]
    today: date


def tidy(text: str) -> str:
    """The text of a cell with single spaces and none around it."""
    return " ".join(text.split())


def shown(text: str) -> str:
    """What a sentence quotes of a cell: nothing that cannot be seen, and not all of a novel."""
    seen = "".join(letter if letter.isprintable() else UNSEEN for letter in tidy(text))
    return seen if len(seen) <= _SHOWN else f"{seen[:_SHOWN]}…"


def look_at(column: str, text: str) -> None:
    """What holds for every column. `text` is tidy.

    Raises:
        CellUnfitError
    """
    if not text.isprintable() or UNSEEN in text:
        raise CellUnfitError(f"“{shown(text)}” holds a sign that cannot be read. Type the cell anew.")
    if text.upper() in _ERRORS:
        raise CellUnfitError(f"The cell shows the error {text.upper()}. Put in what it should say, or empty it.")
    if len(text) > BY_ID[column].longest:
        raise CellUnfitError(f"{len(text)} characters are too many. Use {BY_ID[column].longest} or fewer.")
    if column not in _SIGNED and guarded(text)[:1] != text[:1]:
        raise CellUnfitError(
            f"“{shown(text)}” begins with a sign that makes a spreadsheet run it as a formula. Take the sign away."
        )


def fit_supplier_name(text: str, _known: Known) -> str:
    """The name of the supplier."""
    try:
        return fit_name(text, "the name of the supplier")
    except NameUnfitError as error:
        raise CellUnfitError(str(error)) from error


def fit_email(text: str, _known: Known) -> str:
    """An address, or nothing."""
    try:
        return fit_address(text) if text else ""
    except AddressUnfitError as error:
        raise CellUnfitError(
            f"“{shown(text)}” is no address that mail can be sent to. Write one address, like name@firm.co.uk."
        ) from error


def fit_phone(text: str, _known: Known) -> str:
    """A number to call, as it was written."""
    if text and not (_PHONE.fullmatch(text) and sum(map(str.isdigit, text)) >= _FEWEST_DIGITS):
        raise CellUnfitError(
            f"“{shown(text)}” is no phone number. Write it like 01603 123456; set the column to “text” if it shows as 1.6E+09."
        )
    return text


def fit_number(text: str, _known: Known) -> str | None:
    """A number of the company register."""
    try:
        return fit_company_number(text)
    except NumberUnfitError as error:
        raise CellUnfitError(f"“{shown(text)}” is no company number. {error}") from error


def fit_reference(text: str, _known: Known) -> str:
    """The buyer's own number: anything short."""
    return text


def fit_sector(text: str, known: Known) -> str | None:
    """The id of a published bank, by its id or its title."""
    return _one_of(
        text,
        {**{title: bank for bank, title in known.sectors.items()}, **{bank: bank for bank in known.sectors}},
        list(known.sectors.values()),
        "sector",
    )


def fit_area(text: str, known: Known) -> str | None:
    """One of the areas of this service."""
    return _one_of(text, {area: area for area in known.areas}, list(known.areas), "area")


def fit_size(text: str, _known: Known) -> Size | None:
    """A size by its word or by a number of staff."""
    if not text:
        return None
    if text.casefold() in set(Size):
        return Size(text.casefold())
    found = _STAFF.fullmatch(text)
    if found is None:
        raise CellUnfitError(
            f"“{shown(text)}” is no size. Write micro, small, medium or large, or the number of staff."
        )
    staff = int(found.group(1).replace(",", ""))
    return next((size for fewer, size in _SIZES if staff < fewer), Size.LARGE)


def fit_spend(text: str, _known: Known) -> int | None:
    """Whole pounds a year."""
    if not text:
        return None
    found = _SPEND.fullmatch(text)
    if found is None:
        raise CellUnfitError(f"“{shown(text)}” is no amount of pounds. Write it like 12500, £12,500 or 12.5k.")
    pounds = round(
        float(found.group(1).replace(",", "") + (found.group(2) or "")) * _TIMES[(found.group(3) or "").lower()]
    )
    if pounds > MOST_SPEND:
        raise CellUnfitError(f"“{shown(text)}” is more than this service can hold. Look at the number again.")
    return pounds


def fit_due(text: str, known: Known) -> date | None:
    """A day to come, at most a year ahead."""
    if not text:
        return None
    day = next(filter(None, (_day(text, shape) for shape in _DAYS)), None)
    if day is None:
        raise CellUnfitError(f"“{shown(text)}” is no date. Write it like 2026-12-24 or 24/12/2026.")
    fault = fault_in_due(day, known.today)
    if fault:
        raise CellUnfitError(fault)
    return day


def fault_in_due(day: date, today: date) -> str | None:
    """What is wrong with this last day to answer; None when nothing is."""
    if day <= today:
        return "The date must be in the future. Choose a later one."
    if day > today + LONGEST_AHEAD:
        return "The date is more than a year ahead. Choose an earlier one."
    return None


FIT: Mapping[str, Callable[[str, Known], object]] = {
    "name": fit_supplier_name,
    "email": fit_email,
    "phone": fit_phone,
    "company_number": fit_number,
    "reference": fit_reference,
    "sector": fit_sector,
    "area": fit_area,
    "size": fit_size,
    "spend_gbp": fit_spend,
    "due": fit_due,
}
"""How each column is read, by its id."""


def _day(text: str, shape: str) -> date | None:
    try:
        return datetime.strptime(text, shape).date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        return None


def _one_of(text: str, by_word: Mapping[str, str], words: Collection[str], what: str) -> str | None:
    if not text:
        return None
    found = {_bare(word): own for word, own in by_word.items()}.get(_bare(text))
    if found is None:
        raise CellUnfitError(f"“{shown(text)}” is no {what} of this service. Write one of: {', '.join(words)}.")
    return found


def _bare(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())

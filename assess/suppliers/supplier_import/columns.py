"""Columns an import file may have, and where each stands in it. Loaded by the process that reads files, so without database and fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.core.child_process import UploadRefusedError

MAX_HEADING_LENGTH = 60


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """One column. `id` is its heading in our files; `also`: other headings, in small letters without spaces and signs.

    `holds`: a sentence that says what may stand in it. `example`: what the row in our template says.
    """

    id: str
    also: tuple[str, ...]
    holds: str
    example: str


EXAMPLE_NAME = "Example Supplier Ltd (delete this row)"
COLUMNS = (
    ImportColumn(
        "name",
        ("supplier", "suppliername", "company", "companyname", "business", "businessname", "organisation", "vendor"),
        "Needed. What the supplier is called.",
        EXAMPLE_NAME,
    ),
    ImportColumn(
        "email",
        ("emailaddress", "mail", "contactemail", "supplieremail"),
        "Where the email goes, like orders@farm.example. Without one the supplier is put on your list and not asked.",
        "orders@farm.example",
    ),
    ImportColumn(
        "phone",
        (
            "telephone",
            "tel",
            "phonenumber",
            "telephonenumber",
            "telno",
            "phoneno",
            "contactnumber",
            "mobile",
            "contactphone",
        ),
        "A number to call, like 01603 123456 or +44 1603 123456. If it shows as 1.6E+09, set the column to “text”.",
        "01603 123456",
    ),
    ImportColumn(
        "company_number",
        (
            "companyno",
            "companynumbers",
            "registrationnumber",
            "companyregistrationnumber",
            "companieshousenumber",
            "crn",
        ),
        "The 8 characters of the company register, like 01234567. Empty if it is no company.",
        "01234567",
    ),
    ImportColumn(
        "reference",
        ("ref", "supplierreference", "supplierref", "suppliernumber", "supplierid", "vendornumber", "yourreference"),
        "Your own number for this supplier. No two suppliers may have the same.",
        "S-1001",
    ),
    ImportColumn(
        "sector",
        ("industry", "type", "typeofwork", "kindofwork", "businesstype"),
        "The kind of work. One of: {sectors}.",
        "{sector}",
    ),
    ImportColumn("area", ("place", "region"), "Where it works. One of: {areas}.", "{area}"),
    ImportColumn(
        "size",
        ("staff", "employees", "numberofstaff", "numberofemployees", "headcount"),
        "How many people work there: a number, or micro (fewer than 10), small (10 to 49), medium (50 to 249) or large.",
        "small",
    ),
    ImportColumn(
        "spend_gbp",
        ("spend", "annualspend", "yearlyspend", "spendayear", "spendperyear"),
        "Pounds you spend there in a year, like £12,500 or 12.5k.",
        "£12,500",
    ),
    ImportColumn(
        "due",
        ("duedate", "answerby", "deadline", "by"),
        "The last day to answer, like 2026-12-24 or 24/12/2026, if it is not the one you choose for all.",
        "",
    ),
)
BY_ID: Mapping[str, ImportColumn] = {column.id: column for column in COLUMNS}
ADDED_COLUMNS = ("row", "reason")
"""Columns that we add to the rows we give back. They are read over."""

NOTE_PREFIX = "#"
"""A line that begins with this, and says nothing in its other cells, is a note to people."""


@dataclass(frozen=True, slots=True)
class ImportHeader:
    """Which column stands where. `places`: by id, from 0. `unknown`: headings nobody knows."""

    places: Mapping[str, int]
    unknown: tuple[str, ...]


class HeaderError(ValueError):
    """The first row does not say what stands where; the sentence says how to repair it."""


def read_header(cells: Sequence[str], number: int) -> ImportHeader:
    """The columns, by the first row. Raises HeaderError without a column for names, or with two for the same."""
    places: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(cells):
        found = find_column(heading)
        if found in ADDED_COLUMNS or not heading.strip():
            continue
        if found is None:
            unknown.append(" ".join(heading.split())[:MAX_HEADING_LENGTH])
        elif found in places:
            raise HeaderError(
                f"Row {number} has two columns for “{found}”: {spreadsheet_column_name(places[found])} and {spreadsheet_column_name(place)}. "
                "Delete one of them, or give it another heading."
            )
        else:
            places[found] = place
    if "name" not in places:
        raise HeaderError(
            f"Row {number} has no column called “name”. Put the headings in the first row, one of them “name”, and delete "
            "any title or empty rows above them. The template shows how."
        )
    return ImportHeader(places, tuple(unknown))


def find_column(heading: str) -> str | None:
    plain = normalise_word(heading)
    for column in COLUMNS:
        if plain == normalise_word(column.id) or plain in map(normalise_word, column.also):
            return column.id
    return plain if plain in ADDED_COLUMNS else None


def spreadsheet_column_name(place: int) -> str:
    """How a spreadsheet calls a column: A, B, …, Z, AA, from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def normalise_word(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


LARGEST_FILE = 2 * 1024 * 1024
MAX_ROWS = 2000
MAX_COLUMNS = 30
"""Of a file of a buyer with very many suppliers; a larger one is sent in parts."""

ImportRows = list[tuple[int, list[str]]]
"""The number of each row that says something, from 1, and the text of its cells."""


def append_row(rows: ImportRows, number: int, cells: list[str]) -> None:
    """Add a row, unless it says nothing. Raises UploadRefusedError when it is one too many, or too wide."""
    while cells and not cells[-1].strip():
        cells.pop()
    if not cells:
        return
    if len(cells) > MAX_COLUMNS:
        raise UploadRefusedError(
            f"Row {number} has more than {MAX_COLUMNS} columns. Keep the columns of the template and delete the others."
        )
    if len(rows) > MAX_ROWS:  # the headings are one more
        raise UploadRefusedError(
            f"The file has more than {MAX_ROWS:,} rows. Cut it into smaller files and send one at a time."
        )
    rows.append((number, cells))


NOT_TEXT = (
    "The file is not a list of suppliers. Save it from your spreadsheet as .xlsx or as CSV, and choose that file."
)

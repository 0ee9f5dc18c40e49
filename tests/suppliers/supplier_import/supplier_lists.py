"""Lists of suppliers as a procurement officer has them: good rows, a row with every kind of fault, as CSV and as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

import openpyxl

from assess.suppliers.supplier_import.validation import ImportContext

TODAY = date(2026, 11, 24)
KNOWN = ImportContext(
    {
        "car_washes": "Car washes and valeting",
        "farming": "Farming and growing",
        "hospitality": "Hotels, pubs and cafés",
    },
    {"norfolk": "Norfolk", "other": "Somewhere else"},
    TODAY,
)
HEADINGS = ["Supplier name", "Email", "Phone", "Company number", "Reference", "Sector", "Area", "Size", "Spend", "Due"]
PLACES = {
    name: place
    for place, name in enumerate(
        ("name", "email", "phone", "company_number", "reference", "sector", "area", "size", "spend_gbp", "due")
    )
}

FAULTS: Sequence[tuple[str, str]] = (
    ("name", ""),
    ("name", "See www.prices.example"),
    ("name", "N" * 121),
    ("name", "=HYPERLINK(1)"),
    ("name", "Zero\u200bwidth"),
    ("name", "#REF!"),
    ("email", "nobody"),
    ("email", "two@a.example, three@a.example"),
    ("email", "ü@a.example"),
    ("email", "a" * 250 + "@a.example"),
    ("email", "@a.example"),
    ("phone", "ask Jo"),
    ("phone", "1.60E+09"),
    ("phone", "0" * 41),
    ("company_number", "123"),
    ("company_number", "ABCDEFGH"),
    ("reference", "R" * 61),
    ("reference", "-2+3"),
    ("sector", "fishing"),
    ("sector", "\ufffdfarming"),
    ("area", "Suffolk"),
    ("size", "huge"),
    ("size", "-4"),
    ("spend_gbp", "lots"),
    ("spend_gbp", "12,50,00"),
    ("spend_gbp", "99999999999"),
    ("due", "soon"),
    ("due", "2026-11-01"),
    ("due", "2029-01-01"),
)
"""A column and what must not stand in it: with a row that is there twice they are 30."""

BAD = len(FAULTS) + 1


def good(number: int) -> list[str]:
    """A row nobody can object to."""
    return [
        f"Supplier {number:03} Ltd",
        f"office{number:03}@supplier.example",
        "01603 123456",
        f"{number + 1000000:08}",
        f"S-{number:04}",
        "Farming and growing",
        "Norfolk",
        str(number + 1),
        "£12,500",
        "",
    ]


def a_list(size: int, *, bad: bool = True) -> tuple[list[list[str]], list[int]]:
    """Headings and so many suppliers, every sixteenth of them bad, and the numbers of the bad rows as a spreadsheet counts."""
    rows = [HEADINGS, *(good(number) for number in range(size))]
    if not bad:
        return rows, []
    numbers = []
    for place, (column, text) in enumerate(FAULTS):
        line = 5 + place * (size // BAD)
        rows[line][PLACES[column]] = text
        numbers.append(line + 1)
    rows[-1] = list(rows[1])
    return rows, [*numbers, len(rows)]


def as_csv(rows: Sequence[Sequence[str]], *, separator: str = ",", letters: str = "utf-8-sig") -> bytes:
    """The list as a CSV file."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue().encode(letters)


def as_xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    """The list as a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(line, place)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()

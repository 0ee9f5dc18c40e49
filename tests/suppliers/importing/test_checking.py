from __future__ import annotations

import re

import pytest

from assess.suppliers.importing.checking import CheckedRow, as_values, check, from_values
from assess.suppliers.importing.columns import read_header
from assess.suppliers.importing.reading import as_table, read_file
from assess.suppliers.keeping import Details
from assess.suppliers.models import Size
from tests.suppliers.importing.lists import BAD, FAULTS, HEADINGS, KNOWN, TODAY, a_list, as_csv, as_xlsx, good


def checked(rows: list[list[str]], *, asks: bool = True, sector: str | None = None) -> list[CheckedRow]:
    table = as_table(list(enumerate(rows, 1)))
    return check(table.rows, table.header, KNOWN, asks=asks, sector=sector)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_of_five_hundred_rows_the_thirty_bad_ones_are_told_by_row_column_and_repair(kind: str) -> None:
    rows, bad = a_list(500)
    table = read_file(f"list.{kind}", as_csv(rows) if kind == "csv" else as_xlsx(rows))
    found = check(table.rows, table.header, KNOWN, asks=True, sector=None)
    assert len(found) == 500
    assert [row.number for row in found if row.faults] == bad
    assert len(bad) == BAD == 30
    by_number = {row.number: row for row in found}
    for number, (column, _text) in zip(bad, FAULTS, strict=False):
        (fault,) = by_number[number].faults
        assert fault.column == column
        words = column.removesuffix("_gbp").replace("_", " ")
        assert fault.says.startswith(f"Row {number}, {words}: ")
        assert re.search(r"[.] ?[A-Z].*[.]$|^Row \d+, [\w ]+: Enter .*[.]$", fault.says), fault.says
        assert fault.says.isprintable()
    (twin,) = by_number[bad[-1]].faults
    assert twin.says == "Row 501, reference: Row 2 has the same. Delete one of the rows, or give it its own."


def test_a_good_row_becomes_details() -> None:
    (row,) = checked([HEADINGS, [*good(1)[:-1], "24/12/2026"]])
    assert row.details == Details(
        "Supplier 001 Ltd",
        "office001@supplier.example",
        "01603 123456",
        "01000001",
        "S-0001",
        "farming",
        "norfolk",
        Size.MICRO,
        12500,
    )
    assert from_values(as_values(row.details, row.due)) == (row.details, row.due)


def test_what_is_not_said_stays_unsaid_and_comes_back_so() -> None:
    (row,) = checked([["name"], ["A Farm"]], asks=False)
    assert row.details == Details("A Farm")
    assert as_values(row.details, None) == {"name": "A Farm"}
    assert from_values({"name": "A Farm"}) == (row.details, None)


def test_who_is_asked_needs_a_sector_of_its_own_or_for_all() -> None:
    rows = [["name", "email"], ["A Farm", "a@farm.example"]]
    assert [fault.column for fault in checked(rows)[0].faults] == ["sector"]
    assert checked(rows, asks=False)[0].faults == ()
    found = checked(rows, sector="farming")[0].details
    assert found is not None
    assert found.sector == "farming"


def test_a_row_may_have_several_faults_and_all_are_told() -> None:
    (row,) = checked([["name", "email", "size"], ["", "x", "y"]], asks=False)
    assert [fault.column for fault in row.faults] == ["name", "email", "size"]


def test_the_same_supplier_under_another_spelling_is_told() -> None:
    rows = [["name", "email"], ["A Farm Ltd.", "a@farm.example"], ["a farm  ltd", "A+orders@farm.example"]]
    first, second = checked(rows, asks=False)
    assert first.faults == ()
    assert second.faults[0].says == "Row 3, name: This is the same supplier as in row 2. Delete one of the rows."


def test_what_cannot_be_seen_is_not_kept() -> None:
    (row,) = checked([["name", "phone"], ["A\0Farm", "1"]], asks=False)
    assert row.cells["name"] == "A�Farm"
    assert read_header(["name"], 1).places == {"name": 0}
    assert KNOWN.today == TODAY

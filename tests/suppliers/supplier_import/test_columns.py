from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from assess.core.child_process import UploadRefusedError
from assess.core.db import Database
from assess.core.forms.fields import LONGEST_PHONE
from assess.identity.models import Organisation
from assess.suppliers.forms import supplier_fields
from assess.suppliers.models import ImportOutcome, ImportState, Supplier, SupplierImport, SupplierImportRow
from assess.suppliers.supplier_import.columns import (
    COLUMNS,
    LARGEST_FILE,
    MAX_ROWS,
    NOT_TEXT,
    HeaderError,
    ImportRows,
    append_row,
    find_column,
    read_header,
    spreadsheet_column_name,
)
from assess.suppliers.supplier_import.files import (
    EMPTY_FILE,
    HELP_SHEET,
    LIST_SHEET,
    NO_ROWS,
    OLD_WORKBOOK,
    TOO_LARGE,
    detect_file_kind,
    help_lines,
    read_import_file,
    repair_csv,
    template_csv,
    template_xlsx,
    to_table,
)
from assess.suppliers.supplier_import.validation import check_rows
from tests.conftest import TODAY
from tests.suppliers.factories import a_buyer, a_supplier
from tests.suppliers.supplier_import.supplier_lists import KNOWN, as_csv, as_xlsx


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("NAME", "name"),
        (" Supplier Name ", "name"),
        ("Email address", "email"),
        ("Company No.", "company_number"),
        ("company_number", "company_number"),
        ("Spend (£)", "spend_gbp"),
        ("Spend GBP", "spend_gbp"),
        ("Due date", "due"),
        ("Reason", "reason"),
        ("Favourite colour", None),
        ("", None),
    ],
)
def test_headings_are_known_however_they_are_written(heading: str, column: str | None) -> None:
    assert find_column(heading) == column


def test_no_heading_means_two_columns() -> None:
    words = [word for column in COLUMNS for word in (column.id.replace("_", ""), *column.also)]
    assert len(words) == len(set(words))
    for column in COLUMNS:
        assert {find_column(word) for word in (column.id, *column.also)} == {column.id}


def test_a_header_says_what_stands_where_and_what_nobody_knows() -> None:
    header = read_header(["", "Due", "Colour", "name", "row", "reason"], 1)
    assert header.places == {"due": 1, "name": 3}
    assert header.unknown == ("Colour",)


def test_a_header_without_names_or_with_two_of_a_kind_is_told() -> None:
    with pytest.raises(HeaderError, match="Row 3 has no column called “name”"):
        read_header(["email"], 3)
    with pytest.raises(HeaderError, match="two columns for “email”: B and AC"):
        read_header(["name", "email", *[""] * 26, "E-Mail"], 1)


def test_columns_are_called_as_spreadsheets_call_them() -> None:
    assert [spreadsheet_column_name(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_widths_are_those_of_the_table() -> None:
    fields = supplier_fields({}, {})
    for name in ("name", "reference"):
        longest = Supplier.__table__.c[name].type.length
        assert fields[name].read("x" * longest) == ("x" * longest, "")
        assert fields[name].read("x" * (longest + 1))[1]
    assert Supplier.__table__.c.phone.type.length == LONGEST_PHONE


def test_rows_that_say_nothing_are_not_taken_and_blanks_at_the_end_do_not_count() -> None:
    rows: ImportRows = []
    append_row(rows, 1, ["name", "", " "])
    append_row(rows, 2, ["", " "])
    append_row(rows, 3, ["A", *[""] * 100])
    assert rows == [(1, ["name"]), (3, ["A"])]


def test_one_row_too_many_is_refused() -> None:
    rows: ImportRows = [(number, ["A"]) for number in range(MAX_ROWS)]
    append_row(rows, 2001, ["A"])
    with pytest.raises(UploadRefusedError):
        append_row(rows, 2002, ["A"])


@pytest.mark.both_databases
def test_everything_of_an_import_goes_with_its_buyer_and_a_row_outlives_its_supplier(database: Database) -> None:
    with database.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "A Farm")
        one = SupplierImport(
            buyer_id=council.id,
            file_name="list.csv",
            asks=False,
            quick=True,
            message="",
            in_busy_season=False,
            told={},
            state=ImportState.DONE,
            made_at=TODAY,
        )
        session.add(one)
        session.flush()
        row = {"import_id": one.id, "values": {}, "faults": {}, "outcome": ImportOutcome.ADDED}
        session.add(SupplierImportRow(number=2, supplier_id=farm.id, **row))
        session.flush()
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(SupplierImportRow.__table__.insert().values(number=2, **row))
    with database.writing() as session:
        session.execute(delete(Supplier))
        assert session.scalars(select(SupplierImportRow)).one().supplier_id is None
        session.execute(delete(Organisation))
        assert session.scalar(select(func.count()).select_from(SupplierImportRow)) == 0


@pytest.mark.parametrize(("name", "data"), [("t.csv", template_csv(KNOWN)), ("t.xlsx", template_xlsx(KNOWN))])
def test_the_template_reads_back_and_its_example_is_not_taken_for_a_supplier(name: str, data: bytes) -> None:
    table = read_import_file(name, data)
    assert list(table.header.places) == [column.id for column in COLUMNS]
    assert table.header.unknown == ()
    (row,) = check_rows(table.rows, table.header, KNOWN, asks=True, sector=None)
    assert [fault.says for fault in row.errors] == ["Row 2, name: This is the example of the template. Delete the row."]
    number, cells = table.rows[0]
    (named,) = check_rows([(number, ["A Farm", *cells[1:]])], table.header, KNOWN, asks=True, sector=None)
    assert named.errors == (), "everything else in the example is fit"


def test_every_column_is_explained() -> None:
    lines = dict(help_lines(KNOWN))
    assert list(lines) == [column.id for column in COLUMNS]
    assert lines["sector"].endswith("Car washes and valeting; Farming and growing; Hotels, pubs and cafés.")
    assert "{" not in "".join(lines.values())
    assert (LIST_SHEET, HELP_SHEET) == ("Suppliers", "What to put where")


def test_rows_that_are_given_back_run_nothing_and_read_back() -> None:
    values = {"name": "=HYPERLINK(1)", "phone": "+44 1603", "spend_gbp": 12500}
    data = repair_csv([(7, values, ["Row 7, name: No.", "Row 7, email: No."])])
    (header, row) = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header == ["row", *(column.id for column in COLUMNS), "reason"]
    assert row[:2] == ["7", "'=HYPERLINK(1)"]
    assert row[-1] == "Row 7, name: No. Row 7, email: No."
    table = read_import_file("again.csv", data)
    assert table.rows[0][1][1:4] == ["=HYPERLINK(1)", "", "+44 1603"]
    assert table.header.unknown == ()


ROWS = [["name", "email"], ["A Farm", "a@farm.example"]]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("list.csv", b"", EMPTY_FILE),
        ("list.csv", b" \n\n", EMPTY_FILE),
        ("list.csv", b"name\n", NO_ROWS),
        ("list.csv", b"a" * (LARGEST_FILE + 1), TOO_LARGE),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_WORKBOOK),
        ("list.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_WORKBOOK),
        ("list.csv", as_xlsx(ROWS), NOT_TEXT),
        ("list.xlsx", as_csv(ROWS), NOT_TEXT),
        ("list.xlsm", as_xlsx(ROWS), NOT_TEXT),
        ("list.csv", b"%PDF-1.7", NOT_TEXT),
        ("list.csv", b"MZ\x90", NOT_TEXT),
        ("list", b"name\nA", NOT_TEXT),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(UploadRefusedError) as told:
        read_import_file(name, data)
    assert str(told.value) == sentence


def test_both_kinds_are_read_alike_and_endings_in_any_case() -> None:
    assert read_import_file("LIST.CSV", as_csv(ROWS)) == read_import_file("list.Xlsx", as_xlsx(ROWS))
    assert detect_file_kind("a.csv", b"x") == "csv"


def test_notes_to_people_are_read_over_and_counted() -> None:
    table = to_table([(1, ["name"]), (2, ["# a note"]), (3, ["#1 Cleaning"]), (4, ["# 2 Cleaning", "a@b.example"])])
    assert [number for number, _cells in table.rows] == [3, 4]
    assert table.notes == 1

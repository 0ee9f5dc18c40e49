from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assess.core.forms.form import FormResult
from assess.suppliers.models import ImportOutcome, ImportState, SupplierImportRow, SupplierSize
from assess.suppliers.services import SupplierDetails
from assess.suppliers.supplier_import.columns import BY_ID, read_header
from assess.suppliers.supplier_import.files import read_import_file, to_table
from assess.suppliers.supplier_import.services import ImportCounts, ImportOptions
from assess.suppliers.supplier_import.validation import (
    CheckedRow,
    check_rows,
    details_from_json,
    details_to_json,
    due_field,
)
from assess.suppliers.supplier_import.views import (
    OUTCOME_LABELS,
    STATE_LABELS,
    VALUES_DELETED,
    describe_outcomes,
    describe_progress,
    import_form,
    import_options,
    initial_import,
    repair_reasons,
)
from tests.suppliers.supplier_import.conftest import Office
from tests.suppliers.supplier_import.supplier_lists import (
    BAD,
    FAULTS,
    HEADINGS,
    KNOWN,
    TODAY,
    a_list,
    as_csv,
    as_xlsx,
    good,
)


def checked_cell(column: str, text: str) -> CheckedRow:
    """A row that says nothing but this, and a name."""
    cells = {"name": "A Farm", column: text}
    (row,) = check_rows([(3, list(cells.values()))], read_header(list(cells), 1), KNOWN, asks=False, sector=None)
    return row


def read(column: str, text: str) -> object:
    row = checked_cell(column, text)
    assert row.details is not None, row.errors
    return row.due if column == "due" else getattr(row.details, column)


@pytest.mark.parametrize(
    ("column", "text", "means"),
    [
        ("name", "  Fen   Edge\nGrowers ", "Fen Edge Growers"),
        ("email", " a@b.example ", "a@b.example"),
        ("email", "", ""),
        ("phone", "+44 (0)1603 123456", "+44 (0)1603 123456"),
        ("phone", "01603-123456 ext. 12", "01603-123456 ext. 12"),
        ("company_number", "1234567", "01234567"),
        ("company_number", "sc123456", "SC123456"),
        ("company_number", "", None),
        ("sector", "FARMING AND GROWING", "farming"),
        ("sector", "car washes", "car_washes"),
        ("sector", "", None),
        ("area", "Norfolk", "norfolk"),
        ("size", "Small", SupplierSize.SMALL),
        ("size", "9", SupplierSize.MICRO),
        ("size", "10", SupplierSize.SMALL),
        ("size", "49 staff", SupplierSize.SMALL),
        ("size", "50", SupplierSize.MEDIUM),
        ("size", "249", SupplierSize.MEDIUM),
        ("size", "1,250", SupplierSize.LARGE),
        ("spend_gbp", "£12,500", 12500),
        ("spend_gbp", "12.5k", 12500),
        ("spend_gbp", "£1.25M", 1250000),
        ("spend_gbp", "12500.49", 12500),
        ("spend_gbp", "GBP 12500", 12500),
        ("spend_gbp", "0", 0),
        ("spend_gbp", "", None),
        ("due", "2026-12-24", date(2026, 12, 24)),
        ("due", "24/12/2026", date(2026, 12, 24)),
        ("due", "24 Dec 2026", date(2026, 12, 24)),
        ("due", "24 December 2026", date(2026, 12, 24)),
        ("due", "24/12/26", date(2026, 12, 24)),
        ("due", "24th Dec 26", date(2026, 12, 24)),
        ("area", "somewhere else", "other"),
        ("email", "Office@B.example", "office@b.example"),
        ("due", "", None),
    ],
)
def test_a_cell_is_read_as_a_person_means_it(column: str, text: str, means: object) -> None:
    assert read(column, text) == means


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *FAULTS,
        ("spend_gbp", "1.234.567"),
        ("spend_gbp", "-5"),
        ("name", "\uff1d1+1"),
        ("area", "@SUM(1)"),
        ("phone", "1"),
    ],
)
def test_what_cannot_be_taken_is_told_in_a_sentence_that_ends(column: str, text: str) -> None:
    (fault,) = checked_cell(column, text).errors
    assert fault.says.startswith(f"Row 3, {column.removesuffix('_gbp').replace('_', ' ')}: ")
    assert fault.says.isprintable()
    assert fault.says.endswith(".")
    assert len(fault.says) < 250


@pytest.mark.parametrize("column", sorted(BY_ID))
@given(text=st.text(max_size=60) | st.from_regex(r"[£+\-=0-9.,kKmM /:]{1,20}"))
def test_any_text_is_either_taken_or_told(column: str, text: str) -> None:
    row = checked_cell(column, text)
    assert (row.details is None) == bool(row.errors)
    assert all(fault.says.isprintable() for fault in row.errors)


def test_a_date_must_lie_ahead_and_within_a_year() -> None:
    field = due_field(TODAY)
    assert field.read("2026-11-24")[1] == "The date must be in the future. Choose a later one."
    assert field.read("2026-11-25") == (date(2026, 11, 25), "")
    assert field.read("2027-11-25") == (date(2027, 11, 25), "")
    assert field.read("2027-11-26")[1] == "The date is more than a year ahead. Choose an earlier one."


def checked(rows: list[list[str]], *, asks: bool = True, sector: str | None = None) -> list[CheckedRow]:
    table = to_table(list(enumerate(rows, 1)))
    return check_rows(table.rows, table.header, KNOWN, asks=asks, sector=sector)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_of_five_hundred_rows_the_thirty_bad_ones_are_told_by_row_column_and_repair(kind: str) -> None:
    rows, bad = a_list(500)
    table = read_import_file(f"list.{kind}", as_csv(rows) if kind == "csv" else as_xlsx(rows))
    found = check_rows(table.rows, table.header, KNOWN, asks=True, sector=None)
    assert len(found) == 500
    assert [row.number for row in found if row.errors] == bad
    assert len(bad) == BAD == 30
    by_number = {row.number: row for row in found}
    for number, (column, _text) in zip(bad, FAULTS, strict=False):
        (fault,) = by_number[number].errors
        assert fault.column == column
        words = column.removesuffix("_gbp").replace("_", " ")
        assert fault.says.startswith(f"Row {number}, {words}: ")
        assert re.search(r"[.] ?[A-Z].*[.]$|^Row \d+, [\w ]+: (Enter|Use|Write|Take) .*[.]$", fault.says), fault.says
        assert fault.says.isprintable()
    (twin,) = by_number[bad[-1]].errors
    assert twin.says == "Row 501, reference: Row 2 has the same. Delete one of the rows, or give it its own."


def test_a_good_row_becomes_details() -> None:
    (row,) = checked([HEADINGS, [*good(1)[:-1], "24/12/2026"]])
    assert row.details == SupplierDetails(
        "Supplier 001 Ltd",
        "office001@supplier.example",
        "01603 123456",
        "01000001",
        "S-0001",
        "farming",
        "norfolk",
        SupplierSize.MICRO,
        12500,
    )
    assert details_from_json(details_to_json(row.details, row.due)) == (row.details, row.due)


def test_what_is_not_said_stays_unsaid_and_comes_back_so() -> None:
    (row,) = checked([["name"], ["A Farm"]], asks=False)
    assert row.details == SupplierDetails("A Farm")
    assert details_to_json(row.details, None) == {"name": "A Farm"}
    assert details_from_json({"name": "A Farm"}) == (row.details, None)


def test_who_is_asked_needs_a_sector_of_its_own_or_for_all() -> None:
    rows = [["name", "email"], ["A Farm", "a@farm.example"]]
    assert [fault.column for fault in checked(rows)[0].errors] == ["sector"]
    assert checked(rows, asks=False)[0].errors == ()
    found = checked(rows, sector="farming")[0].details
    assert found is not None
    assert found.sector == "farming"


def test_a_row_may_have_several_faults_and_all_are_told() -> None:
    (row,) = checked([["name", "email", "size"], ["", "x", "y"]], asks=False)
    assert [fault.column for fault in row.errors] == ["name", "email", "size"]


def test_the_same_supplier_under_another_spelling_is_told() -> None:
    rows = [["name", "email"], ["A Farm Ltd.", "a@farm.example"], ["a farm  ltd", "A+orders@farm.example"]]
    first, second = checked(rows, asks=False)
    assert first.errors == ()
    assert second.errors[0].says == "Row 3, name: This is the same supplier as in row 2. Delete one of the rows."


def test_what_cannot_be_seen_is_not_kept() -> None:
    (row,) = checked([["name", "phone"], ["A\0Farm", "1"]], asks=False)
    assert row.cells["name"] == "A�Farm"
    assert read_header(["name"], 1).places == {"name": 0}
    assert KNOWN.today == TODAY


FIRST = initial_import(TODAY)


def sent(**changed: str) -> FormResult:
    form = {**FIRST, **changed}
    return import_form(KNOWN.sectors, TODAY, asks=form["what"] != "list").read(MultiDict(form))


def test_the_form_opens_with_a_choice_that_can_be_sent() -> None:
    read = sent()
    assert read.errors == {}
    assert import_options(read.values) == ImportOptions(
        asks=True, sector=None, quick=True, due=date(2026, 12, 22), message="", in_busy_season=False
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"what": "x"}, "what"),
        ({"sector": "fishing"}, "sector"),
        ({"length": ""}, "length"),
        ({"due_day": "31", "due_month": "11"}, "due"),
        ({"due_year": "2025"}, "due"),
        ({"due_year": "99999999999"}, "due"),
        ({"message": "x" * 1001}, "message"),
        ({"message": "Hello,\n\nopen https://pay.example"}, "message"),
    ],
)
def test_each_field_has_its_sentence(changed: dict[str, str], field: str) -> None:
    assert list(sent(**changed).errors) == [field]


def test_the_message_is_one_line_in_the_email() -> None:
    assert import_options(sent(message="Please.\r\n\r\nHello,").values).message == "Please. Hello,"


def test_who_is_only_listed_needs_no_day_and_no_message_is_kept() -> None:
    read = sent(what="list", due_day="", message="Hello")
    assert read.errors == {}
    wishes = import_options(read.values)
    assert (wishes.asks, wishes.due, wishes.message) == (False, None, "")


@given(
    form=st.dictionaries(st.sampled_from(["what", "sector", "length", "due_day", "due_month", "due_year"]), st.text()),
    asks=st.booleans(),
)
def test_any_form_is_read_or_told(form: dict[str, str], *, asks: bool) -> None:
    read = import_form(KNOWN.sectors, TODAY, asks=asks).read(MultiDict(form))
    assert all(read.errors.values())
    assert read.errors or import_options(read.values)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_taken_away_and_sent_in_again(office: Office, kind: str) -> None:
    file = office.visit.client.get(f"{office.address}/template.{kind}")
    assert file.headers["Content-Disposition"] == f'attachment; filename="suppliers-template.{kind}"'
    assert len(read_import_file(f"t.{kind}", file.get_data()).rows) == 1
    page = office.send(f"t.{kind}", file.get_data())
    assert "Row 2, name: This is the example of the template. Delete the row." in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_rows_to_repair_are_a_file_of_their_own(office: Office) -> None:
    page = office.send("list.csv", b"name,email\nA Farm,nobody\nB Farm,b@farm.example\n", what="list")
    file = office.visit.client.get(f"{page.address}/rows-to-repair.csv")
    assert file.mimetype == "text/csv"
    lines = file.get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith('"2","A Farm","nobody",')
    assert "Enter an email address, like name@example.org" in lines[1]


COUNTS = ImportCounts(
    1, 0, 0, 0, {ImportOutcome.ASKED: 455, ImportOutcome.NO_ADDRESS: 1, ImportOutcome.WAITING: 2, ImportOutcome.BAD: 3}
)


def test_everything_has_its_words() -> None:
    assert set(STATE_LABELS) == set(ImportState)
    assert set(OUTCOME_LABELS) == set(ImportOutcome)


def test_what_came_of_it_is_said_by_numbers() -> None:
    assert describe_outcomes(COUNTS, cancelled=False) == [
        "455 suppliers: asked",
        "1 supplier: on your list, but there is no email address to ask at",
        "3 rows: to be repaired",
        "2 suppliers: not worked on yet",
    ]
    assert describe_outcomes(COUNTS, cancelled=True)[-1] == "2 suppliers: not worked on, because you stopped"
    assert describe_progress(COUNTS) == "456 of 458 suppliers done."


def test_a_row_that_is_given_back_says_why() -> None:
    bad = {"faults": [{"column": "name", "says": "Row 3, name: Enter it."}]}
    assert repair_reasons(SupplierImportRow(number=3, outcome=ImportOutcome.BAD, faults=bad)) == [
        "Row 3, name: Enter it."
    ]
    assert repair_reasons(SupplierImportRow(number=3, outcome=ImportOutcome.BAD, faults={})) == [VALUES_DELETED]
    assert repair_reasons(SupplierImportRow(number=3, outcome=ImportOutcome.NO_ADDRESS, faults={}))[0].startswith(
        "Row 3, email:"
    )

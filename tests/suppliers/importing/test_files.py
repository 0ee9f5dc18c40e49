from __future__ import annotations

import csv
import io

import pytest

from assess.suppliers.importing.checking import check
from assess.suppliers.importing.columns import COLUMNS
from assess.suppliers.importing.files import HELP, LIST, help_lines, rows_to_repair, template_csv, template_xlsx
from assess.suppliers.importing.reading import read_file
from tests.suppliers.importing.lists import KNOWN


@pytest.mark.parametrize(("name", "data"), [("t.csv", template_csv(KNOWN)), ("t.xlsx", template_xlsx(KNOWN))])
def test_the_template_reads_back_and_its_example_is_not_taken_for_a_supplier(name: str, data: bytes) -> None:
    table = read_file(name, data)
    assert list(table.header.places) == [column.id for column in COLUMNS]
    assert table.header.unknown == ()
    (row,) = check(table.rows, table.header, KNOWN, asks=True, sector=None)
    assert [fault.says for fault in row.faults] == ["Row 2, name: This is the example of the template. Delete the row."]
    number, cells = table.rows[0]
    (named,) = check([(number, ["A Farm", *cells[1:]])], table.header, KNOWN, asks=True, sector=None)
    assert named.faults == (), "everything else in the example is fit"


def test_every_column_is_explained() -> None:
    lines = dict(help_lines(KNOWN))
    assert list(lines) == [column.id for column in COLUMNS]
    assert lines["sector"].endswith("Car washes and valeting; Farming and growing; Hotels, pubs and cafés.")
    assert "{" not in "".join(lines.values())
    assert (LIST, HELP) == ("Suppliers", "What to put where")


def test_rows_that_are_given_back_run_nothing_and_read_back() -> None:
    values = {"name": "=HYPERLINK(1)", "phone": "+44 1603", "spend_gbp": 12500}
    data = rows_to_repair([(7, values, ["Row 7, name: No.", "Row 7, email: No."])])
    (header, row) = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header == ["row", *(column.id for column in COLUMNS), "reason"]
    assert row[:2] == ["7", "'=HYPERLINK(1)"]
    assert row[-1] == "Row 7, name: No. Row 7, email: No."
    table = read_file("again.csv", data)
    assert table.rows[0][1][1:4] == ["=HYPERLINK(1)", "", "+44 1603"]
    assert table.header.unknown == ()

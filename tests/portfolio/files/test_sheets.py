from __future__ import annotations

import csv
import io
from datetime import datetime

import openpyxl

from assess.kit.formulas import unguarded
from assess.portfolio.files.sheets import ABOUT, as_csv, as_xlsx
from assess.portfolio.files.tables import BARS, GOODS, NOT_A_FINDING, OPEN_STEPS, SUPPLIERS, Table, Tables
from tests.conftest import TODAY

EVIL = '=HYPERLINK("http://evil.example";"Farm")'
NAMES = (EVIL, "+44 farm", "@farm", "Fen, “Edge” 🍓\x0b", "-1+1")


def made() -> Tables:
    rest = (None,) * (len(SUPPLIERS) - 6)
    rows = [(name, "=1+1", "Farming", None, None, 1200, *rest) for name in NAMES]
    rows[0] = (*rows[0][:8], "2026-11-24", *rows[0][9:])
    return Tables(
        ("The suppliers of The Council.", NOT_A_FINDING),
        TODAY,
        Table("Suppliers", SUPPLIERS, rows),
        (
            Table(
                "Open steps",
                OPEN_STEPS,
                [(EVIL, "=do()", "at once", "proposed"), ("Farm", "Do", "2026-12-01", "planned")],
            ),
            Table("Goods", GOODS, []),
            Table("Bars", BARS, []),
        ),
        (),
        None,
    )


def test_a_csv_runs_nothing_and_gives_back_what_was_typed() -> None:
    text = as_csv(made()).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert rows[0] == [column.title for column in SUPPLIERS]
    assert [unguarded(row[0]) for row in rows[1:]] == list(NAMES)
    assert all(row[0][0] == "'" for row in rows[1:] if row[0].lstrip("'")[0] in "=+-@")
    assert (rows[1][5], rows[1][8], rows[1][1]) == ("1200", "2026-11-24", "'=1+1")


def test_a_spreadsheet_has_typed_cells_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(made())))
    assert book.sheetnames == [ABOUT, "Suppliers", "Open steps", "Goods", "Bars"]
    assert [row[0].value for row in book[ABOUT].iter_rows()] == ["The suppliers of The Council.", NOT_A_FINDING]
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    first = list(book["Suppliers"].iter_rows())[1]
    assert (first[0].value, first[0].data_type) == (EVIL, "s")
    assert (first[5].value, first[8].value) == (1200, datetime(2026, 11, 24))  # noqa: DTZ001  # a cell has no zone
    steps = list(book["Open steps"].iter_rows(values_only=True))
    assert steps[1] == (EVIL, "=do()", "at once", "proposed")
    assert steps[2][2] == datetime(2026, 12, 1)  # noqa: DTZ001  # as above
    assert book.properties.creator in {None, ""}

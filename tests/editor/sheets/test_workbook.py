from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import openpyxl

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.rewriting import same
from assess.banks.sheets import read_folder
from assess.editor.sheets.cells import cells_of, data_of
from assess.editor.sheets.child import read_sheets
from assess.editor.sheets.taking_in import origin_of, take_in
from assess.editor.sheets.workbook import HELP, ORIGIN, workbook_of
from tests.editor.sheets.books import book_of
from tests.random_banks import RandomBank


def assert_comes_back(files: Mapping[str, Mapping[str, object]]) -> None:
    """What is built from the bytes of the workbook alone is what went in; beside what it was made from, nothing is changed."""
    cells = {at: value for name, data in files.items() for at, value in cells_of(name, data).items()}
    sheets = read_sheets(workbook_of("All", cells, dict.fromkeys(files, "0" * 64)))
    assert set(origin_of(sheets)) == set(files)
    beside = take_in(sheets, cells, "x")
    assert (beside.changes, beside.faults, beside.missing, beside.unknown) == ([], [], [], [])
    alone = take_in(sheets, {}, "x")
    assert not alone.faults
    for name, data in files.items():
        assert same(data_of({one.at: one.new for one in alone.changes if one.at.file == name}), data), name


def test_all_real_banks_duties_and_sources_come_back_as_they_were() -> None:
    sheets = read_folder(QUESTIONNAIRES).sheets
    assert_comes_back(
        {name: one.written for name, one in sheets.items() if one.kind in {"bank", "common", "duties", "sources"}}
    )


def test_two_hundred_random_banks_come_back_as_they_were() -> None:
    """Forty to a workbook: a workbook takes longer to open than a bank to read."""
    for first in range(0, 200, 40):
        assert_comes_back({f"r{seed}.yaml": RandomBank(seed).bank() for seed in range(first, first + 40)})


def test_it_is_made_for_people() -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(book_of()))
    assert book.sheetnames[0] == HELP
    assert book[ORIGIN].sheet_state == "hidden"
    for sheet in book.worksheets[1:-1]:
        assert sheet.freeze_panes == "B2", sheet.title
        assert sheet["A1"].value == "Id"
        assert sheet.auto_filter.ref, sheet.title
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    options = book["Options"]
    assert [cell.value for cell in options[3]][:7] == ["boss", "papers", "option", 2, "The boss", 4, None]

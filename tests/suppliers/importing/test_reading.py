from __future__ import annotations

import pytest

from assess.kit.workbooks.refusing import FileRefusedError
from assess.suppliers.importing.reading import EMPTY, NO_ROWS, OLD, TOO_LARGE, as_table, kind_of, read_file
from assess.suppliers.importing.refusing import LARGEST_FILE
from assess.suppliers.importing.text_file import NOT_TEXT
from tests.suppliers.importing.lists import as_csv, as_xlsx

ROWS = [["name", "email"], ["A Farm", "a@farm.example"]]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("list.csv", b"", EMPTY),
        ("list.csv", b" \n\n", EMPTY),
        ("list.csv", b"name\n", NO_ROWS),
        ("list.csv", b"a" * (LARGEST_FILE + 1), TOO_LARGE),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD),
        ("list.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD),
        ("list.csv", as_xlsx(ROWS), NOT_TEXT),
        ("list.xlsx", as_csv(ROWS), NOT_TEXT),
        ("list.xlsm", as_xlsx(ROWS), NOT_TEXT),
        ("list.csv", b"%PDF-1.7", NOT_TEXT),
        ("list.csv", b"MZ\x90", NOT_TEXT),
        ("list", b"name\nA", NOT_TEXT),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(FileRefusedError) as told:
        read_file(name, data)
    assert str(told.value) == sentence


def test_both_kinds_are_read_alike_and_endings_in_any_case() -> None:
    assert read_file("LIST.CSV", as_csv(ROWS)) == read_file("list.Xlsx", as_xlsx(ROWS))
    assert kind_of("a.csv", b"x") == "csv"


def test_notes_to_people_are_read_over_and_counted() -> None:
    table = as_table([(1, ["name"]), (2, ["# a note"]), (3, ["#1 Cleaning"]), (4, ["# 2 Cleaning", "a@b.example"])])
    assert [number for number, _cells in table.rows] == [3, 4]
    assert table.notes == 1

from __future__ import annotations

import pytest

from assess.editor.sheets.opening import LARGEST_FILE, NO_FILE, NO_WORKBOOK, OLD, TOO_LARGE, open_workbook
from assess.editor.sheets.taking_in import origin_of
from assess.kit.workbooks.opening import BROKEN
from assess.kit.workbooks.refusing import FileRefusedError
from tests.editor.sheets.books import OWN, book_of


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("", b"", NO_FILE),
        ("a.xlsx", b"PK\x03\x04" + b"0" * LARGEST_FILE, TOO_LARGE),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1", OLD),
        ("a.csv", b"id,ask", NO_WORKBOOK),
        ("a.xlsx", b"%PDF", NO_WORKBOOK),
        ("a.xlsx", b"PK\x03\x04 broken", BROKEN),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(name: str, data: bytes, says: str) -> None:
    with pytest.raises(FileRefusedError) as told:
        open_workbook(name, data)
    assert str(told.value) == says


def test_ours_is_read_in_a_process_of_its_own() -> None:
    sheets = open_workbook("Small.XLSX", book_of())
    assert origin_of(sheets) == {OWN: "0" * 64}
    assert sheets["Options"][2][1][:5] == ["boss", "papers", "option", 2, "The boss"]

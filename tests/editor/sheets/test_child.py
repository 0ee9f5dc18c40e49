from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pytest

from assess.editor.sheets.child import MACROS, MOST_COLUMNS, answer, read_sheets
from assess.kit.workbooks.opening import TOO_MUCH
from assess.kit.workbooks.refusing import FileRefusedError


def book(*rows: list[object]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def test_cells_keep_what_they_are() -> None:
    assert json.loads(answer(book(["a", 1, 2.5, True, None, "=1+1", " "], [], ["x"]))) == {
        "sheets": {"Sheet": [[1, ["a", 1, 2.5, True, None, {"formula": True}]], [3, ["x"]]]}
    }


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (with_member(book(["a"]), "xl/vbaProject.bin", b"x"), MACROS),
        (with_member(book(["a"]), "xl/media/a.bin", b"0" * 25_000_000), TOO_MUCH),
        (
            book(["x"] * (MOST_COLUMNS + 1)),
            "Row 1 of the sheet “Sheet” has more than 60 columns. Delete those you added.",
        ),
    ],
)
def test_what_nobody_should_send_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(FileRefusedError) as told:
        read_sheets(data)
    assert str(told.value) == says
    assert json.loads(answer(data)) == {"refused": says}


def test_a_sheet_of_very_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assess.editor.sheets.child.MOST_ROWS", 2)
    with pytest.raises(FileRefusedError, match="more than 2 rows"):
        read_sheets(book(["a"], ["b"], ["c"]))

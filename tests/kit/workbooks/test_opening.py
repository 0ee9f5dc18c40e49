from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from assess.kit.workbooks.opening import BROKEN, TOO_MUCH, look_at_archive, opened, written
from assess.kit.workbooks.refusing import FileRefusedError


def book() -> bytes:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["a", "=1+1"])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_formula_is_told_or_what_it_came_to_and_never_run() -> None:
    for formulas, held in ((True, "=1+1"), (False, None)):
        with opened(book(), formulas=formulas) as one:
            assert [cell.value for row in one.worksheets[0].iter_rows() for cell in row] == ["a", held]


def test_what_breaks_while_it_is_read_is_told_in_one_sentence() -> None:
    for fault, says in ((KeyError("x"), BROKEN), (MemoryError(), TOO_MUCH), (FileRefusedError("Own."), "Own.")):
        with pytest.raises(FileRefusedError) as told, opened(book()):
            raise fault
        assert str(told.value) == says


def test_an_archive_of_something_else_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(FileRefusedError, match="cannot be opened"):
        look_at_archive(file.getvalue())
    assert written(2.0) == "2"

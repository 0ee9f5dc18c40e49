from __future__ import annotations

import pytest

from assess.kit.workbooks.refusing import FileRefusedError
from assess.suppliers.importing.refusing import MOST_ROWS, Rows, take


def test_rows_that_say_nothing_are_not_taken_and_blanks_at_the_end_do_not_count() -> None:
    rows: Rows = []
    take(rows, 1, ["name", "", " "])
    take(rows, 2, ["", " "])
    take(rows, 3, ["A", *[""] * 100])
    assert rows == [(1, ["name"]), (3, ["A"])]


def test_one_row_too_many_is_refused() -> None:
    rows: Rows = [(number, ["A"]) for number in range(MOST_ROWS)]
    take(rows, 2001, ["A"])
    with pytest.raises(FileRefusedError):
        take(rows, 2002, ["A"])

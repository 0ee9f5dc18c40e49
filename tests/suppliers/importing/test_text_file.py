from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.kit.workbooks.refusing import FileRefusedError
from assess.suppliers.importing.reading import as_table
from assess.suppliers.importing.text_file import read_text, separator_of
from tests.suppliers.importing.lists import a_list, as_csv

ROWS = [["Name", "E-mail"], ["Café “Élan”, Norwich; £", "a@b.example"]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_way_a_spreadsheet_writes_csv_is_read(letters: str, separator: str) -> None:
    assert read_text(as_csv(ROWS, separator=separator, letters=letters)) == list(enumerate(ROWS, 1))


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    text = b'sep=;\nname;email\n\n"A\nFarm";a@b.example\n;;\nB;\n'
    assert read_text(text) == [(2, ["name", "email"]), (4, ["A\nFarm", "a@b.example"]), (6, ["B"])]


def test_our_own_guard_is_taken_off_again() -> None:
    assert read_text(b"name,phone\nA,'+44 1603\n")[1] == (2, ["A", "+44 1603"])


def test_a_quotation_mark_that_never_closes_is_told_and_not_guessed() -> None:
    with pytest.raises(FileRefusedError, match="after row 2 and never closes"):
        read_text(b'name,email\nA,a@b.example\n"B,b@b.example\nC,c@b.example\n')
    with pytest.raises(FileRefusedError, match="near row 2"):
        read_text(b'name,email\n"A" Ltd,a@b.example\n')


def test_letters_nobody_can_read_are_told() -> None:
    with pytest.raises(FileRefusedError, match="letters"):
        read_text(b"name\n\x81\x8d\xff")


def test_too_many_rows_or_columns_are_told() -> None:
    assert len(read_text(b"name\n" + b"A\n" * 2000)) == 2001
    with pytest.raises(FileRefusedError, match="2,000 rows"):
        read_text(b"name\n" + b"A\n" * 2001)
    with pytest.raises(FileRefusedError, match="Row 2 has more than 30 columns"):
        read_text(b"name\n" + b"A," * 31 + b"B\n")


def test_the_separator_is_the_one_that_gives_headings() -> None:
    assert separator_of("name;Town, county;email\n") == ";"
    assert separator_of("\n\nname\n") == ","


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(FileRefusedError):
        as_table(read_text(data))


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), min_size=1, max_size=5),
        min_size=1,
        max_size=8,
    )
)
def test_what_a_program_writes_is_read_back(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["name", "email"], *rows])
    read = read_text(file.getvalue().encode("utf-8-sig"))
    assert read[0] == (1, ["name", "email"])
    assert [number for number, _ in read[1:]] == [
        number for number, row in enumerate(rows, 2) if any(map(str.strip, row))
    ]


def test_a_long_list_is_read_whole() -> None:
    rows, _ = a_list(500)
    assert len(read_text(as_csv(rows))) == 501

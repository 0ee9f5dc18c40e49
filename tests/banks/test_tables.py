from __future__ import annotations

import pytest

from assess.banks.sheets import Sheet
from assess.banks.tables import Cell, Columns, Table, anything, like, number_from, one_of, read_table, shown, some_text

COLUMNS = Columns(
    {
        "code": like(r"[A-Z]{2}", "two letters"),
        "name": some_text,
        "share": number_from(0, 10, empty=True),
        "note": anything,
    },
    ("code",),
)
HEAD = "code,name,share,note\n"


def read(text: str | bytes) -> Table:
    return read_table(Sheet("reference/x.csv", text if isinstance(text, bytes) else text.encode()), COLUMNS)


def said(text: str | bytes) -> list[tuple[int, str]]:
    return [(one.line, one.number) for one in read(text).problems]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_gives_its_rows_with_their_lines(end: str) -> None:
    table = read((HEAD + 'AA,"One, two",1.5,\n BB , Three ,,said\n').replace("\n", end))
    assert table.problems == ()
    assert [(row.line, row["code"], row["name"], row["share"]) for row in table.rows] == [
        (2, "AA", "One, two", "1.5"),
        (3, "BB", "Three", ""),
    ]
    assert read(b"\xef\xbb\xbf" + HEAD.encode()).problems == ()


@pytest.mark.parametrize(
    ("text", "problems", "cause"),
    [
        ("", [(1, "BANK085")], "The first line must name the columns"),
        ("code;name;share;note\n", [(1, "BANK085")], "with commas between them"),
        ("code,name,shares,note\n", [(1, "BANK085")], "missing: share; not known: “shares”"),
        ("name,code,share,note\n", [(1, "BANK085")], "another order"),
        ('code,"name,share,note\n', [(1, "BANK085")], "The first line must name the columns"),
        (HEAD + "AA,One,1\n", [(2, "BANK086")], "This row has 3 cells; the table has 4 columns."),
        (HEAD + "AA,One,1,,\n", [(2, "BANK086")], "This row has 5 cells"),
        (HEAD + "\nAA,One,1,\n", [(2, "BANK086")], "This row has 0 cells"),
        (HEAD + 'AA,"One,1,\nBB,Two,1,\n', [(2, "BANK086")], "A quote that opens in this row is not closed"),
        (HEAD + "aa,One,1,\n", [(2, "BANK087")], "“code” must be two letters, not “aa”."),
        (HEAD + "AA,,1,\n", [(2, "BANK087")], "“name” must hold a text, not nothing."),
        (HEAD + "AA,One,11,\n", [(2, "BANK087")], "“share” must be a number from 0 to 10, not “11”."),
        (HEAD + "AA,One,nan,\n", [(2, "BANK087")], "not “nan”"),
        (HEAD + "aa,,x,\n", [(2, "BANK087")] * 3, ""),
        (HEAD + "AA,One,1,\nBB,Two,,\nAA,Three,1,\n", [(4, "BANK088")], "“AA” stands in line 2 already."),
    ],
)
def test_each_fault_is_named_with_its_line(text: str, problems: list[tuple[int, str]], cause: str) -> None:
    assert said(text) == problems
    assert any(cause in one.message for one in read(text).problems)


def test_a_file_that_is_no_text_has_its_problem_and_no_rows() -> None:
    table = read(b"\xff\xfe")
    assert (table.rows, [one.number for one in table.problems]) == ((), ["BANK003"])


@pytest.mark.parametrize(
    ("cell", "good", "bad"),
    [
        (one_of(("yes", "no", "")), ("yes", ""), ("Yes", "maybe")),
        (like("[0-9]{5}", "five digits", empty=True), ("", "01234"), ("1234", "0123 4")),
        (number_from(-1, 1), ("-1", "0.5"), ("", "1.1", "1e9", "inf", "9" * 400)),
    ],
)
def test_a_cell_says_what_it_must_be(cell: Cell, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    assert [cell(one) for one in good] == [""] * len(good)
    assert all(cell(one).startswith("must be") for one in bad)
    assert one_of(("yes", "no", ""))("yess") == "must be one of yes, no or nothing; did you mean “yes”?"


def test_a_long_cell_is_pointed_to_by_its_beginning() -> None:
    assert shown("x" * 61) == f"“{'x' * 60}…”"

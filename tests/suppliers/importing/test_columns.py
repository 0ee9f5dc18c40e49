from __future__ import annotations

import pytest

from assess.suppliers.importing import columns
from assess.suppliers.importing.columns import COLUMNS, HeaderUnfitError, column_of, letters_of, read_header
from assess.suppliers.models import Supplier


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("NAME", "name"),
        (" Supplier Name ", "name"),
        ("E-mail address", "email"),
        ("Company No.", "company_number"),
        ("company_number", "company_number"),
        ("Spend (£)", "spend_gbp"),
        ("Spend GBP", "spend_gbp"),
        ("Due date", "due"),
        ("Reason", "reason"),
        ("Favourite colour", None),
        ("", None),
    ],
)
def test_headings_are_known_however_they_are_written(heading: str, column: str | None) -> None:
    assert column_of(heading) == column


def test_no_heading_means_two_columns() -> None:
    words = [word for column in COLUMNS for word in (column.id.replace("_", ""), *column.also)]
    assert len(words) == len(set(words))
    for column in COLUMNS:
        assert {column_of(word) for word in (column.id, *column.also)} == {column.id}


def test_a_header_says_what_stands_where_and_what_nobody_knows() -> None:
    header = read_header(["", "Due", "Colour", "name", "row", "reason"], 1)
    assert header.places == {"due": 1, "name": 3}
    assert header.unknown == ("Colour",)


def test_a_header_without_names_or_with_two_of_a_kind_is_told() -> None:
    with pytest.raises(HeaderUnfitError, match="Row 3 has no column called “name”"):
        read_header(["email"], 3)
    with pytest.raises(HeaderUnfitError, match="two columns for “email”: B and AC"):
        read_header(["name", "email", *[""] * 26, "E-Mail"], 1)


def test_columns_are_called_as_spreadsheets_call_them() -> None:
    assert [letters_of(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_widths_are_those_of_the_table() -> None:
    table = Supplier.__table__.c
    assert (table.name.type.length, table.reference.type.length) == (columns.LONGEST_NAME, columns.LONGEST_REFERENCE)
    assert {column.id: column.longest for column in COLUMNS}["phone"] == table.phone.type.length

from __future__ import annotations

import pytest

from assess.assessments.careful.numbers import names_a_berth, number_kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("(01603) 496 0123", ["phone"]),
        ("Order number 4500123987", []),
        ("Company number 01234567", []),
        ("info@hotel.example", []),
        ("ana@hotel.example", ["mail"]),
        ("Tel. 0800 111 111", []),
        ("DOB 03/05/91", ["birth"]),
        ("Signed on 24/11/2026", []),
        ("The milling shed, PE38 0AA", []),
    ],
)
def test_numbers_that_lead_to_a_person_are_told_from_those_of_trade(text: str, kinds: list[str]) -> None:
    assert list(number_kinds(text)) == kinds


def test_a_berth_has_a_number() -> None:
    assert names_a_berth("Caravan 4")
    assert not names_a_berth("24 beds in caravans")

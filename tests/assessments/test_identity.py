"""Name, postcode and company number."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from assess.assessments.identity import CompanyNumber, Name, Postcode


@pytest.mark.parametrize(
    ("text", "kept"), [("nr1 3ju", "NR1 3JU"), (" PE30 1 AA", "PE30 1AA"), ("sw1a1aa", "SW1A 1AA")]
)
def test_a_postcode_is_kept_in_capitals_with_one_space(text: str, kept: str) -> None:
    assert Postcode().deserialize(text) == kept


@pytest.mark.parametrize("bad", ["NR1", "12345", "NR1 3J", "NR1\x003JU", 5])
def test_half_a_postcode_is_refused(bad: object) -> None:
    with pytest.raises(ValidationError):
        Postcode().deserialize(bad)


@pytest.mark.parametrize(
    ("text", "kept"), [("01234567", "01234567"), ("1234567", "01234567"), ("sc123456", "SC123456")]
)
def test_a_company_number_has_eight_characters(text: str, kept: str) -> None:
    assert CompanyNumber().deserialize(text) == kept


@pytest.mark.parametrize("bad", ["1234", "123456789", "ABCDEFGH", "ＳＣ１２３４５６", 1234567])
def test_other_company_numbers_are_refused(bad: object) -> None:
    with pytest.raises(ValidationError):
        CompanyNumber().deserialize(bad)


def test_a_name_is_one_line() -> None:
    assert Name().deserialize("  Fen Edge\n Growers  Ltd ") == "Fen Edge Growers Ltd"
    with pytest.raises(ValidationError, match="Enter the name"):
        Name().deserialize("   ")

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from assess.plans.register.near_days import NearDay


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1/3/27", "2027-03-01"),
        ("1 3 27", "2027-03-01"),
        ("01.03.27", "2027-03-01"),
        ("1 March 27", "2027-03-01"),
        ("1 3 2027", "2027-03-01"),
        ("2027-03-27", "2027-03-27"),
    ],
)
def test_a_year_may_be_written_with_two_digits(typed: str, day: str) -> None:
    assert NearDay().deserialize(typed) == day


@pytest.mark.parametrize("typed", ["27", "1 3", "1 03", "1/3/7", "1/3/127", "31/2/27", "27-03-2", "March 27", "//27"])
def test_what_is_no_day_is_still_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        NearDay().deserialize(typed)

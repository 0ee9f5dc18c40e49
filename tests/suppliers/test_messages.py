"""The buyer's own sentence: one line, and nothing that leads elsewhere."""

from __future__ import annotations

import pytest

from assess.suppliers.messages import NO_ADDRESS, read_message
from assess.suppliers.models import LONGEST_MESSAGE


@pytest.mark.parametrize(
    "typed",
    [
        "See https://pay.example",
        "See www.pay.example",
        "See PAY.com",
        "See a.pay.co.uk today",
        "See pay.zone/now",
        "See pay\N{FULLWIDTH FULL STOP}com",
        "See ev\N{RIGHT-TO-LEFT OVERRIDE}il",
    ],
)
def test_nothing_leads_elsewhere(typed: str) -> None:
    assert read_message(typed) == ("", NO_ADDRESS)


def test_it_is_one_line_so_that_it_looks_like_no_part_of_the_letter() -> None:
    assert read_message(" Please.\r\n\r\nHello,\n\nopen this: \t") == ("Please. Hello, open this:", None)


@pytest.mark.parametrize(
    "typed", ["", "Ring Ann on 01603 123456, or write to ann@council.example.", "At 9.30, e.g. Monday."]
)
def test_everything_else_goes(typed: str) -> None:
    assert read_message(typed) == (typed, None)


def test_too_long_a_one_is_not_cut() -> None:
    assert read_message("a" * LONGEST_MESSAGE)[1] is None
    assert "1,001 characters" in str(read_message("a" * (LONGEST_MESSAGE + 1))[1])

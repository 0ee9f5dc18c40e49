"""Numbers, dates, lists and areas in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assess.plans.words import (
    add_days,
    answer_text,
    area_name,
    exact_decimal,
    format_day,
    format_record_text,
    join_and,
    one_decimal,
    plain_number,
    round_half_up,
)


def test_a_five_is_rounded_up_as_people_do() -> None:
    assert [one_decimal(value) for value in (41.25, 41.249999, 0.05, 0.0499, 100)] == [
        "41.3",
        "41.2",
        "0.1",
        "0.0",
        "100.0",
    ]


def test_noise_of_floating_point_sums_does_not_move_a_rounding() -> None:
    assert one_decimal(0.1 + 0.2 - 0.05) == "0.3"
    assert exact_decimal(0.1 + 0.2) == Decimal("0.3")
    assert round_half_up(2.675, 2) == Decimal("2.68")


@pytest.mark.parametrize(("value", "said"), [(4.0, "4"), (2.5, "2.5"), (11.10, "11.1"), (100, "100"), (0, "0")])
def test_a_number_has_no_needless_zeros(value: float, said: str) -> None:
    assert plain_number(value) == said


def test_dates_are_written_out_and_other_words_stand_as_they_are() -> None:
    assert format_day("2026-11-04") == "4 November 2026"
    assert format_day("29 October 2015 (some years)") == "29 October 2015 (some years)"
    assert add_days("2026-12-30", 7) == "2027-01-06"


def test_dates_and_pounds_inside_a_text_stand_in_words() -> None:
    assert format_record_text("Looked up: 2025-05-03") == "Looked up: 3 May 2025"
    assert format_record_text("A day, in pounds: 9.5, Beds: 3") == "A day: £9.50, Beds: 3"
    assert format_record_text("A day, in pounds: 1,200") == "A day: £1,200.00"
    assert format_record_text("0300 123 1100, 2025-99-99") == "0300 123 1100, 2025-99-99"
    assert (
        answer_text(["Kind: Caravan, A day, in pounds: 9.5", "Kind: House"])
        == "Kind: Caravan, A day: £9.50; Kind: House"
    )


def test_lists_read_like_a_sentence() -> None:
    assert join_and(["a"]) == "a"
    assert join_and(["a", "b", "c"]) == "a, b and c"
    assert answer_text(["Yes", "No"]) == "Yes; No"
    assert answer_text("Yes") == "Yes"
    assert answer_text(None) == ""


def test_an_area_is_named_and_elsewhere_is_not() -> None:
    assert area_name("north_norfolk") == "North Norfolk"
    assert area_name("other") is None
    assert area_name(None) is None

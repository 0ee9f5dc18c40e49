from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.suppliers.importing.cells import FIT, CellUnfitError, fault_in_due, look_at, shown, tidy
from assess.suppliers.importing.columns import BY_ID
from assess.suppliers.models import Size
from tests.suppliers.importing.lists import FAULTS, KNOWN, TODAY


def read(column: str, text: str) -> object:
    look_at(column, tidy(text))
    return FIT[column](tidy(text), KNOWN)


@pytest.mark.parametrize(
    ("column", "text", "means"),
    [
        ("name", "  Fen   Edge\nGrowers ", "Fen Edge Growers"),
        ("email", " a@b.example ", "a@b.example"),
        ("email", "", ""),
        ("phone", "+44 (0)1603 123456", "+44 (0)1603 123456"),
        ("phone", "01603-123456 ext. 12", "01603-123456 ext. 12"),
        ("company_number", "1234567", "01234567"),
        ("company_number", "sc123456", "SC123456"),
        ("company_number", "", None),
        ("sector", "FARMING AND GROWING", "farming"),
        ("sector", "car washes", "car_washes"),
        ("sector", "", None),
        ("area", "Norfolk", "norfolk"),
        ("size", "Small", Size.SMALL),
        ("size", "9", Size.MICRO),
        ("size", "10", Size.SMALL),
        ("size", "49 staff", Size.SMALL),
        ("size", "50", Size.MEDIUM),
        ("size", "249", Size.MEDIUM),
        ("size", "1,250", Size.LARGE),
        ("spend_gbp", "£12,500", 12500),
        ("spend_gbp", "12.5k", 12500),
        ("spend_gbp", "£1.25M", 1250000),
        ("spend_gbp", "12500.49", 12500),
        ("spend_gbp", "GBP 12500", 12500),
        ("spend_gbp", "0", 0),
        ("spend_gbp", "", None),
        ("due", "2026-12-24", date(2026, 12, 24)),
        ("due", "24/12/2026", date(2026, 12, 24)),
        ("due", "24 Dec 2026", date(2026, 12, 24)),
        ("due", "24 December 2026", date(2026, 12, 24)),
        ("due", "", None),
    ],
)
def test_a_cell_is_read_as_a_person_means_it(column: str, text: str, means: object) -> None:
    assert read(column, text) == means


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *FAULTS,
        ("spend_gbp", "1.234.567"),
        ("spend_gbp", "-5"),
        ("name", "\uff1d1+1"),
        ("area", "@SUM(1)"),
        ("phone", "1"),
    ],
)
def test_what_cannot_be_taken_is_told_in_a_sentence_that_ends(column: str, text: str) -> None:
    with pytest.raises(CellUnfitError) as told:
        read(column, text)
    sentence = str(told.value)
    assert sentence.isprintable()
    assert sentence.endswith(".")
    assert len(sentence) < 250


@pytest.mark.parametrize("column", sorted(BY_ID))
@given(text=st.text(max_size=60) | st.from_regex(r"[£+\-=0-9.,kKmM /:]{1,20}"))
def test_any_text_is_either_taken_or_told(column: str, text: str) -> None:
    try:
        read(column, text)
    except CellUnfitError as told:
        assert str(told).isprintable()  # noqa: PT017  # not every text is told


def test_a_date_must_lie_ahead_and_within_a_year() -> None:
    assert fault_in_due(TODAY, TODAY) == "The date must be in the future. Choose a later one."
    assert fault_in_due(date(2026, 11, 25), TODAY) is None
    assert fault_in_due(date(2027, 11, 25), TODAY) is None
    assert fault_in_due(date(2027, 11, 26), TODAY) == "The date is more than a year ahead. Choose an earlier one."


def test_what_is_quoted_is_short_and_can_be_seen() -> None:
    assert shown("a" * 50) == "a" * 40 + "…"
    assert shown("a\u202eb") == "a�b"

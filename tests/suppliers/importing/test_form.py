from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.suppliers.importing.form import Typed, read_form
from assess.suppliers.importing.keeping import Wishes
from tests.suppliers.importing.lists import KNOWN, TODAY

FIRST = Typed.at_first(TODAY)


def test_the_form_opens_with_a_choice_that_can_be_sent() -> None:
    wishes, faults = read_form(FIRST, KNOWN.sectors, TODAY)
    assert faults == {}
    assert wishes == Wishes(
        asks=True, sector=None, quick=True, due=date(2026, 12, 22), message="", in_busy_season=False
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"what": "x"}, "what"),
        ({"sector": "fishing"}, "sector"),
        ({"length": ""}, "length"),
        ({"day": "31", "month": "11"}, "due"),
        ({"year": "2025"}, "due"),
        ({"year": "99999999999"}, "due"),
        ({"message": "x" * 1001}, "message"),
        ({"message": "Hello,\n\nopen https://pay.example"}, "message"),
    ],
)
def test_each_field_has_its_sentence(changed: dict[str, str], field: str) -> None:
    wishes, faults = read_form(replace(FIRST, **changed), KNOWN.sectors, TODAY)
    assert wishes is None
    assert list(faults) == [field]


def test_the_message_is_one_line_in_the_letter() -> None:
    wishes, _ = read_form(replace(FIRST, message="Please.\n\nHello,"), KNOWN.sectors, TODAY)
    assert wishes is not None
    assert wishes.message == "Please. Hello,"


def test_who_is_only_listed_needs_no_day_and_no_message_is_kept() -> None:
    wishes, faults = read_form(replace(FIRST, what="list", day="", message="Hello"), KNOWN.sectors, TODAY)
    assert faults == {}
    assert wishes is not None
    assert (wishes.asks, wishes.due, wishes.message) == (False, None, "")


def test_line_ends_of_browsers_are_not_counted_twice() -> None:
    assert Typed.of({"message": " a\r\nb "}).message == "a\nb"


@given(st.dictionaries(st.sampled_from(["what", "sector", "length", "due-day", "due-month", "due-year"]), st.text()))
def test_any_form_is_read_or_told(form: dict[str, str]) -> None:
    wishes, faults = read_form(Typed.of(form), KNOWN.sectors, TODAY)
    assert (wishes is None) == bool(faults)

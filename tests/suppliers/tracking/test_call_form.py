from __future__ import annotations

from datetime import date

import pytest

from assess.suppliers.tracking.call_form import TypedCall, call_of, read_call
from assess.suppliers.tracking.lines import Way
from assess.suppliers.tracking.noting import LONGEST_AGREED, Call

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("typed", ["3 11 2026", "03/11/2026", "3.11.2026", "3-11-2026", "2026-11-03"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    call, faults = call_of(TypedCall("call", typed, "They will begin"), TODAY)
    assert (call, faults) == (Call(Way.CALL, date(2026, 11, 3), "They will begin"), {})


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (TypedCall("", "3 11 2026", "x"), "way"),
        (TypedCall("pigeon", "3 11 2026", "x"), "way"),
        (TypedCall("call", "", "x"), "on"),
        (TypedCall("call", "31 2 2026", "x"), "on"),
        (TypedCall("call", "٣ 11 2026", "x"), "on"),
        (TypedCall("call", "25 11 2026", "x"), "on"),
        (TypedCall("call", "1 1 2020", "x"), "on"),
        (TypedCall("call", "3 11 0000", "x"), "on"),
        (TypedCall("call", "3 11 2026", ""), "agreed"),
        (TypedCall("call", "3 11 2026", "\x00 \u202e"), "agreed"),
        (TypedCall("call", "3 11 2026", "x" * (LONGEST_AGREED + 1)), "agreed"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(typed: TypedCall, field: str) -> None:
    call, faults = call_of(typed, TODAY)
    assert call is None
    assert list(faults) == [field]
    assert faults[field].endswith(".")


def test_words_keep_their_lines_and_lose_what_nobody_sees() -> None:
    call, _ = call_of(
        read_call({"way": "email", "on": "2026-11-24", "agreed": " A  plan \r\nby\u202e May\x00 "}), TODAY
    )
    assert call == Call(Way.EMAIL, TODAY, "A plan\nby May")

"""Rendered once, filled many times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assess.assessments.moulds import Mould, slot

PLAIN = st.text(st.characters(exclude_categories=["Co", "Cs"]), max_size=30)


def test_slots_of_one_name_are_filled_alike_and_others_stay_empty() -> None:
    mould = Mould(f"<a {slot('on')}>{slot('text')}</a>{slot('on')}")
    assert mould.fill({"on": "x"}) == "<a x></a>x"
    assert mould.fill({}) == "<a ></a>"


@given(st.lists(PLAIN, max_size=6), st.lists(PLAIN, min_size=6, max_size=6))
def test_a_mould_changes_nothing_around_its_slots(pieces: list[str], values: list[str]) -> None:
    text = "".join(f"{piece}{slot(str(number))}" for number, piece in enumerate(pieces))
    wanted = "".join(f"{piece}{values[number]}" for number, piece in enumerate(pieces))
    assert Mould(text).fill({str(number): value for number, value in enumerate(values)}) == wanted

from __future__ import annotations

import pytest

from assess.assessments.purchases.apart import taken_apart
from assess.assessments.purchases.keeping import Said
from tests.references import real


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("Prawns from Ecuador", [Said("prawns", "EC")]),
        ("Beef from Paraguay", [Said("beef", "PY")]),
        ("Prawns and shrimp from the UK", [Said("prawns and shrimp", "GB")]),
        ("Laundry and cleaning", [Said("laundry"), Said("cleaning")]),
        ("cleaning, and laundry & waste", [Said("cleaning"), Said("laundry"), Said("waste")]),
        ("tea and coffee from Kenya", [Said("tea", "KE"), Said("coffee", "KE")]),
    ],
)
def test_what_the_lists_know_is_taken_apart(written: str, lines: list[Said]) -> None:
    assert taken_apart([written], real()) == lines


@pytest.mark.parametrize(
    "written",
    [
        "prawns",
        "milk and butter",  # one usual purchase
        "beer, wine and spirits",
        "fish and chips",
        "curtains from Turkey",
        "ham from Parma",
        "prawns from not known",
        "agency workers from Poland",  # they work here
        "Clean & Bright from Norwich",
        " and ",
        "from Ecuador",
    ],
)
def test_everything_else_stays_as_it_was_written(written: str) -> None:
    assert taken_apart([written], real()) == [Said(written)]


@pytest.mark.parametrize(
    ("written", "known_as"), [("staff uniforms", "uniforms and workwear"), ("lager", "beer, wine and spirits")]
)
def test_words_of_a_hotel_are_known(written: str, known_as: str) -> None:
    offer = real().offer(written)
    assert offer is not None
    assert offer.key == known_as

from __future__ import annotations

import pytest

from assess.assessments.careful.persons import names_somebody


@pytest.mark.parametrize(
    "text", ["ask ioana", "Mark keeps the tips", "our driver Xhemail", "B. Toma left", "MARIAN SLEEPS HERE", "Mrs K."]
)
def test_somebody_is_named(text: str) -> None:
    assert names_somebody(text)


@pytest.mark.parametrize(
    "text", ["Wilson Brothers Haulage", "April is busy", "mark up on drinks", "John Deere tractor", "St James Laundry"]
)
def test_firms_months_and_brands_are_nobody(text: str) -> None:
    assert not names_somebody(text)

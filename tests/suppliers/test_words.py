from __future__ import annotations

from assess.suppliers.models import Decline, Size, Status, Tier
from assess.suppliers.words import DECLINES, DECLINES_TOLD, SIZES, STATUS_HINTS, STATUSES, TIERS, name_of_code


def test_everything_has_its_words() -> None:
    assert set(STATUSES) == set(STATUS_HINTS) == set(Status)
    assert set(SIZES) == set(Size)
    assert set(TIERS) == set(Tier)
    assert set(DECLINES) == set(DECLINES_TOLD) == set(Decline)
    assert name_of_code("car_washes") == "Car washes"

from __future__ import annotations

import pytest

from assess.plans.register.roles import roles_of
from tests.engine.real_banks import BANKS, edition_of

ONLY_THERE = {
    "farming": {"Farm manager"},
    "car_washes": {"Site manager"},
    "hospitality": {"Head housekeeper"},
}


@pytest.mark.parametrize("bank", BANKS)
def test_a_farm_is_not_offered_a_head_housekeeper(bank: str) -> None:
    roles = set(roles_of(edition_of(bank)))
    assert ONLY_THERE[bank] <= roles
    elsewhere = set().union(*(jobs for other, jobs in ONLY_THERE.items() if other != bank))
    assert not roles & (elsewhere - {"Site manager"})
    assert roles <= set(edition_of(bank).owners.values())

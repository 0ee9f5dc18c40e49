from __future__ import annotations

from assess.banks.schema_contracts import ASKS, CHARACTERISTICS, REGIMES, TIERS
from assess.suppliers.contracts.models import Asks, Level, Regime
from assess.suppliers.models import Tier


def test_the_words_that_are_stored_are_those_of_the_files() -> None:
    assert tuple(one.value for one in Regime) == REGIMES
    assert tuple(one.value for one in Tier) == TIERS
    assert tuple(one.value for one in Asks) == ASKS
    assert {one.value for one in Level} == {*TIERS, "not_known"}
    assert len(CHARACTERISTICS) == 6

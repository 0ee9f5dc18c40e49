from __future__ import annotations

from assess.banks.schema import INDICATORS
from assess.engine.indicators import ILO


def test_every_indicator_that_a_file_may_name_has_a_name() -> None:
    assert list(ILO) == list(range(1, INDICATORS + 1))
    assert len(set(ILO.values())) == INDICATORS

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from assess.engine.result import ENGINE, Result
from assess.engine.scoring import score
from tests.builders import a_bank, a_question, some_settings


def test_the_rules_of_arithmetic_are_number_two() -> None:
    assert ENGINE == 2


def test_a_result_is_frozen_and_equal_to_its_like() -> None:
    one, other = (score(a_bank(a_question()), {"q": "poor"}, some_settings()) for _ in range(2))
    assert one == other
    with pytest.raises(FrozenInstanceError):
        one.score = 0.0


def test_what_a_result_says_is_explained_beside_it() -> None:
    said = Result.__doc__ or ""
    units = {"exposure", "score", "confidence", "gap", "urgent_signs", "missing", "pending", "third_party", "stale"}
    units |= {"not_looked", "breaches", "sums", "wide_areas", "low_gap"}
    assert units <= {field.name for field in fields(Result)}
    assert all(name in said for name in units)

from __future__ import annotations

import pytest

from assess.engine.gaps import blend, confidence_of, exposure_of, score_of
from tests.builders import some_settings


def test_exposure_starts_from_the_base_of_the_sector() -> None:
    assert exposure_of(45, 0, 0) == 45
    assert exposure_of(45, 0, 10) == 45
    assert exposure_of(45, 5, 10) == 72.5
    assert exposure_of(45, 10, 10) == 100


def test_the_mean_is_weighted_and_the_three_largest_weigh_again() -> None:
    mean_gap, gap = blend([1.0, 0.5, 0.0, 0.25], [3, 1, 2, 2], 0.25)
    assert mean_gap == (3 * 1 + 0.5 + 0 + 0.5) / 8
    assert gap == 0.75 * mean_gap + 0.25 * (1.0 + 0.5 + 0.25) / 3


def test_with_fewer_than_three_dimensions_their_own_mean_weighs_again() -> None:
    assert blend([0.5], [2], 0.25) == (0.5, 0.5)
    assert blend([1.0, 0.0], [1, 3], 0.25) == (0.25, 0.75 * 0.25 + 0.25 * 0.5)


def test_nothing_asked_leaves_no_gap() -> None:
    assert blend([], [], 0.25) == (0.0, 0.0)
    assert blend([0.5], [0], 0.25) == (0.0, 0.0)


@pytest.mark.parametrize(("exposure", "gap", "score"), [(100, 0, 25), (100, 1, 100), (60, 0.5, 37.5), (0, 1, 0)])
def test_the_score_leaves_the_floor(exposure: float, gap: float, score: float) -> None:
    assert score_of(exposure, gap, 0.25) == score


def test_a_form_without_evidence_never_passes_sixty() -> None:
    assert confidence_of(0.0, 0.0, some_settings(), stale=False) == 60
    assert confidence_of(0.0, 1.0, some_settings(), stale=False) == 100
    assert confidence_of(0.5, 0.0, some_settings(), stale=False) == 30
    assert confidence_of(0.0, 1.0, some_settings(), stale=True) == 80

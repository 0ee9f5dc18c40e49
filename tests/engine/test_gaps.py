from __future__ import annotations

import pytest

from assess.engine.gaps import blend, confidence_of, exposure_of, is_wide, mean_weights, score_of
from assess.engine.result import ENGINE, DimensionGap
from tests.builders import some_settings


def test_exposure_starts_from_the_base_of_the_sector() -> None:
    assert exposure_of(45, 0, 0) == 45
    assert exposure_of(45, 0, 10) == 45
    assert exposure_of(45, 5, 10) == 72.5
    assert exposure_of(45, 10, 10) == 100


def dimension(weight: float, points: float, possible: float) -> DimensionGap:
    return DimensionGap("any", weight, points, possible, points / possible)


def test_every_point_counts_at_the_weight_of_its_dimension() -> None:
    many, one = dimension(3, 2, 40), dimension(1, 4, 4)
    assert mean_weights([many, one], ENGINE) == [3 * 40, 1 * 4]
    mean_gap, _ = blend([many.gap, one.gap], mean_weights([many, one], ENGINE), [False, False], 0.25)
    assert mean_gap == pytest.approx((3 * 2 + 1 * 4) / (3 * 40 + 1 * 4))


def test_under_number_one_every_dimension_counted_by_its_weight_alone() -> None:
    assert mean_weights([dimension(3, 2, 40), dimension(1, 4, 4)], 1) == [3, 1]


def test_the_three_widest_that_count_weigh_again() -> None:
    gaps, pulls = [1.0, 0.5, 0.0, 0.25], [3, 1, 2, 2]
    mean_gap, gap = blend(gaps, pulls, [True] * 4, 0.25)
    assert mean_gap == (3 * 1 + 0.5 + 0 + 0.5) / 8
    assert gap == 0.75 * mean_gap + 0.25 * (1.0 + 0.5 + 0.25) / 3
    assert blend(gaps, pulls, [False, True, True, True], 0.25).gap == 0.75 * mean_gap + 0.25 * (0.5 + 0.25 + 0) / 3


def test_with_fewer_than_three_that_count_their_own_mean_weighs_again() -> None:
    assert blend([0.5], [2], [True], 0.25) == (0.5, 0.5)
    assert blend([1.0, 0.0], [1, 3], [True, True], 0.25) == (0.25, 0.75 * 0.25 + 0.25 * 0.5)
    assert blend([1.0, 0.0], [1, 3], [False, True], 0.25) == (0.25, 0.75 * 0.25)


def test_where_none_counts_the_mean_is_all_there_is() -> None:
    assert blend([1.0, 0.0], [1, 3], [False, False], 0.25) == (0.25, 0.25)


def test_nothing_asked_leaves_no_gap() -> None:
    assert blend([], [], [], 0.25) == (0.0, 0.0)
    assert blend([0.5], [0], [True], 0.25) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("harm", "questions", "wide"),
    [(1, 3, True), (3, 3, True), (3, 2, False), (4, 30, False), (6, 3, False), (2, 0, False)],
)
def test_the_widest_are_about_life_pay_and_homes_and_stand_on_three_questions(
    harm: int, questions: int, *, wide: bool
) -> None:
    assert is_wide(harm, questions) is wide


@pytest.mark.parametrize(("exposure", "gap", "score"), [(100, 0, 25), (100, 1, 100), (60, 0.5, 37.5), (0, 1, 0)])
def test_the_score_leaves_the_floor(exposure: float, gap: float, score: float) -> None:
    assert score_of(exposure, gap, 0.25) == score


def test_a_form_without_evidence_never_passes_sixty() -> None:
    assert confidence_of(0.0, 0.0, some_settings(), stale=False) == 60
    assert confidence_of(0.0, 1.0, some_settings(), stale=False) == 100
    assert confidence_of(0.5, 0.0, some_settings(), stale=False) == 30
    assert confidence_of(0.0, 1.0, some_settings(), stale=True) == 80

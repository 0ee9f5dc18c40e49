from __future__ import annotations

from datetime import timedelta

import pytest

from assess.portfolio.files.models import FileKind, PlanState
from assess.portfolio.files.words import KINDS, REASONS, HowFar, bytes_in_words, progress, time_left

MINUTES = timedelta(minutes=1)


def test_how_far_it_is_reads_as_a_person_would_say_it() -> None:
    far = HowFar(142, 300, 0, 142 * timedelta(seconds=1.5))
    assert progress(FileKind.BUNDLE, far) == "142 of 300 plans printed, about 4 minutes left."
    assert progress(FileKind.BUNDLE, HowFar(0, 1, 0, None)) == "0 of 1 plan printed."
    assert progress(FileKind.CSV, far) == "The spreadsheet is being made."


@pytest.mark.parametrize(
    ("far", "left"),
    [
        (HowFar(2, 300, 0, MINUTES), None),
        (HowFar(102, 300, 100, MINUTES), None),
        (HowFar(300, 300, 0, MINUTES), None),
        (HowFar(290, 300, 0, 5 * MINUTES), "less than a minute"),
        (HowFar(150, 300, 100, 25 * timedelta(seconds=1)), "about a minute"),
        (HowFar(100, 300, 0, 300 * MINUTES), "about 10 hours"),
    ],
)
def test_nobody_guesses_before_there_is_something_to_judge_by(far: HowFar, left: str | None) -> None:
    assert time_left(far) == left


def test_sizes_and_reasons_have_words() -> None:
    assert [bytes_in_words(size) for size in (None, 0, 10, 24_600, 45_678_901)] == ["", "", "1 kB", "25 kB", "45.7 MB"]
    assert set(REASONS) == set(PlanState)
    assert set(KINDS) == set(FileKind)

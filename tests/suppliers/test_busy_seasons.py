"""Busy seasons: farms are not asked in the harvest, unless the buyer says so."""

from __future__ import annotations

from datetime import date

import pytest

from assess.suppliers.busy_seasons import busy_until, busy_words, first_day, season_end


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2027, 4, 30), None),
        (date(2027, 5, 1), date(2027, 9, 30)),
        (date(2027, 9, 30), date(2027, 9, 30)),
        (date(2027, 10, 1), None),
    ],
)
def test_farms_are_busy_from_may_to_september(day: date, until: date | None) -> None:
    assert busy_until("farming", day) == until
    assert busy_until("car_washes", day) is None
    assert busy_until("nothing of ours", day) is None


def test_before_the_setting_began_nobody_is_busy() -> None:
    assert busy_until("farming", date(2024, 6, 1)) is None


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 11, 30), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 1, 31)),
        (date(2027, 2, 1), None),
        (date(2026, 10, 31), None),
    ],
)
def test_a_season_may_go_over_the_new_year(day: date, until: date | None) -> None:
    assert season_end(11, 1, day) == until


def test_a_season_may_end_with_the_year() -> None:
    assert season_end(12, 12, date(2026, 12, 5)) == date(2026, 12, 31)


def test_the_letter_goes_on_the_day_after_or_at_once() -> None:
    june = date(2027, 6, 10)
    assert first_day("farming", june, at_once=False) == date(2027, 10, 1)
    assert first_day("farming", june, at_once=True) == june
    assert first_day("car_washes", june, at_once=False) == june


def test_the_buyer_is_told_both_days() -> None:
    words = busy_words("Farms", date(2027, 9, 30))
    assert words == (
        "Farms: busy until 30 September 2027. The letter goes on 1 October 2027, unless you tick “Send it now”."
    )

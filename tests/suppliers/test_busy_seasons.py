from __future__ import annotations

from datetime import date

from assess.suppliers.busy_seasons import first_day


def test_a_letter_may_go_today() -> None:
    assert first_day("farming", date(2026, 11, 24), at_once=True) == date(2026, 11, 24)

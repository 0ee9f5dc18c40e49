"""The form of the settings of busy seasons, and that they stay out of every plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.season_settings import fault_in, is_season
from assess.banks.settings import settings_on


@pytest.mark.parametrize(
    "value", [5, {}, {"first_month": 5}, {"first_month": 0, "last_month": 9}, {"first_month": 5, "last_month": 9.5}]
)
def test_what_is_no_season_is_said(value: Any) -> None:
    assert fault_in(value)


def test_a_season_is_two_months() -> None:
    assert fault_in({"first_month": 11, "last_month": 1}) == ""


def test_they_are_printed_in_no_plan() -> None:
    found = settings_on(QUESTIONNAIRES, date(2026, 11, 24))
    assert not any(is_season(row["id"]) for row in found.basis)
    assert not any(is_season(name) for name in found.texts)

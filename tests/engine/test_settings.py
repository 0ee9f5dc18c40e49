from __future__ import annotations

from dataclasses import fields

from assess.engine.settings import DatedSettings, ScoringSettings
from tests.builders import some_settings


def test_every_setting_of_the_score_is_explained() -> None:
    said = ScoringSettings.__doc__ or ""
    names = {field.name for field in fields(ScoringSettings)} - {"stale_factor", "stale_months"}
    assert {name for name in names if name not in said and not name.startswith("labour_provider")} == set()


def test_settings_of_one_day_hold_what_was_in_force() -> None:
    dated = DatedSettings("2026-11-24", some_settings(), (), {"wage": "£12.00"}, ())
    assert dated.scoring == some_settings()
    assert dated != DatedSettings("2026-11-25", some_settings(), (), {"wage": "£12.00"}, ())

from __future__ import annotations

import dataclasses
from dataclasses import fields

from assess.engine.settings import Contact, DatedSettings, ScoringSettings
from tests.builders import some_settings


def test_every_setting_of_the_score_is_explained() -> None:
    said = ScoringSettings.__doc__ or ""
    names = {field.name for field in fields(ScoringSettings)} - {"stale_factor", "stale_months"}
    assert {name for name in names if name not in said and not name.startswith("labour_provider")} == set()


def test_settings_of_one_day_hold_what_was_in_force() -> None:
    dated = DatedSettings("2026-11-24", some_settings(), (), {"wage": "£12.00"}, ())
    assert dated.scoring == some_settings()
    assert dated != DatedSettings("2026-11-25", some_settings(), (), {"wage": "£12.00"}, ())


def test_a_contact_that_was_taken_away_is_named_by_the_helpline_and_says_so() -> None:
    line = Contact(
        "acas", 4, None, "Pay", "Acas", "0300 123 1100", None, None, "Anyone", "S1", "2026-11-24", "2027-01-01"
    )
    assert line.said == "0300 123 1100"
    taken = dataclasses.replace(line, number="08000 121 700", blanked=True)
    assert taken.said == "08000 121 700 (the helpline; this line is not available)"

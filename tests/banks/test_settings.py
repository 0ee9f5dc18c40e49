from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from assess.banks import settings as settings_module
from assess.banks.settings import settings_from, settings_on, text_of
from assess.banks.sheets import RefusedError
from tests.shelves import CONTACTS, SCORING, SOUND, TODAY, sound_but

WAGE = "values: [{from: 2026-04-01, value: 12.34, source: made up, checked: 2026-11-01, review_by: 2027-04-01}]}"
TWO_WAGES = WAGE.replace(
    "[{", "[{from: 2025-04-01, value: 11.5, source: old, checked: 2025-05-01, review_by: 2026-03-01}, {"
)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12.71, "£ an hour", "£12.71"),
        (8, "£ an hour", "£8.00"),
        (11.1, "£ a day", "£11.10"),
        (45000, "£", "£45,000"),
        (1234.5, "£", "£1,234.50"),
        (25, "%", "25%"),
        (12.07, "%", "12.07%"),
        (1.3, "times", "1.3"),
        (32, None, "32"),
        (36000000, None, "36,000,000"),
        ("2026-10-01", None, "1 October 2026"),
        ("October 2024", None, "October 2024"),
        ("three", None, "three"),
    ],
)
def test_values_are_said_as_people_write_them(value: float | str, unit: str | None, text: str) -> None:
    assert text_of(value, unit) == text


def test_settings_are_those_in_force_on_the_day() -> None:
    shelf = sound_but((SCORING, WAGE, TWO_WAGES))
    old, new = settings_from(shelf, date(2026, 4, 1)), settings_from(shelf, TODAY)
    assert (old.on, new.on) == ("2026-04-01", "2026-11-24")
    assert old.scoring == new.scoring
    assert new.scoring.wage == 12.34
    assert (new.scoring.medium, new.scoring.high, new.scoring.critical) == (25, 45, 65)
    assert new.scoring.weights == {"pay": 3, "freedom": 3}
    with pytest.raises(RefusedError, match="“floor” has no value on 2026-03-31; the first begins on 2026-04-01"):
        settings_from(shelf, date(2026, 3, 31))


def test_texts_are_filled_from_settings_and_from_contacts_of_everywhere() -> None:
    local = "  - {id: near, order: 2, area: norfolk, situation: S, who: W, number: '1', for_whom: A, source: s, checked: 2026-11-01, review_by: 2027-01-01}\n"
    web = (
        local.replace("near", "site").replace("area: norfolk, ", "").replace("number: '1'", "web: https://example.org")
    )
    shelf = sound_but((CONTACTS, "contacts:\n", "contacts:\n" + local + web))
    settings = settings_from(shelf, TODAY)
    assert settings.texts["wage"] == "£12.34"
    assert settings.texts["helpline"] == "01234 567 890"
    assert settings.texts["site"] == "https://example.org"
    assert not {"near", "base", "bands", "weights"} & set(settings.texts)
    assert [contact.id for contact in settings.contacts] == ["helpline", "near", "site", "emergency"]
    assert settings.contacts[1].area == "norfolk"
    assert settings.contacts[0].web is None


def test_every_value_says_where_it_comes_from() -> None:
    basis = {row["id"]: row for row in settings_from(sound_but(), TODAY).basis}
    assert basis["wage"] == {
        "id": "wage",
        "label": "Wage",
        "value": "£12.34",
        "from": "2026-04-01",
        "source": "made up",
        "checked": "2026-11-01",
        "review_by": "2027-04-01",
    }
    assert basis["bands"]["value"] == "medium 25, high 45, critical 65"


def test_settings_are_kept_until_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "_kept", {})
    folder = Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))
    first = settings_on(folder, TODAY)
    assert settings_on(folder, TODAY) is first
    path = folder / SCORING
    path.write_text(path.read_text(encoding="utf-8").replace("12.34", "13.34"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert settings_on(folder, TODAY).scoring.wage == 13.34


def test_only_so_many_days_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "_kept", {})
    monkeypatch.setattr(settings_module, "_MOST_DAYS", 2)
    for day in (1, 2, 3, 4):
        settings_on(SOUND, date(2026, 11, day))
    assert len(settings_module._kept) <= 3


def test_a_broken_file_is_refused_with_its_problem() -> None:
    with pytest.raises(RefusedError) as caught:
        settings_from(sound_but((SCORING, "value: 0.25", "value: a quarter")), TODAY)
    assert "settings/scoring.yaml:7: BANK074 “floor” must be a share, from 0 to 1." in str(caught.value)

from __future__ import annotations

from datetime import date

import pytest

from assess.banks.settings_check import check_settings, gather, value_on
from assess.banks.sheets import Shelf
from tests.shelves import CONTACTS, SCORING, TODAY, sound_but

WHOLE_BANDS = "value: {medium: 25, high: 45, critical: 65}"


def said(*edits: tuple[str, str, str], day: date = TODAY) -> list[str]:
    return [f"{one.file}:{one.line}: {one.number} {one.message}" for one in check_settings(sound_but(*edits), day)]


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        ((SCORING, "value: 12.34", "value: 0"), "“wage” must be a number above 0."),
        ((SCORING, "value: 12.34", "value: much"), "“wage” must be a number above 0."),
        ((SCORING, "value: 12,", "value: 12.5,"), "“stale_months” must be a whole number of months."),
        ((SCORING, "value: 0.8", "value: 1.8"), "“stale_factor” must be a share, from 0 to 1."),
        ((SCORING, "value: {shop: 10}", "value: 10"), "“base” must be a group of numbers, one for each id."),
        ((SCORING, "value: {shop: 10}", "value: {shop: 110}"), "“base” must hold numbers from 0 to 100."),
        (
            (SCORING, "value: {shop: 10}", "value: {shopp: 10}"),
            "“base” has no number for “shop”; did you mean “shopp”?",
        ),
        ((SCORING, "{pay: 3, freedom: 3}", "{pay: 3, freedom: 0}"), "“weights” must hold numbers above 0."),
        ((SCORING, "{pay: 3, freedom: 3}", "{pay: 3}"), "“weights” has no number for “freedom”."),
        (
            (SCORING, WHOLE_BANDS, "value: {medium: 25, high: 45}"),
            "“bands” must hold medium, high and critical, nothing else.",
        ),
        (
            (SCORING, WHOLE_BANDS, "value: {medium: 25, high: 25, critical: 65}"),
            "“bands” must rise from medium over high",
        ),
        ((CONTACTS, '"01234 567 890"', '"01234 567 89O"'), "“helpline” must be digits with single spaces."),
        ((CONTACTS, '    number: "01234 567 890"\n', ""), "“helpline” must have a number or a web address."),
    ],
)
def test_a_setting_has_the_form_that_scoring_needs(edit: tuple[str, str, str], fault: str) -> None:
    found = said(edit)
    assert len(found) == 1, found
    assert "BANK074" in found[0]
    assert fault in found[0]


def test_an_id_stands_once_among_settings_and_contacts() -> None:
    found = said((CONTACTS, "id: helpline", "id: wage"))
    assert found[1].startswith("settings/contacts.yaml:3: BANK030 The id “wage” stands at a setting or contact")


@pytest.mark.parametrize("name", ["helpline", "emergency"])
def test_whom_to_call_in_any_case_cannot_be_taken_out(name: str) -> None:
    gone = [one for one in said((CONTACTS, f"id: {name}", "id: somebody")) if "every page" in one]
    assert gone == [
        f"settings/contacts.yaml:1: BANK073 The contact “{name}” is missing; every page shows it. Add it under questionnaires/settings."
    ]
    web = said((CONTACTS, '    number: "01234 567 999"\n', "    web: https://call.example\n"))
    assert [one for one in web if "every page" in one and "BANK074" in one] == web
    assert len(web) == 1


def test_only_the_value_in_force_is_to_be_looked_at_again() -> None:
    two = "values: [{from: 2025-04-01, value: 11, source: s, checked: 2025-05-01, review_by: 2026-03-01}, {from: 2026-04-01, value: 12.34"
    edit = (SCORING, "values: [{from: 2026-04-01, value: 12.34", two)
    assert said(edit) == []
    late = said(edit, day=date(2027, 4, 2))
    assert len(late) == 14, "thirteen settings and a contact"
    assert all("BANK071" in one for one in late)


def test_what_is_missing_is_said_in_one_line() -> None:
    shelf = sound_but()
    found = check_settings(Shelf({name: sheet for name, sheet in shelf.sheets.items() if name != SCORING}), TODAY)
    assert len(found) == 1
    assert (found[0].file, found[0].number) == (SCORING, "BANK073")
    assert "wage, offset_day, oncost, stale_months" in found[0].message
    close = said((SCORING, "{id: floor,", "{id: flor,"))
    assert len(close) == 1
    assert "missing: floor; did you mean “flor”?" in close[0]


def test_other_files_do_not_belong_there() -> None:
    shelf = sound_but()
    stranger = type(shelf.sheets["owners.yaml"])("settings/owners.yaml", shelf.sheets["owners.yaml"].text.encode())
    found = check_settings(Shelf({**shelf.sheets, "settings/owners.yaml": stranger}), TODAY)
    assert [str(one)[:31] for one in found] == ["settings/owners.yaml:1: BANK014"]


def test_the_value_of_a_day_is_the_last_that_has_begun() -> None:
    wage = gather(sound_but()).settings[0]
    assert value_on(wage, date(2026, 4, 1))["value"] == 12.34
    with pytest.raises(KeyError):
        value_on(wage, date(2026, 3, 31))


def test_without_dimensions_weights_are_not_held_against_them() -> None:
    shelf = sound_but()
    left = Shelf({name: sheet for name, sheet in shelf.sheets.items() if name != "dimensions.yaml"})
    assert check_settings(left, TODAY) == []

"""The form of the settings of busy seasons, and that they stay out of every plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from assess.question_banks.files import BankFilesRefusedError, ContentFile, ContentFiles, bundled_files
from assess.question_banks.settings import (
    CONTACT_FIRST_MEMBERS,
    PURCHASE_MEMBERS,
    can_make_purchase_high,
    check_settings,
    contact_first_setting_error,
    contact_first_settings_errors,
    contact_first_weights_from,
    contact_first_weights_on,
    gather_settings,
    is_season_setting,
    purchase_points_from,
    purchase_setting_error,
    purchase_settings_errors,
    season_setting_error,
    settings_from,
    text_of,
    value_on,
)
from assess.question_banks.validation import check_files
from tests.content_files import CONTACTS, SCORING, TODAY, sound_but
from tests.engine.real_banks import QUESTIONNAIRES
from tests.engine.real_banks import TODAY as REAL_BANKS_TODAY
from tests.reference_data import TODAY as REFERENCE_DATA_TODAY
from tests.reference_data import real

UNANSWERED = {
    "old": 2,
    "other_result": 2,
    "submitted": 2,
    "started": 3,
    "opened": 4,
    "never_opened": 5,
    "declined": 6,
    "share_over": 6,
    "each_week_late": 1,
    "most_late": 4,
}
VALUES: Mapping[str, Mapping[str, float]] = {
    "call_sector": {"most": 20},
    "call_tier": {"low": 3, "medium": 12, "high": 20},
    "call_band": {"low": 4, "medium": 14, "high": 30},
    "call_unanswered": UNANSWERED,
    "call_slipping": {"each_late": 1, "most_for_number": 7, "most_for_share": 7},
    "call_spend_from": {"some": 10_000, "much": 100_000, "most": 1_000_000},
    "call_spend": {"little": 1, "some": 2, "much": 4, "most": 6},
}
CALLING = (QUESTIONNAIRES / "settings" / "calling.yaml").read_text()


def test_sound_settings_have_no_fault_and_become_weights() -> None:
    assert [contact_first_setting_error(name, value) for name, value in VALUES.items()] == [""] * len(
        CONTACT_FIRST_MEMBERS
    )
    assert contact_first_settings_errors(VALUES) == []
    weights = contact_first_weights_from("2026-11-24", {"farming": 35}, VALUES, ())
    assert weights.most == {"sector": 20, "tier": 20, "band": 30, "unanswered": 10, "slipping": 14, "spend": 6}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("call_sector", 20, "exactly these members: most"),
        ("call_sector", {"most": 2.5}, "whole numbers"),
        ("call_sector", {"most": -1}, "none below 0"),
        ("call_tier", {"low": 5, "medium": 4, "high": 20}, "must not fall from low to high"),
        ("call_band", {"low": 4, "medium": 31, "high": 30}, "must not fall from low to high"),
        ("call_spend", {"little": 1, "some": 2, "much": 4}, "exactly these members"),
        ("call_unanswered", {**UNANSWERED, "opened": 9}, "must not fall along"),
        ("call_unanswered", {**UNANSWERED, "old": 3}, "must not count old answers more than none"),
        ("call_unanswered", {**UNANSWERED, "share_over": 7}, "must count declined as share_over"),
    ],
)
def test_what_would_let_less_data_rank_safer_is_refused(name: str, value: object, said: str) -> None:
    assert said in contact_first_setting_error(name, value)


def test_four_bands_of_an_earlier_file_are_read_as_three() -> None:
    four = {"low": 4, "medium": 14, "high": 25, "critical": 30}
    assert contact_first_setting_error("call_band", four) == ""
    assert contact_first_settings_errors({**VALUES, "call_band": four}) == []
    found = contact_first_weights_from("", {}, {**VALUES, "call_band": four})
    assert (found.band, found.most["band"]) == ({"low": 4, "medium": 14, "high": 30}, 30)


def test_the_parts_must_add_up_to_a_hundred() -> None:
    assert contact_first_settings_errors({**VALUES, "call_sector": {"most": 25}}) == [
        ("call_band", "and the other parts add up to 105, not to 100")
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value: {most: 20}", "value: {most: 25}", "BANK074 “call_band” and the other parts add up to 105"),
        ("value: {most: 20}", "value: 20", "BANK074 “call_sector” must be a group of numbers"),
        ("id: call_spend\n", "id: call_cost\n", "BANK073 These settings are missing: call_spend."),
        ("from: 2025-04-01", "from: 2030-04-01", "BANK075"),
    ],
)
def test_the_check_of_a_folder_says_it_with_its_place(old: str, new: str, said: str) -> None:
    assert old in CALLING
    content_file = ContentFile("settings/calling.yaml", CALLING.replace(old, new, 1).encode())
    bank_files = ContentFiles({**sound_but().files, content_file.name: content_file})
    problems = [f"{one.file}:{one.line}: {one.number} {one.message}" for one in check_files(bank_files, TODAY).problems]
    assert [problem for problem in problems if problem.startswith("settings/calling.yaml:") and said in problem]


def test_the_numbers_of_the_house_add_up_and_say_where_they_come_from() -> None:
    weights = contact_first_weights_on(bundled_files(), REAL_BANKS_TODAY)
    assert sum(weights.most.values()) == 100
    assert weights.base["car_washes"] == max(weights.base.values())
    assert weights is contact_first_weights_on(bundled_files(), REAL_BANKS_TODAY)
    assert all(one["source"].startswith("This service’s own") and one["review_by"] for one in weights.basis)


def test_files_without_the_numbers_are_refused() -> None:
    with pytest.raises(BankFilesRefusedError, match="call_sector"):
        contact_first_weights_on(sound_but(), REAL_BANKS_TODAY)
    calling = bundled_files().files["settings/calling.yaml"]
    files = ContentFiles({**sound_but().files, calling.name: calling})
    assert contact_first_weights_on(files, REAL_BANKS_TODAY).sector_most == 20
    with pytest.raises(BankFilesRefusedError):
        contact_first_weights_on(files, date(2020, 1, 1))


VALUES_PURCHASE_SETTINGS = {
    "purchase_tiers": {"tier_1": 15, "tier_2": 40, "tier_2wl": 65, "tier_3": 90},
    "purchase_country": {"tier": 0.6, "law": 0.4},
    "purchase_marks": dict.fromkeys(PURCHASE_MEMBERS["purchase_marks"], 60),
    "purchase_bands": {"medium": 40, "high": 70},
    "purchase_severity": dict.fromkeys(PURCHASE_MEMBERS["purchase_severity"], 1),
    "purchase_influence": {"least": 1, "supplier_known": 1, "in_the_uk": 1},
}


def test_sound_settings_have_no_fault_and_become_marks() -> None:
    assert [purchase_setting_error(name, value) for name, value in VALUES_PURCHASE_SETTINGS.items()] == [""] * len(
        PURCHASE_MEMBERS
    )
    assert purchase_settings_errors(VALUES_PURCHASE_SETTINGS) == []
    marks = purchase_points_from(VALUES_PURCHASE_SETTINGS, ())
    assert (marks.high, marks.law_share, marks.facts["elsewhere"]) == (70, 0.4, 60)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("purchase_bands", 40, "must be a group of numbers with exactly these members: medium, high"),
        ("purchase_bands", {"medium": 40}, "exactly these members"),
        ("purchase_bands", {"medium": 70, "high": 40}, "must rise"),
        ("purchase_tiers", {"tier_1": 15, "tier_2": 40, "tier_2wl": 30, "tier_3": 90}, "must rise from tier 1"),
        ("purchase_tiers", {"tier_1": 15, "tier_2": 40, "tier_2wl": 65, "tier_3": 190}, "from 0 to 100"),
        ("purchase_country", {"tier": 0.6, "law": 0.6}, "must add up to 1"),
    ],
)
def test_what_cannot_be_used_is_said(name: str, value: object, said: str) -> None:
    assert said in purchase_setting_error(name, value)


def test_nothing_named_and_nothing_unknown_may_be_called_lower() -> None:
    for mark in ("elsewhere", "origin_unknown", "uk_cases", "uk_licence", "uk_named"):
        marks = {**VALUES_PURCHASE_SETTINGS["purchase_marks"], mark: 39}
        found = purchase_settings_errors({**VALUES_PURCHASE_SETTINGS, "purchase_marks": marks})
        assert f"“{mark}” less than the band medium" in found[0][1]


def test_what_can_be_high_follows_from_the_numbers() -> None:
    assert [
        kind
        for kind in ("tier_1", "tier_3", "elsewhere", "rule_of_law", "good_unknown")
        if can_make_purchase_high(kind, VALUES_PURCHASE_SETTINGS)
    ] == [
        "tier_3",
        "rule_of_law",
    ]
    assert can_make_purchase_high(
        "somewhere",
        {**VALUES_PURCHASE_SETTINGS, "purchase_marks": {**VALUES_PURCHASE_SETTINGS["purchase_marks"], "elsewhere": 70}},
    )


def test_records_list_these_settings_with_the_purchases_and_not_with_the_score() -> None:
    listed = {row["id"] for row in settings_from(bundled_files(), REFERENCE_DATA_TODAY).basis}
    assert not listed & set(PURCHASE_MEMBERS)
    assert [row["id"] for row in real().marks.basis] == list(PURCHASE_MEMBERS)


@pytest.mark.parametrize(
    "value", [5, {}, {"first_month": 5}, {"first_month": 0, "last_month": 9}, {"first_month": 5, "last_month": 9.5}]
)
def test_what_is_no_season_is_said(value: Any) -> None:
    assert season_setting_error(value)


def test_a_season_is_two_months() -> None:
    assert season_setting_error({"first_month": 11, "last_month": 1}) == ""


def test_they_are_printed_in_no_plan() -> None:
    found = settings_from(bundled_files(), date(2026, 11, 24))
    assert not any(is_season_setting(row["id"]) for row in found.basis)
    assert not any(is_season_setting(name) for name in found.texts)


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
    bank_files = sound_but((SCORING, WAGE, TWO_WAGES))
    old, new = settings_from(bank_files, date(2026, 4, 1)), settings_from(bank_files, TODAY)
    assert (old.on, new.on) == ("2026-04-01", "2026-11-24")
    assert old.scoring == new.scoring
    assert new.scoring.wage == 12.34
    assert (new.scoring.medium, new.scoring.high, new.scoring.critical) == (25, 45, 65)
    assert new.scoring.weights == {"pay": 3, "freedom": 3}
    with pytest.raises(
        BankFilesRefusedError, match="“floor” has no value on 2026-03-31; the first begins on 2026-04-01"
    ):
        settings_from(bank_files, date(2026, 3, 31))


def test_texts_are_filled_from_settings_and_from_contacts_of_everywhere() -> None:
    local = "  - {id: near, order: 2, area: norfolk, situation: S, who: W, number: '1', for_whom: A, source: s, checked: 2026-11-01, review_by: 2027-01-01}\n"
    web = (
        local.replace("near", "site").replace("area: norfolk, ", "").replace("number: '1'", "web: https://example.org")
    )
    bank_files = sound_but((CONTACTS, "contacts:\n", "contacts:\n" + local + web))
    settings = settings_from(bank_files, TODAY)
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


def test_settings_are_kept_with_their_files() -> None:
    files = sound_but()
    first = settings_from(files, TODAY)
    assert settings_from(files, TODAY) is first
    assert settings_from(sound_but((SCORING, "12.34", "13.34")), TODAY).scoring.wage == 13.34


def test_only_so_many_days_are_kept() -> None:
    files = sound_but()
    files.made.most = 3
    for day in (1, 2, 3, 4):
        settings_from(files, date(2026, 11, day))
    assert len(files.made.kept) <= 3


def test_a_broken_file_is_refused_with_its_problem() -> None:
    with pytest.raises(BankFilesRefusedError) as caught:
        settings_from(sound_but((SCORING, "value: 0.25", "value: a quarter")), TODAY)
    assert "settings/scoring.yaml:7: BANK074 “floor” must be a share, from 0 to 1." in str(caught.value)


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
    bank_files = sound_but()
    found = check_settings(
        ContentFiles({name: content_file for name, content_file in bank_files.files.items() if name != SCORING}), TODAY
    )
    assert len(found) == 1
    assert (found[0].file, found[0].number) == (SCORING, "BANK073")
    assert "wage, offset_day, oncost, stale_months" in found[0].message
    close = said((SCORING, "{id: floor,", "{id: flor,"))
    assert len(close) == 1
    assert "missing: floor; did you mean “flor”?" in close[0]


def test_other_files_do_not_belong_there() -> None:
    bank_files = sound_but()
    stranger = type(bank_files.files["owners.yaml"])(
        "settings/owners.yaml", bank_files.files["owners.yaml"].text.encode()
    )
    found = check_settings(ContentFiles({**bank_files.files, "settings/owners.yaml": stranger}), TODAY)
    assert [str(one)[:31] for one in found] == ["settings/owners.yaml:1: BANK014"]


def test_the_value_of_a_day_is_the_last_that_has_begun() -> None:
    wage = gather_settings(sound_but()).settings[0]
    assert value_on(wage, date(2026, 4, 1))["value"] == 12.34
    with pytest.raises(KeyError):
        value_on(wage, date(2026, 3, 31))


def test_without_dimensions_weights_are_not_held_against_them() -> None:
    bank_files = sound_but()
    left = ContentFiles(
        {name: content_file for name, content_file in bank_files.files.items() if name != "dimensions.yaml"}
    )
    assert check_settings(left, TODAY) == []

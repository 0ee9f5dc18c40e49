from __future__ import annotations

from datetime import date

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import Sheet, Shelf, read_folder
from assess.editor.law.fields import Wrong
from assess.editor.mending.allowed import What, anybody_publishes
from assess.editor.mending.targets import Target, at, read_new, set_at, target, targets

TODAY = date(2026, 11, 24)
SHELF = read_folder(QUESTIONNAIRES)
NORFOLK, PENALTY = (
    "settings/contacts.yaml:contacts:norfolk_children_team:web",
    "settings/rates.yaml:settings:illegal_working_first:values:2024-02-13:value",
)


def known(key: str) -> Target:
    found = target(SHELF, key, TODAY)
    assert found, key
    return found


def test_a_value_that_no_longer_counts_stays_as_plans_rest_on_it() -> None:
    assert known(PENALTY).said.startswith("£")
    sheet = SHELF.sheets["settings/rates.yaml"]
    later = sheet.text.replace(
        "value: 45000\n",
        "value: 45000\n        source: x\n        checked: 2026-11-24\n        review_by: 2027-02-13\n      - from: 2026-12-01\n        value: 46000\n",
        1,
    )
    shelf = Shelf({**SHELF.sheets, sheet.name: Sheet(sheet.name, later.encode())})
    begins = PENALTY.replace("2024-02-13", "2026-12-01")
    assert target(shelf, PENALTY, date(2026, 12, 1)) is None
    assert target(shelf, begins, TODAY), "one that will count may be put right"


def test_words_without_a_number_are_texts() -> None:
    keys = {one.key for one in targets(SHELF, TODAY)}
    assert not any(":children_team:" in key or ":child_work_place:" in key for key in keys)
    assert any("poultry_first_day" in key for key in keys)


def test_each_says_what_it_belongs_to() -> None:
    assert (known(NORFOLK).of, known(NORFOLK).label) == ("Norfolk County Council", "link")
    assert known(PENALTY).label == "value from 13 February 2024"
    assert len({one.key for one in targets(SHELF, TODAY)}) == len(targets(SHELF, TODAY))


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        (NORFOLK, " https://norfolk.gov.uk/children ", "https://norfolk.gov.uk/children"),
        (PENALTY, "46,000", 46000),
        (PENALTY, "51750", 51750),
        (PENALTY, "38250", 38250),
        ("settings/law.yaml:settings:tips_first_review:values:2025-04-01:value", "02/10/2027", "2027-10-02"),
        ("settings/law.yaml:settings:poultry_first_day:values:2025-04-01:value", "3 October", "3 October"),
        ("sources.yaml:sources:S2:url", "https://www.ethicaltrade.org/other", "https://www.ethicaltrade.org/other"),
    ],
)
def test_a_new_value_is_of_the_kind_of_the_old_one(key: str, typed: str, value: object) -> None:
    assert read_new(known(key), typed) == value


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        (NORFOLK, ""),
        (NORFOLK, "https://www.norfolk.gov.uk"),
        (NORFOLK, "0344 800 8020"),
        (PENALTY, "twelve"),
        ("settings/law.yaml:settings:tips_first_review:values:2025-04-01:value", "soon"),
        ("settings/law.yaml:settings:poultry_first_day:values:2025-04-01:value", "in autumn"),
        ("sources.yaml:sources:S2:url", "http://www.ethicaltrade.org"),
    ],
)
def test_what_is_no_such_value(key: str, typed: str) -> None:
    assert isinstance(read_new(known(key), typed), Wrong)


def of_setting(name: str) -> Target:
    return next(one for one in targets(SHELF, TODAY) if f":{name}:" in one.key)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("complaints_days", "28"),
        ("s54_bill_fine", "£1.1 million"),
        ("tips_law_from", "November 2026"),
        ("poultry_last_day", "1 January"),
        ("seasonal_quota", "41,000"),
    ],
)
def test_a_value_in_words_changes_in_its_figures_and_months_alone(name: str, typed: str) -> None:
    assert read_new(of_setting(name), typed) == typed


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("complaints_days", "28 (pay the rest to the gang master)"),
        ("complaints_days", "28, then hand the rest to the supervisor"),
        ("uflpa_entities", "07700 900123"),
        ("uflpa_entities", "07700900123"),
        ("uflpa_entities", "7700900123"),
        ("complaints_days", "٠٧٧٠٠ 12"),
        ("complaints_days", "28!"),
        ("s54_bill_fine", "£1 million (evil.example)"),
        ("s54_bill_fine", "£1"),
        ("s54_bill_fine", "1% million"),
        ("complaints_days", "28 hours"),
        ("s54_bill_fine", "£1 million million"),
        ("s54_bill_fine", "£1 mіllion"),
        ("tips_law_from", "October 2024 for some"),
    ],
)
def test_other_words_and_phone_numbers_in_a_value_need_a_second_person(name: str, typed: str) -> None:
    said = read_new(of_setting(name), typed)
    assert isinstance(said, Wrong)
    assert "in a draft, so that a second person reads it first" in said.why


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("illegal_working_first", "0.01"),
        ("illegal_working_first", "51751"),
        ("illegal_working_first", "38249"),
        ("complaints_days", "60"),
        ("unlicensed_years", "1"),
        ("s54_bill_fine", "£9 million"),
        ("seasonal_quota", "99,999"),
        ("tips_law_from", "October 20"),
        ("poultry_last_day", "99 December"),
    ],
)
def test_one_person_moves_no_number_by_more_than_15_percent(name: str, typed: str) -> None:
    said = read_new(of_setting(name), typed)
    assert isinstance(said, Wrong)
    assert "15 percent" in said.why


BY_TWO = (
    "wage",
    "wage_18_20",
    "wage_under_18",
    "offset_day",
    "offset_week",
    "ssp_week",
    "seasonal_hours",
    "child_work_age",
)


@pytest.mark.parametrize("name", BY_TWO)
def test_pay_housing_hours_and_ages_are_changed_by_two(name: str) -> None:
    assert not [one for one in targets(SHELF, TODAY) if f":{name}:" in one.key]


def test_no_phone_number_is_mended_by_one() -> None:
    assert not [one for one in targets(SHELF, TODAY) if one.key.endswith(":number")]


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("https://ethicaltrade.org/other", True),
        ("https://files.ethicaltrade.org/other", False),
        (r"https://evil.example\.ethicaltrade.org/other", False),
        (r"https://evil.example\@ethicaltrade.org/other", False),
        ("https://evil.example%2f.ethicaltrade.org/other", False),
        ("https://evil.example@ethicaltrade.org/other", False),
        ("https://www.ethicaltrade.org.evil.example/other", False),
        ("https://evilethicaltrade.org/other", False),
        ("https://www.ethicaltrade.org:8443/other", False),
        ("https://evil.example/www.ethicaltrade.org", False),
    ],
)
def test_a_link_stays_on_its_website(typed: str, *, good: bool) -> None:
    assert (read_new(known("sources.yaml:sources:S2:url"), typed) == typed) is good


def test_a_link_to_a_website_where_anybody_publishes_changes_in_a_draft() -> None:
    links = [str(one.value) for one in targets(SHELF, TODAY) if one.what is What.LINK]
    assert not any(site in link for link in links for site in ("scribd.", "slideshare.", "readkong."))
    assert anybody_publishes("https://anne.wordpress.com/2024")
    assert anybody_publishes("https://GitHub.com/somebody/else")
    assert anybody_publishes("nowhere")
    assert not anybody_publishes("https://www.gov.uk/github.com")
    assert not anybody_publishes("https://notgithub.com")


def test_a_place_is_found_by_ids_and_days() -> None:
    data = {
        "settings": [{"id": "a", "values": [{"from": "2025-01-01", "value": 1}]}, {"id": "b", "values": []}],
        "links": ["x", "y"],
    }
    set_at(data, ("settings", "a", "values", "2025-01-01", "value"), 2)
    set_at(data, ("links", 1), "z")
    assert at(data, ("settings", "a", "values", "2025-01-01")) == {"from": "2025-01-01", "value": 2}
    assert data["links"] == ["x", "z"]
    for steps in (("settings", "c"), ("links", 5), ("settings", "a", "value")):
        with pytest.raises(KeyError):
            set_at(data, steps, 3)


def test_kinds() -> None:
    assert {one.what for one in targets(SHELF, TODAY)} == set(What)

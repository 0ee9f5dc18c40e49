from __future__ import annotations

from datetime import date

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import read_folder
from assess.editor.law.fields import Wrong
from assess.editor.mending.allowed import What
from assess.editor.mending.targets import Target, at, read_new, set_at, target, targets

TODAY = date(2026, 11, 24)
SHELF = read_folder(QUESTIONNAIRES)
ACAS, WAGE = "settings/contacts.yaml:contacts:acas:number", "settings/rates.yaml:settings:wage:values:2026-04-01:value"


def known(key: str) -> Target:
    found = target(SHELF, key, TODAY)
    assert found, key
    return found


def test_a_value_that_no_longer_counts_stays_as_plans_rest_on_it() -> None:
    assert known(WAGE).said.startswith("£")
    assert target(SHELF, WAGE.replace("2026", "2025"), TODAY) is None
    assert target(SHELF, WAGE, date(2026, 1, 1)), "one that will count may be put right"


def test_words_without_a_number_are_texts() -> None:
    keys = {one.key for one in targets(SHELF, TODAY)}
    assert not any(":children_team:" in key or ":child_work_place:" in key for key in keys)
    assert any("poultry_first_day" in key for key in keys)


def test_each_says_what_it_belongs_to() -> None:
    assert (known(ACAS).of, known(ACAS).label) == ("Acas", "phone number")
    assert known(WAGE).label == "value from 1 April 2026"
    assert len({one.key for one in targets(SHELF, TODAY)}) == len(targets(SHELF, TODAY))


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        (ACAS, " 0300  123 1101 ", "0300 123 1101"),
        (WAGE, "12.75", 12.75),
        ("settings/law.yaml:settings:tips_first_review:values:2025-04-01:value", "02/10/2027", "2027-10-02"),
        ("settings/law.yaml:settings:poultry_first_day:values:2025-04-01:value", "3 October", "3 October"),
        ("sources.yaml:sources:S2:url", "https://www.ethicaltrade.org/other", "https://www.ethicaltrade.org/other"),
    ],
)
def test_a_new_value_is_of_the_kind_of_the_old_one(key: str, typed: str, value: object) -> None:
    assert read_new(SHELF, known(key), typed) == value


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        (ACAS, ""),
        (ACAS, "0300 123 1100"),
        (ACAS, "0300 123 11"),
        (ACAS, "0345 161 6000"),
        (WAGE, "twelve"),
        ("settings/law.yaml:settings:tips_first_review:values:2025-04-01:value", "soon"),
        ("settings/law.yaml:settings:poultry_first_day:values:2025-04-01:value", "in autumn"),
        ("sources.yaml:sources:S2:url", "http://www.ethicaltrade.org"),
    ],
)
def test_what_is_no_such_value(key: str, typed: str) -> None:
    assert isinstance(read_new(SHELF, known(key), typed), Wrong)


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

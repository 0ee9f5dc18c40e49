from __future__ import annotations

import pytest

from assess.banks.purchase_settings import MEMBERS, can_be_high, fault_in, faults_between, marks_from
from assess.banks.settings import settings_on
from tests.references import QUESTIONNAIRES, TODAY, real

VALUES = {
    "purchase_tiers": {"tier_1": 15, "tier_2": 40, "tier_2wl": 65, "tier_3": 90},
    "purchase_country": {"tier": 0.6, "law": 0.4},
    "purchase_marks": dict.fromkeys(MEMBERS["purchase_marks"], 60),
    "purchase_bands": {"medium": 40, "high": 70},
    "purchase_severity": dict.fromkeys(MEMBERS["purchase_severity"], 1),
    "purchase_influence": {"least": 1, "supplier_known": 1, "in_the_uk": 1},
}


def test_sound_settings_have_no_fault_and_become_marks() -> None:
    assert [fault_in(name, value) for name, value in VALUES.items()] == [""] * len(MEMBERS)
    assert faults_between(VALUES) == []
    marks = marks_from(VALUES, ())
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
    assert said in fault_in(name, value)


def test_nothing_named_and_nothing_unknown_may_be_called_lower() -> None:
    for mark in ("elsewhere", "origin_unknown", "uk_cases", "uk_licence", "uk_named"):
        marks = {**VALUES["purchase_marks"], mark: 39}
        found = faults_between({**VALUES, "purchase_marks": marks})
        assert f"“{mark}” less than the band medium" in found[0][1]


def test_what_can_be_high_follows_from_the_numbers() -> None:
    assert [
        kind for kind in ("tier_1", "tier_3", "elsewhere", "rule_of_law", "good_unknown") if can_be_high(kind, VALUES)
    ] == [
        "tier_3",
        "rule_of_law",
    ]
    assert can_be_high("somewhere", {**VALUES, "purchase_marks": {**VALUES["purchase_marks"], "elsewhere": 70}})


def test_records_list_these_settings_with_the_purchases_and_not_with_the_score() -> None:
    listed = {row["id"] for row in settings_on(QUESTIONNAIRES, TODAY).basis}
    assert not listed & set(MEMBERS)
    assert [row["id"] for row in real().marks.basis] == list(MEMBERS)

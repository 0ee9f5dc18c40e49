from __future__ import annotations

from collections.abc import Mapping

import pytest

from assess.banks.call_settings import CALL_MEMBERS, call_fault_in, call_faults_between, weights_from
from assess.banks.checking import check_shelf
from assess.banks.sheets import Sheet, Shelf
from tests.engine.real_banks import QUESTIONNAIRES
from tests.shelves import TODAY, sound_but

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
    assert [call_fault_in(name, value) for name, value in VALUES.items()] == [""] * len(CALL_MEMBERS)
    assert call_faults_between(VALUES) == []
    weights = weights_from("2026-11-24", {"farming": 35}, VALUES, ())
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
    assert said in call_fault_in(name, value)


def test_four_bands_of_an_earlier_file_are_read_as_three() -> None:
    four = {"low": 4, "medium": 14, "high": 25, "critical": 30}
    assert call_fault_in("call_band", four) == ""
    assert call_faults_between({**VALUES, "call_band": four}) == []
    found = weights_from("", {}, {**VALUES, "call_band": four})
    assert (found.band, found.most["band"]) == ({"low": 4, "medium": 14, "high": 30}, 30)


def test_the_parts_must_add_up_to_a_hundred() -> None:
    assert call_faults_between({**VALUES, "call_sector": {"most": 25}}) == [
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
    sheet = Sheet("settings/calling.yaml", CALLING.replace(old, new, 1).encode())
    shelf = Shelf({**sound_but().sheets, sheet.name: sheet})
    problems = [f"{one.file}:{one.line}: {one.number} {one.message}" for one in check_shelf(shelf, TODAY).problems]
    assert [problem for problem in problems if problem.startswith("settings/calling.yaml:") and said in problem]

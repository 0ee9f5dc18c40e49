from __future__ import annotations

import pytest

from assess.engine.wording_remarks import REPAIRS, Rule, remarks_on, syllables


def test_every_rule_says_what_to_do() -> None:
    assert set(REPAIRS) == set(Rule)


@pytest.mark.parametrize(("word", "count"), [("pay", 1), ("table", 2), ("passport", 2), ("remuneration", 5)])
def test_syllables_are_counted_about_right(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_gap_that_a_setting_fills_is_no_hard_word() -> None:
    assert list(remarks_on("Is it above {labour_provider_good_practice_threshold} an hour?", asks=True)) == []

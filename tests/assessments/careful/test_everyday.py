from __future__ import annotations

from assess.assessments.careful.everyday import TRADE_WORDS, listed
from assess.assessments.careful.names import GIVEN


def test_everyday_words_are_many_and_no_names() -> None:
    assert len(TRADE_WORDS) > 2000
    assert len(TRADE_WORDS & GIVEN) < 5


def test_a_text_becomes_its_words() -> None:
    assert listed("one two\n two") == {"one", "two"}

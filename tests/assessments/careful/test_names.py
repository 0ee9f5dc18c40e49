from __future__ import annotations

from assess.assessments.careful.names import ALSO_WORDS, FAMILY, GIVEN, folded


def test_accents_and_capitals_make_no_difference() -> None:
    assert folded("Łukasz") == "lukasz"
    assert folded("Đặng") == "dang"


def test_a_name_that_is_a_word_counts_only_as_such() -> None:
    assert not GIVEN & ALSO_WORDS
    assert {"mark", "grace", "april"} <= ALSO_WORDS
    assert {"ioana", "pawel", "gurpreet", "arben", "oleksandr"} <= GIVEN


def test_all_names_are_folded_and_there_are_many() -> None:
    assert len(GIVEN) > 2000
    assert all(name == folded(name) for name in FAMILY)

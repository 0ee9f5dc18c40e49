from __future__ import annotations

import pytest

from assess.assessments.careful.english import is_english, stems


@pytest.mark.parametrize(
    "word", ["shelf", "shelves", "mopped", "hurried", "picks", "unpaid", "jet-wash", "taken", "assessed"]
)
def test_a_word_is_known_in_its_forms(word: str) -> None:
    assert is_english(word)


@pytest.mark.parametrize("word", ["bozhkova", "quyen", "andrzej", "florin"])
def test_names_are_no_words(word: str) -> None:
    assert not is_english(word)


def test_an_ending_gives_more_than_one_stem() -> None:
    assert {"pack", "packe"} <= set(stems("packed"))
    assert "mop" in stems("mopped")

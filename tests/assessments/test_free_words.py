from __future__ import annotations

import pytest

from assess.assessments.free_words import MOST_LINES, UnfitWordsError, fit_words


def test_lines_are_kept_and_spaces_tidied() -> None:
    assert fit_words("  Count   the pickers \r\n\r\n as well.\u202e ", 100) == "Count the pickers\nas well."


@pytest.mark.parametrize("raw", ["", "  \n ", "…", "\u200e\u200f"])
def test_saying_nothing_gets_a_sentence(raw: str) -> None:
    with pytest.raises(UnfitWordsError) as unfit:
        fit_words(raw, 100)
    assert unfit.value.sentence == "Write what you want to say."


@pytest.mark.parametrize("raw", ["x" * 11, "xxxx\nxxxx\nxxxx", "a\x07b", "a\n" * (MOST_LINES + 1)])
def test_too_much_or_what_cannot_be_printed_gets_a_sentence(raw: str) -> None:
    with pytest.raises(UnfitWordsError) as unfit:
        fit_words(raw, 10)
    assert unfit.value.sentence.endswith(".")

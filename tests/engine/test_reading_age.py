from __future__ import annotations

import pytest

from assess.engine.reading_age import reading_age, sentences_of, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [("pay", 1), ("worker", 2), ("passport", 2), ("hospitality", 5), ("paid", 1), ("worked", 1), ("trusted", 2), ("people", 2), ("wage", 1)],
)  # fmt: skip
def test_syllables_are_counted_about_right(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_formula_is_that_of_flesch_and_kincaid() -> None:
    # 8 words in 1 sentence with 10 syllables: 0.39 * 8 + 11.8 * 10 / 8 - 15.59 = 2.28 years at school
    assert reading_age("Who pays the worker when it rains here?") == pytest.approx(5 + 0.39 * 8 + 11.8 * 9 / 8 - 15.59)


def test_two_short_sentences_are_easier_than_a_long_one() -> None:
    assert reading_age("You pay on Friday. They sign for it.") < reading_age("You pay on Friday and they sign for it.")


def test_nothing_written_asks_for_no_age() -> None:
    assert reading_age("12.50 ?") == 0
    assert sentences_of("One. Two?  Three") == ["One", "Two", "Three"]

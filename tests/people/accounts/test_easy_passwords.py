from __future__ import annotations

import pytest

from assess.people.accounts.easy_passwords import SHORTEST, is_easy, listed


def test_the_list_is_long_and_everything_on_it_would_pass_the_rule_of_length() -> None:
    assert len([one for one in listed() if len(one) >= SHORTEST]) >= 3000


@pytest.mark.parametrize(
    "easy",
    [
        "password1234",
        "P@ssw0rd12345",
        "Password-2026!x"[:13],
        "qwertyuiop123",
        "qwertyuiopas",
        "123456789012",
        "210987654321",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "abcabcabcabcab",
        "letmeinletmein",
        "liverpool2026",
        "1q2w3e4r5t6y",
        "iloveyou1234",
        "norfolk123456",
        "............",
    ],
)
def test_what_guessers_try_first_is_easy(easy: str) -> None:
    assert is_easy(easy), easy


@pytest.mark.parametrize(
    "good", ["redhousemonkey", "correct horse battery", "seven quiet herons", "x9!kkqWz0-fLd2", "тихая цапля утром"]
)
def test_three_random_words_are_not(good: str) -> None:
    assert not is_easy(good)

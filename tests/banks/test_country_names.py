from __future__ import annotations

import pytest

from assess.banks.country_names import country_names


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en_GB", "Spain"),
        ("pl", "Hiszpania"),
        ("pt-BR", "Espanha"),
        ("lt", "Ispanija"),
        ("zz", "Spain"),
        ("", "Spain"),
        ("../x", "Spain"),
    ],
)
def test_names_are_in_the_language_asked_for_and_english_where_it_is_not_known(language: str, name: str) -> None:
    assert country_names(language)["ES"] == name

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from assess.assessments.purchases.countries import _IN_THE_UK, _OTHER_NAMES, _bare, read_country
from tests.references import real

NAMES = {code: country.name for code, country in real().countries.items()}


@pytest.mark.parametrize(("code", "name"), NAMES.items())
def test_every_country_is_read_by_its_name_however_it_is_written(code: str, name: str) -> None:
    for said in (name, name.upper(), f"  {name.lower()} ", f"the {name}", name.replace("’", "'").replace("&", "and")):
        assert read_country(said, NAMES) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("UK", "GB"), ("u.k.", "GB"), ("England", "GB"), ("Great Britain", "GB"), ("America", "US"), ("U.S.A.", "US"),
        ("Holland", "NL"), ("Ivory Coast", "CI"), ("Cote d'Ivoire", "CI"), ("Turkey", "TR"), ("Turkiye", "TR"),
        ("Burma", "MM"), ("Myanmar", "MM"), ("Hong Kong", "HK"), ("Czech Republic", "CZ"), ("UAE", "AE"),
        ("Viet Nam", "VN"), ("the Gambia", "GM"), ("Trinidad and Tobago", "TT"), ("st. lucia", "LC"),
        ("Saint Lucia", "LC"), ("Guinea-Bissau", "GW"), ("DRC", "CD"), ("Palestine", "PS"), ("Eire", "IE"),
        ("N. Ireland", "GB"), ("N.Ireland", "GB"), ("Northern Ireland", "GB"), ("Ulster", "GB"),
    ],
)  # fmt: skip
def test_names_people_in_britain_use_are_understood(said: str, code: str) -> None:
    assert read_country(said, NAMES) == code


@pytest.mark.parametrize(
    "said", ["", "  ", "Not known", "don’t know", "Don't know", "?", "unknown", "n/a", "-", "—", "??", "dk"]
)
def test_not_known_is_a_fair_answer(said: str) -> None:
    assert read_country(said, NAMES) is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Ecuadr", "There is no country “Ecuadr”. Did you mean “Ecuador”?"),
        ("Banglades", "Did you mean “Bangladesh”?"),
        ("cash and carry", "There is no country “cash and carry”. Write its name, like “Ecuador”, or leave it empty"),
        ("Norwich", "“Norwich” is no country. If you mean the one in the UK, write “United Kingdom”."),
        ("King’s Lynn", "If you mean the one in the UK, write “United Kingdom”."),
        ("Korea", "Write “South Korea” or “North Korea”"),
        ("Congo", "“Congo - Kinshasa” or “Congo - Brazzaville”"),
        ("EU", "“EU” is not one country"),
        ("<b>", "There is no country “<b>”"),
        ("中国", "There is no country “中国”. Write its name, like “Ecuador”, or leave it empty"),
        ("Россия", "There is no country “Россия”. Write its name"),
        ("ประเทศไทย", "Write its name"),
        ("CN", "Write the name of the country, not its letters. Did you mean “China”?"),
        ("ec", "Did you mean “Ecuador”?"),
        ("NI", "Write “United Kingdom” or “Nicaragua”"),
        ("x" * 61, "Use 60 letters or fewer"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence_that_says_what_to_write(said: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_country(said, NAMES)
    (said_back,) = refusal.value.messages
    assert sentence in said_back


def test_no_other_name_takes_a_country_its_own_name() -> None:
    every = [word for words in _OTHER_NAMES.values() for word in words]
    assert len(every) == len(set(every))
    assert set(_OTHER_NAMES) <= set(NAMES)
    assert _IN_THE_UK.isdisjoint({_bare(name) for name in NAMES.values()} | set(every))
    assert {_bare(place) for place in _IN_THE_UK} == _IN_THE_UK, "they are compared as they stand"

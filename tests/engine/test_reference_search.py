from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.engine.reference_search import MOST, find_industries, suggest, usual_for, words_of
from tests.references import real, small

SMALL = small()


def keys(said: str, bank: str = "hospitality") -> list[str]:
    return [offer.key for offer in suggest(real(), said, bank)]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("pra", "prawns and shrimp"),
        ("prawn", "prawns and shrimp"),
        ("Tea", "tea"),
        ("towel", "bed linen, table linen and towels"),
        ("bed linen", "bed linen, table linen and towels"),
        ("açai", "acai"),
        ("eggs", "eggs"),
        ("egg", "eggs"),
        ("agency", "agency_labour"),
        ("laundry", "laundry"),
        ("cleaners who come at night", "cleaning"),
    ],
)
def test_the_best_comes_first(said: str, first: str) -> None:
    assert keys(said)[0] == first


def test_what_is_usual_for_a_sector_comes_before_the_rest() -> None:
    assert keys("gloves", "farming")[:2] == ["disposable gloves", "work gloves"]
    assert keys("fish", "farming")[0] == "fishmeal and fish oil"
    assert keys("fish")[0] == "fish"


def test_of_two_with_one_name_the_wider_is_offered_and_some_are_never_offered() -> None:
    assert "Beef" not in keys("beef")
    assert keys("beef")[0] == "beef"
    for unwanted in ("pornography", "poppies", "coca"):
        assert not {"Pornography", "Poppies", "Coca (stimulant plant)"} & set(keys(unwanted))
    assert suggest(SMALL, "salt", "shop") == ()


def test_nothing_said_offers_what_is_usual_work_first() -> None:
    usual = usual_for(real(), "hospitality")
    assert keys("") == keys(" ,of the ") == [offer.key for offer in usual][:MOST]
    kinds = [offer.kind for offer in usual]
    assert kinds == sorted(kinds, key=lambda kind: kind != "service")
    assert {"prawns and shrimp", "laundry", "eggs"} <= {offer.key for offer in usual}
    assert all(usual_for(real(), bank) for bank in ("farming", "car_washes"))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("car wash", "45200"),
        ("hand car washes", "45200"),
        ("hotel", "55100"),
        ("pub", "56302"),
        ("strawberries", "01250"),
        ("growing strawberries", "01250"),
        ("restaurant", "56101"),
        ("general cleaning", "81210"),
        ("56", "56101"),
        ("01130", "01130"),
        ("pig farm", "01460"),
        ("a pub with a distillery museum", "56302"),
    ],
)
def test_kinds_of_business_are_found_by_words_and_codes(said: str, code: str) -> None:
    assert find_industries(real().industries, said)[0].code == code


def test_all_kinds_of_business_are_there_and_fit_their_banks() -> None:
    assert len(real().industries) == 731
    assert {industry.bank for industry in real().industries} == {None, "farming", "hospitality", "car_washes"}
    assert find_industries(real().industries, "the of") == ()
    assert find_industries(real().industries, "xyzzy") == ()
    assert len(find_industries(real().industries, "manufacture", 5)) == 5


def test_a_search_does_not_tire_of_long_words() -> None:
    assert suggest(real(), "z" * 100_000, "farming") == ()
    assert words_of("Crème BRÛLÉE, e.g. 2 of them") == ("creme", "brulee", "g", "2", "them")


@given(st.text(max_size=40), st.sampled_from(["farming", "car_washes", "hospitality", ""]))
def test_any_words_are_answered(said: str, bank: str) -> None:
    found = suggest(SMALL, said, bank)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)
    assert len(find_industries(SMALL.industries, said)) <= MOST

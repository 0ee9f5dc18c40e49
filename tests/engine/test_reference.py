from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.engine.reference import (
    MAX_SUGGESTIONS,
    find_industries,
    normalise_spacing,
    search_words,
    suggest_offers,
    usual_offers,
)
from tests.reference_data import SERVICES, real, small
from tests.service_names import KNOWN, UNKNOWN


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Shrimp", "Shrimp"),
        ("shrimp", "Shrimp"),
        ("  PRAWNS ", "prawns and shrimp"),
        ("prawns  and Shrimp", "prawns and shrimp"),
        ("linen", "bed linen, table linen and towels"),
        ("laundry", "laundry"),
        ("Laundry and linen hire", "laundry"),
        ("Cleaning", "cleaning"),
        ("agency_labour", "agency_labour"),
        ("uniforms", "uniforms and workwear"),
        ("rice", "rice"),
        ("Cocoa", "Cocoa"),
        ("cocoa", "Cocoa"),
        ("eggs", "eggs"),
    ],
)
def test_words_people_use_are_taken_for_what_they_mean(said: str, key: str) -> None:
    offer = real().offer(said)
    assert offer is not None
    assert offer.key == key


def test_an_offer_is_of_a_kind_only_where_it_is_usual() -> None:
    linen = real().offers["bed linen, table linen and towels"]
    assert linen.kind_in("hospitality") == "linen"
    assert linen.kind_in("car_washes") is None


def test_a_key_written_exactly_is_meant_exactly_and_else_the_wider_one_is_taken() -> None:
    exact, usual, loud = (real().offer(said) for said in ("Beef", "beef", "BEEF"))
    assert exact is not None
    assert usual is not None
    assert [good for good, _ in exact.goods] == ["Beef"]
    assert [good for good, _ in usual.goods] == ["Beef", "Bovines", "Cattle", "Meat"]
    assert loud == usual


def test_whoever_types_means_the_wider_one_whatever_a_phone_makes_of_the_first_letter() -> None:
    pairs = [
        (offer.key, wider)
        for offer in real().offers.values()
        if offer.kind == "good" and (wider := real().offer(offer.key.lower())) not in {None, offer}
    ]
    assert len(pairs) >= 22
    for key, wider in pairs:
        assert real().typed(key) == real().typed(key.lower()) == wider
        assert real().offer(key) != wider


@pytest.mark.parametrize(("key", "said"), [(key, said) for key, words in KNOWN.items() for said in words])
def test_work_in_everyday_words_is_recognised(key: str, said: str) -> None:
    for written in (said, said.upper(), f"our {said}", f" {said.capitalize()} "):
        offer = real().offer(written)
        assert offer is not None, written
        assert offer.key == key


def test_nearly_all_everyday_words_are_recognised_and_what_may_be_something_else_is_not() -> None:
    count = sum(len(words) for words in KNOWN.values())
    assert count >= 85
    assert count / (count + len(UNKNOWN)) > 0.9
    assert [said for said in UNKNOWN if real().offer(said)] == []


def test_words_at_one_end_are_enough_where_the_file_says_so() -> None:
    begins = (SERVICES, "words: [sweepers]", "words: [sweepers], begins: [brush], ends: [with a broom]")
    reference = small(begins)
    for said in ("Brush ladies", "brushes for hire", "two men with a broom"):
        offer = reference.offer(said)
        assert offer is not None
        assert offer.key == "sweeping"
    for said in ("brush", "with a broom", "hairbrush ladies", "a broom"):
        assert reference.offer(said) is None
    assert small().offer("brush ladies") is None


def test_a_word_behind_names_work_and_never_goods() -> None:
    for said, key in (
        ("Sweeping firm", "sweeping"),
        ("washing contractors", "washing"),
        ("sweeper services", "sweeping"),
    ):
        offer = small().offer(said)
        assert offer is not None
        assert offer.key == key
    assert small().offer("rope company") is None


@pytest.mark.parametrize("said", ["", "???", "flying carpets", "prawns from Ali"])
def test_words_of_its_own_are_no_offer(said: str) -> None:
    assert real().offer(said) is None


def test_one_name_never_hides_the_key_of_another() -> None:
    for key, offer in real().offers.items():
        assert real().offer(key) == offer
        assert real().offer(offer.name) is not None


def test_services_have_ids_and_sectors() -> None:
    services = [offer for offer in real().offers.values() if offer.kind == "service"]
    assert {"agency_labour", "cleaning", "laundry", "picking", "vehicle_washing", "waste", "building_work", "care"} <= {
        offer.key for offer in services
    }
    assert all(offer.named_as and not offer.goods for offer in services)
    assert [offer.key for offer in small().offers.values() if offer.kind == "produce"] == ["eggs"]


def test_words_are_compared_without_size_and_spaces() -> None:
    assert normalise_spacing(" Hot \n CHOCOLATE") == "hot chocolate"


SMALL = small()


def keys(said: str, bank: str = "hospitality") -> list[str]:
    return [offer.key for offer in suggest_offers(real(), said, bank)]


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
    assert suggest_offers(SMALL, "salt", "shop") == ()


def test_nothing_said_offers_what_is_usual_work_first() -> None:
    usual = usual_offers(real(), "hospitality")
    assert keys("") == keys("  ") == [offer.key for offer in usual][:MAX_SUGGESTIONS]
    assert keys(" ,of the ") == keys("🍤") == keys("креветки") == []
    kinds = [offer.kind for offer in usual]
    assert kinds == sorted(kinds, key=lambda kind: kind != "service")
    assert {"prawns and shrimp", "laundry", "eggs"} <= {offer.key for offer in usual}
    assert all(usual_offers(real(), bank) for bank in ("farming", "car_washes"))


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
        ("a pub with a restaurant bar", "56302"),
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


@pytest.mark.parametrize("said", ["care home", "nail bar"])
def test_one_word_of_two_that_fits_something_else_suggests_no_questions(said: str) -> None:
    assert {one.bank for one in find_industries(real().industries, said)} <= {None}


@pytest.mark.parametrize("said", ["car wosh", "carr wash", "my hand car wash"])
def test_a_word_may_be_mistyped_or_one_too_many(said: str) -> None:
    assert find_industries(real().industries, said)[0].bank == "car_washes"


def test_a_search_does_not_tire_of_long_words() -> None:
    assert suggest_offers(real(), "z" * 100_000, "farming") == ()
    assert search_words("Crème BRÛLÉE, e.g. 2 of them") == ("creme", "brulee", "g", "2", "them")


@pytest.mark.no_cover
@given(st.text(max_size=40), st.sampled_from(["farming", "car_washes", "hospitality", ""]))
def test_any_words_are_answered(said: str, bank: str) -> None:
    found = suggest_offers(SMALL, said, bank)
    assert len(found) <= MAX_SUGGESTIONS
    assert len(set(found)) == len(found)
    assert len(find_industries(SMALL.industries, said)) <= MAX_SUGGESTIONS

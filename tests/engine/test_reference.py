from __future__ import annotations

import pytest

from assess.engine.reference import plain
from tests.everyday_work import KNOWN, UNKNOWN
from tests.references import SERVICES, real, small


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
    assert plain(" Hot \n CHOCOLATE") == "hot chocolate"

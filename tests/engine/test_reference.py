from __future__ import annotations

import pytest

from assess.engine.reference import plain
from tests.references import real, small


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


def test_a_key_written_exactly_is_meant_exactly_and_else_the_wider_one_is_taken() -> None:
    exact, usual, loud = (real().offer(said) for said in ("Beef", "beef", "BEEF"))
    assert exact is not None
    assert usual is not None
    assert [good for good, _ in exact.goods] == ["Beef"]
    assert [good for good, _ in usual.goods] == ["Beef", "Bovines", "Cattle", "Meat"]
    assert loud == usual


@pytest.mark.parametrize("said", ["", "flying carpets", "prawns from Ali"])
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

from __future__ import annotations

import pytest

from assess.engine.loose_words import loose, singular, without_tail
from tests.references import real


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Labour providers", "labour provider"),
        ("agencies", "agency"),
        ("The Cleaners", "our cleaner"),
        ("waitresses", "Waitress"),
        ("car-washes", "car wash"),
        ("potatoes", "potato"),
        ("au pairs", "an au pair"),
        ("Café", "cafe"),
        ("cow’s milk", "cows milk"),
    ],
)
def test_two_ways_to_write_one_name_are_one(one: str, other: str) -> None:
    assert loose(one) == loose(other)


@pytest.mark.parametrize(("one", "other"), [("glass", "glance"), ("cloths", "clothes"), ("oven cleaner", "cleaner")])
def test_two_names_stay_two(one: str, other: str) -> None:
    assert loose(one) != loose(other)


def test_short_words_and_words_that_only_look_like_a_plural_stay_as_they_are() -> None:
    assert [singular(word) for word in ("gas", "glass", "bus", "chassis", "pies", "shoes")] == [
        "gas", "glass", "bus", "chassis", "pie", "shoe",
    ]  # fmt: skip


def test_a_word_behind_the_name_of_work_changes_nothing() -> None:
    assert without_tail("laundry service") == "laundry"
    assert without_tail("laundry") is None
    assert without_tail("staff") is None
    assert without_tail("laundry soap") is None


def test_the_names_of_our_lists_are_still_told_apart() -> None:
    """What one name loosely is, no other offer that counts differently is by its own key."""
    for offer in real().offers.values():
        found = real().offer(offer.name)
        assert found is not None
        assert plain_goods(found.key) >= plain_goods(offer.key), (offer.key, found.key)


def plain_goods(key: str) -> set[str]:
    return {good for good, _ in real().offers[key].goods}

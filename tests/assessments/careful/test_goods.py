from __future__ import annotations

from assess.assessments.careful.goods import has_goods, is_a_good, is_dealt_with


def test_goods_are_known_one_or_many() -> None:
    assert is_a_good("pallet")
    assert is_a_good("turkeys")
    assert not is_a_good("florin")


def test_sellers_stand_behind_from_and_before_goods() -> None:
    assert has_goods(frozenset({"pallets"}))
    assert is_dealt_with(["pallets", "from"], [])
    assert is_dealt_with([], ["trailer"])
    assert not is_dealt_with(["ask"], ["about"])

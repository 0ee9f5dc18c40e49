"""The menu of a buyer: each room adds its own, in one order."""

from __future__ import annotations

import pytest

from assess.suppliers import ways
from assess.suppliers.ways import way_of_buyer, way_of_supplier
from tests.conftest import Visitor
from tests.suppliers.asking.conftest import Council, council

__all__ = ["council"]


def test_the_menu_stands_in_its_order_and_says_where_one_is(visit: Visitor, council: Council) -> None:  # the fixture
    page = visit(f"{council.suppliers}/new")
    links = page.soup.select(".assess-buyer-menu a")
    places = {way.words: way.place for way in ways._of_buyer.values()}  # what was added
    shown = [link.get_text(strip=True) for link in links]
    assert shown == sorted(shown, key=lambda words: places[words])
    assert [link.get_text(strip=True) for link in links if link.get("aria-current")] == ["One new supplier"]


def test_adding_the_same_way_again_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "_of_buyer", {})
    monkeypatch.setattr(ways, "_of_supplier", {})
    for _ in range(2):
        way_of_buyer(1, "Words", "room.page")
        way_of_supplier(1, "Words", "room.page")
    assert len(ways._of_buyer) == len(ways._of_supplier) == 1  # as above

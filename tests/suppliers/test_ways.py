"""The menu of a buyer: the pages of two packages, in one order."""

from __future__ import annotations

from assess.kit.events import provided
from assess.suppliers.ways import BuyerPage
from tests.conftest import Visitor
from tests.suppliers.asking.conftest import Council, council

__all__ = ["council"]


def test_the_menu_stands_in_its_order_and_says_where_one_is(visit: Visitor, council: Council) -> None:  # the fixture
    page = visit(f"{council.suppliers}/new")
    links = page.soup.select(".assess-buyer-menu a")
    shown = [link.get_text(strip=True) for link in links]
    assert shown == [way.words for way in provided(BuyerPage)]
    assert [link.get_text(strip=True) for link in links if link.get("aria-current")] == ["One new supplier"]

from __future__ import annotations

import pytest

from tests.conftest import Visitor
from tests.editor.trying.conftest import Desk
from tests.shelves import SHOP

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_problems_lead_to_where_they_are_put_right(desk: Desk, visit: Visitor) -> None:
    assert "No problem was found." in visit(f"{desk.at}/problems").text
    desk.change(SHOP, "kind: safeguard", "kind: safegard")
    page = visit(f"{desk.at}/problems")
    assert "1 problem." in page.text
    assert page.soup.select_one('a[href$="/shop/questions/papers"]')
    line = page.soup.select_one('a[href*="/texts/shop.yaml?line="]')
    assert line is not None
    assert "safegard" in str(visit(str(line["href"])).soup.select_one("pre"))
    assert "These cannot be read before their problems are put right: shop." in page.text
    desk.change(SHOP, "kind: safegard", "kind: safeguard")
    desk.change(SHOP, "score: 2.5", "score: 7")
    page = visit(f"{desk.at}/problems")
    assert page.soup.select_one('a[href$="/shop/examples"]')
    assert "1 figure of it comes out otherwise: Score." in page.text


def test_a_remark_is_waived_with_a_reason_that_stands_in_the_file_and_is_taken_back(desk: Desk, visit: Visitor) -> None:
    desk.change(SHOP, "ask: Who keeps", "ask: Who surely keeps")
    before = desk.text(SHOP)
    page = visit(f"{desk.at}/problems")
    assert "A word that leads: “surely”" in page.text
    assert "surely" not in "".join(one.text for one in page.soup.select("main details")), (
        "what the draft changes is open"
    )
    where = f"{desk.at}/shop/questions/papers/waive/loaded_words"
    assert page.soup.select_one(f'a[href="{where}"]')
    visit(where)
    page = visit.send(reason=" ")
    assert (page.status, "Write in a few words" in page.text) == (422, True)
    stale = page.fields()["seen"][0]
    assert "Reason: They say so." in visit.send(reason="They say so").text
    assert "waived: {loaded_words: They say so}" in " ".join(desk.text(SHOP).split()).replace(
        "waived: loaded_words: They say so", "waived: {loaded_words: They say so}"
    )
    visit(where)
    page = visit.send(reason="Another", seen=stale)
    assert (page.status, page.fields()["reason"]) == (409, ["Another"])
    visit(where)
    assert "Reason:" not in visit.send(go="back").text
    assert desk.text(SHOP) == before
    assert visit(f"{desk.at}/shop/questions/papers/waive/nothing").status == 404
    assert visit(f"{desk.at}/shop/questions/nothing/waive/loaded_words").status == 404

"""The board as a person of a buyer sees it."""

from __future__ import annotations

from flask import Flask

from tests.conftest import Visitor
from tests.people.persons import database_of
from tests.portfolio.board.conftest import Council
from tests.suppliers.makers import a_supplier, invited, shared


def test_an_empty_board_says_how_to_begin(council: Council, visit: Visitor) -> None:
    page = visit(council.base)
    assert page.status == 200
    assert "no supplier on your list yet" in page.text
    assert page.soup.select_one(f'a[href="{council.base}/import"]')
    assert page.soup.select_one(f'a[href="{council.base}/new"]')


def test_a_board_shows_how_it_stands_with_each(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers", sector="farming", reference="V-1")
        shared(session, invited(session, farm))
        a_supplier(session, council.organisation, "Acle Hand Wash", spend_gbp=1200)
    page = visit(council.base)
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("table.board tbody tr")]
    assert rows[0].startswith("Tick Acle Hand Wash Acle Hand Wash Not asked")
    assert "£1,200" in rows[0]
    assert "Fen Edge Growers" in rows[1]
    assert "Shared" in rows[1]
    assert "Not a finding. Not for selection or exclusion." in page.text
    assert [row.get_text() for row in visit(f"{council.base}?q=v-1").soup.select("tbody th a")] == ["Fen Edge Growers"]
    assert "1 supplier of 2" in visit(f"{council.base}?status=shared").text
    assert "No supplier is like this" in visit(f"{council.base}?status=declined").text

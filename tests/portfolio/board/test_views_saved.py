"""Saving a filter on the page, opening it and deleting it."""

from __future__ import annotations

from flask import Flask

from tests.conftest import Visitor
from tests.people.persons import database_of
from tests.portfolio.board.conftest import Council
from tests.suppliers.makers import a_supplier


def test_a_filter_is_saved_opened_and_deleted(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        a_supplier(session, council.organisation, "Fen Edge")
    visit(f"{council.base}?band=none&band=low&late=yes")
    page = visit.send("/filters", name="")
    assert page.status == 422
    assert "Enter a name for the filter." in page.text
    page = visit.send("/filters", name="Late, no band")
    link = page.soup.find("a", string="Late, no band")
    assert link
    assert "No supplier is like this" in visit(str(link["href"])).text
    assert "Late, no band" not in visit.send("/delete").text

"""What is shared without being on the list, as a page."""

from __future__ import annotations

from flask import Flask

from tests.conftest import Page, Visitor
from tests.people.persons import database_of
from tests.portfolio.board.conftest import Council
from tests.suppliers.makers import a_supplier, invited, shared


def test_it_is_found_on_the_board_and_put_to_an_entry(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        other = a_supplier(session, council.organisation, "Farm")
        grant = shared(session, invited(session, other))
        grant.supplier_id = None
        name = grant.document["copy"]["organisation"]
        mine = a_supplier(session, council.organisation, name)
    assert "Shared with you, but not on your list" in visit(council.base).text
    assert name in visit(f"{council.base}/unlisted").text
    page = visit(f"{council.base}/unlisted/{grant.id}")
    assert "Choose where it belongs." in visit.send(f"/{grant.id}").text
    fields = page.fields(f"/{grant.id}") | {"to": [str(mine.id)]}
    page = Page(visit.client.post(page.address, data=fields, follow_redirects=True))
    assert page.address == f"{council.base}/{mine.id}"
    assert page.soup.select_one(f'a[href="/shared/{grant.id}"]')
    assert visit(f"{council.base}/unlisted/{grant.id}").status == 404

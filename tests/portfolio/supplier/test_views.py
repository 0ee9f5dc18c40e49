"""The page of one supplier as a person of the buyer sees and changes it."""

from __future__ import annotations

import re
import uuid

from flask import Flask
from sqlalchemy import select

from assess.suppliers.models import Supplier, SupplierEvent, What
from tests.conftest import Visitor
from tests.people.persons import database_of
from tests.portfolio.board.conftest import Council
from tests.suppliers.makers import a_buyer, a_supplier, invited, shared


def test_staying_comes_first_then_how_it_stands(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers", sector="farming", phone="01603 555 010")
        grant = shared(session, invited(session, farm))
    page = visit(f"{council.base}/{farm.id}")
    headings = [one.get_text(strip=True) for one in page.soup.select("main h2")]
    assert headings[:4] == ["Stay and help fix it", "How it stands", "What you can do", "What it shares with you"]
    assert page.soup.select_one(f'a[href="/shared/{grant.id}"]')
    assert "Not a finding. Not for selection or exclusion." in page.text
    assert "01603 555 010" in page.text
    copy = visit(f"/shared/{grant.id}")
    assert copy.soup.select_one(f'main a[href="{council.base}/{farm.id}"]'), "and back again"


def test_another_buyers_supplier_looks_like_none(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        strange = a_supplier(session, a_buyer(session, "The Shop"), "Fen Edge Growers")
    for way in ("", "/details", "/off"):
        pages = [visit(f"{council.base}/{one}{way}") for one in (strange.id, uuid.uuid4())]
        assert [page.status for page in pages] == [404, 404]
        assert len({re.sub(r"[0-9A-F]{8}", "", page.html) for page in pages}) == 1


def test_details_are_changed_and_nothing_of_a_colleague_is_written_over_unseen(
    app: Flask, council: Council, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers")
        a_supplier(session, council.organisation, "Acle Wash", reference="V-2")
    here = f"{council.base}/{farm.id}"
    visit(f"{here}/details")
    page = visit.send("/details", email="nobody")
    assert page.status == 422
    assert "Enter an e-mail address like" in page.text
    assert "already, as “Acle Wash”" in visit.send("/details", email="", reference="v-2").text
    page = visit.send("/details", reference="V-1", email="jo@farm.example")
    assert "The details were saved." in page.text
    assert "jo@farm.example" in page.text
    visit(f"{here}/details")
    with database_of(app).writing() as session:
        session.get_one(Supplier, farm.id).phone = "01603 555 010"
    page = visit.send("/details", spend_gbp="900")
    assert page.status == 409
    assert "Phone: 01603 555 010" in page.text
    assert "£900" in visit.send("/details").text
    with database_of(app).reading() as look:
        said = look.scalars(select(SupplierEvent.what).where(SupplierEvent.supplier_id == farm.id)).all()
        assert said.count(What.CHANGED) == 2
        assert look.get_one(Supplier, farm.id).phone == ""


def test_it_is_taken_off_after_a_yes_and_put_back(app: Flask, council: Council, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, council.organisation, "Fen Edge Growers")
    here = f"{council.base}/{farm.id}"
    visit(f"{here}/off")
    assert "It is off your list." in visit.send("/off").text
    assert "Fen Edge Growers" not in visit(council.base).text
    visit(f"{here}/off")
    assert "It is off your list." not in visit.send("/back").text
    assert "Fen Edge Growers" in visit(council.base).text

"""Who comes to the pages of a buyer: whoever buys there, with two steps; of another buyer's supplier there is nothing."""

from __future__ import annotations

import uuid

from flask import Flask

from tests.conftest import Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.suppliers.makers import a_buyer, a_supplier


def test_whoever_buys_comes_in_and_nobody_else(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann, bob = a_person(session, "ann@council.example"), a_person(session, "bob@shop.example")
        council, shop = a_buyer(session, "The Council", buyer=ann), a_buyer(session, "The Shop", buyer=bob)
        farm = a_supplier(session, council, "Farm")
        here = f"/organisations/{council.id}/suppliers"
        there = f"/organisations/{shop.id}/suppliers"
        farm_id = farm.id
    assert "/sign-in" in visit(f"{here}/new", follow=False).headers["Location"]
    sign_in(visit, app, ann, second_step=False)
    assert "second-step" in visit(f"{here}/new", follow=False).headers["Location"]
    sign_in(visit, app, ann)
    assert visit(f"{here}/{farm_id}/ask").status == 200
    assert visit(f"{there}/new").status == 404
    sign_in(visit, app, bob)
    assert visit(f"{here}/new").status == 404


def test_another_buyers_supplier_looks_like_none(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        bob = a_person(session, "bob@shop.example")
        shop = a_buyer(session, "The Shop", buyer=bob)
        farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
        there, farm_id = f"/organisations/{shop.id}/suppliers", farm.id
    sign_in(visit, app, bob)
    theirs, nobodys = visit(f"{there}/{farm_id}/ask"), visit(f"{there}/{uuid.uuid4()}/ask")
    assert (theirs.status, theirs.text) == (404, nobodys.text)

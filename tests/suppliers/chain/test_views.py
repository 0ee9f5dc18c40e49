from __future__ import annotations

import pytest
from flask import Flask

from assess.people.models import Membership, Role
from assess.suppliers.chain.consenting import name_us, show
from assess.suppliers.chain.models import Shows
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.suppliers.chain.three import Three

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_a_buyer_sees_what_is_shown_and_is_told_why_there_is_no_more(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        three = Three(session)
        ann = a_person(session, "ann@people.example")
        session.add(Membership(organisation_id=three.council.id, person_id=ann.id, role=Role.BUYER, made_at=TODAY))
        alone = three.on(three.council, "Not known yet")
    here = f"/organisations/{three.council.id}/suppliers"
    sign_in(visit, app, ann)
    page = visit(f"{here}/chain")
    assert "No supplier shows you its own suppliers yet" in page.text
    assert "There are 2 suppliers on your list." in page.text
    assert "We do not know yet which organisation this is" in visit(f"{here}/{alone.id}/chain").text
    assert "shows nothing of its own suppliers" in visit(f"{here}/{three.entry.id}/chain").text
    with database_of(app).writing() as session:
        three.session = session
        three.all_yes()
    page = visit(f"{here}/chain")
    assert "1 supplier of yours shows you something" in page.text
    assert "goes 3 levels deep" in page.text
    assert [item.strong.get_text() for item in page.soup.select("main li") if item.strong] == [
        "Fen Edge",
        "Nursery of the Fens",
    ]
    assert page.text.count("(name not confirmed)") == 1
    assert "fewer than 3 at each step" in page.text
    assert "Fen Edge : not asked yet" in visit(f"{here}/{three.entry.id}/chain").text
    with database_of(app).writing() as session:
        name_us(session, three.below, "", TODAY, may=False)
    assert "Fen Edge" not in visit(f"{here}/chain").text
    with database_of(app).writing() as session:
        show(session, three.packhouse.id, three.council.id, Shows.OFF, TODAY)
    assert "No supplier shows you" in visit(f"{here}/chain").text
    assert "Nothing more" in visit(f"{here}/chain?page=9").text or "No supplier" in visit(f"{here}/chain?page=9").text

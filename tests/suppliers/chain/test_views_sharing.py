from __future__ import annotations

import uuid

import pytest
from flask import Flask

from assess.people.models import Membership, NameState, Role
from assess.suppliers.chain.consenting import customer_of, name_us
from assess.suppliers.chain.models import Shows
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.suppliers.chain.three import Three

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def three(app: Flask, visit: Visitor) -> Three:
    """Somebody who manages the packhouse is signed in."""
    with database_of(app).writing() as session:
        made = Three(session)
        made.packhouse.name_state = NameState.UNCONFIRMED
        session.flush()
        ann = a_person(session, "ann@people.example")
        session.add(Membership(organisation_id=made.packhouse.id, person_id=ann.id, role=Role.MANAGER, made_at=TODAY))
        name_us(session, made.below, "", TODAY, may=True)
    sign_in(visit, app, ann)
    return made


def test_a_business_says_what_each_customer_sees_and_reads_it_as_it_is(
    app: Flask, visit: Visitor, three: Three
) -> None:
    here = f"/organisations/{three.packhouse.id}/chain-sharing"
    page = visit(here)
    assert page.soup.h2 is not None
    assert "The Council" in page.text
    assert "Nothing of your own suppliers." in page.text
    assert "Fen Edge" not in page.text
    page = visit.send(shows="names", naming="yes", name="Our Packhouse")
    assert "Saved." in page.text
    assert "Fen Edge : not asked yet" in page.text
    with database_of(app).reading() as look:
        said = customer_of(look, three.packhouse, three.council.id)
        assert said is not None
        assert (said.shows, said.may_name, said.name) == (Shows.NAMES, True, "Our Packhouse")
    page = visit(here)
    page = visit.send(shows="off", naming="no")
    assert "Fen Edge" not in page.text


def test_what_is_wrong_is_said_and_nothing_is_half_written(app: Flask, visit: Visitor, three: Three) -> None:
    here = f"/organisations/{three.packhouse.id}/chain-sharing"
    visit(here)
    page = visit.send(shows="names", naming="yes", name=" ")
    assert page.status == 422
    assert "Enter the name by which you may be shown." in page.text
    visit(here)
    page = visit.send(shows="all", naming=None)
    assert "Choose what this customer may see." in page.text
    assert "Choose whether this customer may name you." in page.text
    for customer in ("", "x", uuid.uuid4(), three.farm.id):
        visit(here)
        assert visit.send(customer=customer, shows="names", naming="no").status == 422
    with database_of(app).reading() as look:
        said = customer_of(look, three.packhouse, three.council.id)
        assert said is not None
        assert (said.shows, said.may_name) == (Shows.OFF, False)


def test_without_a_customer_the_page_says_so(app: Flask, visit: Visitor, another_visit: Visitor, three: Three) -> None:
    with database_of(app).writing() as session:
        bob = a_person(session, "bob@people.example")
        session.add(Membership(organisation_id=three.council.id, person_id=bob.id, role=Role.MANAGER, made_at=TODAY))
    sign_in(another_visit, app, bob)
    assert "No customer yet" in another_visit(f"/organisations/{three.council.id}/chain-sharing").text
    assert another_visit(f"/organisations/{three.packhouse.id}/chain-sharing").status == 404
    assert visit(f"/organisations/{three.packhouse.id}/suppliers/chain").status == 404

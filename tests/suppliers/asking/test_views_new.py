"""One new supplier, as somebody who buys enters it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.kit.config import Settings
from assess.kit.mail.models import Outgoing
from assess.suppliers.models import Status, Supplier, SupplierInvitation
from tests.conftest import Visitor
from tests.people.persons import database_of
from tests.postboxes import Postbox, settings_that_mail
from tests.suppliers.asking.conftest import Council, sign_in_again
from tests.suppliers.makers import later

FARM: dict[str, Any] = {
    "name": "Fen Edge Growers",
    "email": "Office@FenEdge.example",
    "phone": "01603 123456",
    "sector": "farming",
    "message": "Ask Jo if you have questions.",
}


@pytest.fixture
def settings(banks_url: str, tmp_path: Any, postbox: Postbox) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


def test_it_is_asked_after_a_look_at_the_letter(app: Flask, visit: Visitor, council: Council) -> None:
    visit(f"{council.suppliers}/new")
    look = visit.send(**FARM)
    assert look.heading == "Ask Fen Edge Growers?"
    assert "The Council asks you to answer some questions" in look.text
    assert "They write: “Ask Jo if you have questions.”" in look.text
    assert "at once" in look.text
    assert "we remind them 14, 7 and 1 days before the date and 1, 7 and 14 days after it, until" in look.text
    with database_of(app).reading() as session:
        assert session.scalars(select(Supplier)).all() == [], "nothing is kept before it is sent"
    page = visit.send()
    assert page.heading == "Ask Fen Edge Growers"
    assert "It is asked." in page.text
    with database_of(app).reading() as session:
        supplier = session.scalars(select(Supplier)).one()
        assert (supplier.email, supplier.buyer_id) == ("office@fenedge.example", council.id)
        invitation = session.scalars(select(SupplierInvitation)).one()
        assert (invitation.status, invitation.sector, invitation.quick) == (Status.INVITED, "farming", False)
        mail = session.scalars(select(Outgoing)).one()
        assert mail.to_address == "office@fenedge.example"
        assert "Ask Jo" in mail.body


def test_it_can_be_put_on_the_list_alone(app: Flask, visit: Visitor, council: Council) -> None:
    page = visit(f"{council.suppliers}/new")
    fields = {name: values[0] for name, values in page.fields("/look").items()} | FARM
    answer = visit.client.post(f"{council.suppliers}/new", data={**fields, "only": "yes"})
    assert answer.status_code == 303
    with database_of(app).reading() as session:
        assert session.scalars(select(Supplier.name)).all() == ["Fen Edge Growers"]
        assert session.scalars(select(SupplierInvitation)).all() == []


def test_the_same_one_leads_to_where_it_is(visit: Visitor, council: Council) -> None:
    for _ in range(2):
        visit(f"{council.suppliers}/new")
        page = visit.send(**FARM)
        if page.status == 200:
            visit.send()
    assert page.status == 422
    assert "is on your list already" in page.text
    assert page.fields("/look")["message"] == ["Ask Jo if you have questions."]


def test_faults_come_back_beside_their_fields(visit: Visitor, council: Council) -> None:
    visit(f"{council.suppliers}/new")
    page = visit.send(name="", email="x", sector="farming")
    assert page.status == 422
    assert {str(a["href"]) for a in page.soup.select(".govuk-error-summary a")} == {"#name", "#email"}


def test_in_the_harvest_the_letter_waits(app: Flask, visit: Visitor, council: Council) -> None:
    app.config["CLOCK"] = lambda: later(220)
    sign_in_again(app, visit, council)
    page = visit(f"{council.suppliers}/new")
    assert "busy until 30 September 2027" in page.text
    look = visit.send(**FARM, due_day="29", due_month="10", due_year="2027")
    assert "on 1 October 2027" in look.text
    page = visit.send()
    assert "Waits for the season" in page.text
    with database_of(app).reading() as session:
        assert session.scalars(select(SupplierInvitation.status)).one() is Status.WAITING
        assert session.scalars(select(Outgoing)).all() == []

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
from tests.suppliers.asking.conftest import Council

FARM: dict[str, Any] = {
    "name": "Fen Edge Growers",
    "email": "Office@FenEdge.example",
    "phone": "01603 123456",
    "sector": "farming",
    "message": "Call Jo with questions.",
}


@pytest.fixture
def settings(banks_url: str, tmp_path: Any, postbox: Postbox) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


def test_it_is_asked_after_a_look_at_the_letter(app: Flask, visit: Visitor, council: Council) -> None:
    visit(f"{council.suppliers}/new")
    look = visit.send(**FARM)
    assert look.heading == "Ask Fen Edge Growers?"
    assert "The Council asks you to answer some questions" in look.text
    assert "They write: “Call Jo with questions.”" in look.text
    assert "at once" in look.text
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
        assert "Call Jo" in mail.body

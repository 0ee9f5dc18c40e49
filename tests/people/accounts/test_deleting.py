from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from assess.kit.db import Database
from assess.kit.mail.models import Outgoing
from assess.kit.mail.outbox import Mail, queue
from assess.people.accounts.deleting import delete_account
from assess.people.models import Membership, Organisation, Person, Role, SignedIn, Ticket
from tests.conftest import TODAY
from tests.people.accounts.conftest import JO, is_in, person_of
from tests.people.persons import a_person

pytestmark = pytest.mark.both_databases


def test_deleting_leaves_nothing(app: Flask, visit: Any, join: Any, with_app: Any) -> None:
    join(visit)
    with_app(visit)
    visit("/sign-in/link")  # a link that waits
    visit("/account/delete")
    assert visit.send("").status == 422
    page = visit.send("", sure="yes")
    assert page.heading == "Your account is deleted"
    assert not is_in(visit)
    with app.extensions["assess.database"].reading() as look:
        for table in ("person", "login_session", "one_time_token", "totp_device", "recovery_code", "passkey"):
            assert look.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table  # noqa: S608  # our own tables
        for table in ("outbox", "attempt_counter", "rate_counter"):
            rows = look.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608  # the same
            assert "canary" not in str(rows), table


def test_the_only_manager_cannot_go(app: Flask, visit: Any, another_visit: Any, join: Any) -> None:
    join(visit)
    join(another_visit, "ann@farm.example")
    jo, ann = person_of(app), person_of(app, "ann@farm.example")
    assert jo is not None
    assert ann is not None
    with app.extensions["assess.database"].writing() as session:
        firm = Organisation(name="Fen Edge Growers", made_at=TODAY)
        session.add(firm)
        session.flush()
        session.add(Membership(organisation_id=firm.id, person_id=jo.id, role=Role.MANAGER, made_at=TODAY))
    visit("/account/delete")
    assert "You are the only manager of: Fen Edge Growers" in visit.page.text
    visit("/account")
    token = visit.page.fields("/sign-out")["csrf_token"]
    refused = visit.client.post("/account/delete", data={"csrf_token": token, "sure": "yes"})
    assert refused.status_code == 422
    with app.extensions["assess.database"].writing() as session:
        session.add(Membership(organisation_id=firm.id, person_id=ann.id, role=Role.MANAGER, made_at=TODAY))
    visit("/account/delete")
    assert visit.send("", sure="yes").heading == "Your account is deleted"
    with app.extensions["assess.database"].reading() as look:
        assert look.scalars(select(Organisation.name)).all() == ["Fen Edge Growers"]
        assert [row.email for row in look.scalars(select(Person))] == ["ann@farm.example"]
        assert look.scalars(select(SignedIn.person_id)).all() == [ann.id]
        assert look.scalars(select(Ticket).where(Ticket.email == JO)).all() == []


def test_deleting_empties_the_mails_that_wait_for_this_address_alone(database: Database) -> None:
    with database.writing() as session:
        jo = a_person(session, JO)
        for event, to in (("one", JO), ("two", "ann@farm.example"), ("three", JO)):
            queue(session, Mail(event, to, "Subject", "Text", None), TODAY)
        delete_account(session, jo.id, TODAY)
    with database.reading() as look:
        found = {row.event: (row.to_address, row.body, row.waits) for row in look.scalars(select(Outgoing))}
    emptied = ("", "", False)
    assert found == {"one": emptied, "two": ("ann@farm.example", "Text", True), "three": emptied}

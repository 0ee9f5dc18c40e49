from __future__ import annotations

import pytest
from sqlalchemy import select

from assess.kit.db import Database
from assess.kit.mail.models import Outgoing
from assess.people.accounts import links
from assess.people.accounts.people import disable, make_person
from assess.people.models import Ticket
from tests.conftest import TODAY


def address(path: str) -> str:
    return f"https://assess.example.org{path}"


@pytest.mark.parametrize("asked", ["account", "sign-in", "password"])
@pytest.mark.parametrize("who", ["known", "nobody", "disabled"])
def test_one_mail_and_one_ticket_whoever_it_is(database: Database, asked: str, who: str) -> None:
    email = f"{who}@farm.example"
    with database.writing() as session:
        if who != "nobody":
            make_person(session, email, TODAY)
        if who == "disabled":
            disable(session, email, TODAY)
        if asked == "account":
            links.ask_for_account(session, email, address, "/plans", TODAY)
        elif asked == "sign-in":
            links.ask_for_sign_in(session, email, address, "/plans", TODAY)
        else:
            links.ask_for_new_password(session, email, address, TODAY)
        mail = session.scalars(select(Outgoing)).one()
        ticket = session.scalars(select(Ticket)).one()
        opens = (asked == "account") == (who == "nobody") and who != "disabled"
        assert (ticket.kind != links.NOBODY) == opens
        assert mail.to_address == email
        assert email not in mail.event + mail.subject + mail.body
        assert "slavery" not in mail.subject + mail.body
        assert "http://" not in mail.body


def test_a_newer_link_ends_the_older(database: Database) -> None:
    with database.writing() as session:
        make_person(session, "jo@farm.example", TODAY)
        for _ in range(3):
            links.ask_for_sign_in(session, "jo@farm.example", address, None, TODAY)
        assert len(session.scalars(select(Ticket)).all()) == 1


def test_two_who_are_half_way_do_not_end_one_another(database: Database) -> None:
    with database.writing() as session:
        jo = make_person(session, "jo@farm.example", TODAY)
        assert links.half_way(session, jo, TODAY) != links.half_way(session, jo, TODAY)
        assert len(session.scalars(select(Ticket)).all()) == 2

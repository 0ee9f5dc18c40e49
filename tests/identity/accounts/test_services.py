from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from assess.core.db import Database
from assess.core.mail.services import Mail, enqueue_mail
from assess.core.models import OutgoingMail
from assess.identity.accounts import second_factors
from assess.identity.accounts.services import (
    AccountEmailField,
    BuyerAsStaffError,
    EmailTakenError,
    PersonUnknownError,
    appoint_staff,
    change_email,
    create_person,
    delete_account,
    delete_expired_account_data,
    disable_by_email,
    find_person,
    guessable_words,
)
from assess.identity.accounts.sessions import create_login_session
from assess.identity.models import (
    LoginSession,
    Membership,
    OneTimeToken,
    Organisation,
    Person,
    Role,
    StaffRole,
    TotpDevice,
)
from assess.identity.one_time_tokens import issue_token
from tests.conftest import TODAY
from tests.identity.accounts.conftest import JO, is_in, person_of
from tests.identity.accounts_factory import a_person


@pytest.mark.both_databases
def test_deleting_leaves_nothing(app: Flask, visit: Any, join: Any, with_app: Any) -> None:
    join(visit)
    with_app(visit)
    visit("/sign-in/link")  # a link that waits
    visit("/account/delete")
    assert visit.send("").status == 422
    page = visit.send("", sure="yes")
    assert page.heading == "Your account is deleted"
    assert not is_in(visit)
    with app.extensions["assess.database"].reading() as session:
        for table in ("person", "login_session", "one_time_token", "totp_device", "recovery_code", "passkey"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table  # noqa: S608  # our own tables
        for table in ("outbox", "rate_counter"):
            rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608  # the same
            assert "canary" not in str(rows), table


@pytest.mark.both_databases
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
        assert look.scalars(select(LoginSession.person_id)).all() == [ann.id]
        assert look.scalars(select(OneTimeToken).where(OneTimeToken.email == JO)).all() == []


@pytest.mark.both_databases
def test_deleting_empties_the_mails_that_wait_for_this_address_alone(database: Database) -> None:
    with database.writing() as session:
        jo = a_person(session, JO)
        for event, to in (("one", JO), ("two", "ann@farm.example"), ("three", JO)):
            enqueue_mail(session, Mail(event, to, "Subject", "Text", None), TODAY)
        delete_account(session, jo.id, TODAY)
    with database.reading() as look:
        found = {row.event: (row.to_address, row.body, row.waits) for row in look.scalars(select(OutgoingMail))}
    emptied = ("", "", False)
    assert found == {"one": emptied, "two": ("ann@farm.example", "Text", True), "three": emptied}


@pytest.mark.both_databases
def test_an_address_means_one_account_however_it_is_written(database: Database) -> None:
    assert AccountEmailField().read("  Jo.Canary@FARM.example ") == ("jo.canary@farm.example", "")
    assert AccountEmailField().read("jo@farm.example\r\nBcc: all@farm.example")[1]
    with database.writing() as session:
        made = create_person(session, "jo@farm.example", TODAY, name="Jo")
        assert made.confirmed_at == TODAY
        with pytest.raises(EmailTakenError):
            create_person(session, "jo@farm.example", TODAY)
        other = create_person(session, "ann@farm.example", TODAY)
        with pytest.raises(EmailTakenError):
            change_email(session, other.id, "jo@farm.example", TODAY)
        change_email(session, other.id, "ann@farm.example", TODAY)


@pytest.mark.both_databases
def test_an_account_is_closed(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(PersonUnknownError):
            disable_by_email(session, "jo@farm.example", TODAY)
        create_person(session, "jo@farm.example", TODAY)
        disable_by_email(session, "jo@farm.example", TODAY)
        person = find_person(session, "jo@farm.example")
        assert person is not None
        assert person.disabled_at == TODAY


@pytest.mark.both_databases
def test_a_buyer_gets_no_staff_role_and_guessers_know_where_somebody_works(database: Database) -> None:
    with database.writing() as session:
        person = create_person(session, "jo@farm.example", TODAY, name="Jo")
        firm = Organisation(name="Fen Edge", made_at=TODAY)
        session.add(firm)
        session.flush()
        session.add(Membership(organisation_id=firm.id, person_id=person.id, role=Role.BUYER, made_at=TODAY))
        session.flush()
        with pytest.raises(BuyerAsStaffError):
            appoint_staff(session, person.id, StaffRole.COORDINATOR, TODAY)
        assert {"Fen Edge", "Jo", "farm"} <= set(guessable_words(session, person))


KEY = "k" * 32


def test_what_is_over_goes_and_what_is_not_stays(database: Database) -> None:
    with database.writing() as session:
        person = create_person(session, "jo@farm.example", TODAY)
        create_login_session(session, person, "Firefox", TODAY, second_step=False)
        second_factors.begin_totp_setup(session, person.id, KEY, TODAY)
        issue_token(session, "sign-in", "jo@farm.example", TODAY, lasts=timedelta(minutes=30))

        def left() -> list[int]:
            return [
                session.scalar(select(func.count()).select_from(table)) or 0
                for table in (LoginSession, TotpDevice, OneTimeToken)
            ]

        delete_expired_account_data(session, TODAY + timedelta(minutes=29))
        assert left() == [1, 1, 1]
        delete_expired_account_data(session, TODAY + timedelta(minutes=31))
        assert left() == [1, 1, 0]
        delete_expired_account_data(session, TODAY + timedelta(hours=1))
        assert left() == [0, 1, 0]
        delete_expired_account_data(session, TODAY + timedelta(hours=25))
        assert left() == [0, 0, 0]

from __future__ import annotations

import pytest

from assess.kit.db import Database
from assess.kit.mail.addresses import AddressUnfitError
from assess.people.accounts.people import (
    AddressTakenError,
    BuyerAtDeskError,
    PersonUnknownError,
    account_address,
    appoint,
    change_email,
    disable,
    enable,
    find_person,
    fit_name,
    make_person,
    names_about,
)
from assess.people.models import Desk, Membership, Organisation, Role
from tests.conftest import TODAY

pytestmark = pytest.mark.both_databases


def test_an_address_means_one_account_however_it_is_written(database: Database) -> None:
    assert account_address("  Jo.Canary@FARM.example ") == "jo.canary@farm.example"
    with pytest.raises(AddressUnfitError):
        account_address("jo@farm.example\r\nBcc: all@farm.example")
    with database.writing() as session:
        made = make_person(session, "jo@farm.example", TODAY, name="Jo")
        assert made.confirmed_at == TODAY
        with pytest.raises(AddressTakenError):
            make_person(session, "jo@farm.example", TODAY)
        other = make_person(session, "ann@farm.example", TODAY)
        with pytest.raises(AddressTakenError):
            change_email(session, other.id, "jo@farm.example", TODAY)
        change_email(session, other.id, "ann@farm.example", TODAY)


@pytest.mark.parametrize(
    ("typed", "kept"), [("  Jo \r\n Farmer\t", "Jo Farmer"), ("x" * 300, "x" * 120), ("\u202eevil", "evil"), (" ", "")]
)
def test_a_name_is_one_line(typed: str, kept: str) -> None:
    assert fit_name(typed) == kept


def test_an_account_is_closed_and_opened(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(PersonUnknownError):
            disable(session, "jo@farm.example", TODAY)
        with pytest.raises(PersonUnknownError):
            enable(session, "jo@farm.example")
        make_person(session, "jo@farm.example", TODAY)
        disable(session, "jo@farm.example", TODAY)
        person = find_person(session, "jo@farm.example")
        assert person is not None
        assert person.disabled_at == TODAY
        enable(session, "jo@farm.example")
        assert person.disabled_at is None


def test_a_buyer_gets_no_desk_and_guessers_know_where_somebody_works(database: Database) -> None:
    with database.writing() as session:
        person = make_person(session, "jo@farm.example", TODAY, name="Jo")
        firm = Organisation(name="Fen Edge", made_at=TODAY)
        session.add(firm)
        session.flush()
        session.add(Membership(organisation_id=firm.id, person_id=person.id, role=Role.BUYER, made_at=TODAY))
        session.flush()
        with pytest.raises(BuyerAtDeskError):
            appoint(session, person.id, Desk.COORDINATOR, TODAY)
        assert {"Fen Edge", "Jo", "farm"} <= set(names_about(session, person))

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest
from click import ClickException
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from assess import create_app, prepare
from assess.cli.serve import prepare_aloud
from assess.kit.config import BadSettingsError, Settings
from assess.kit.db import Database
from assess.people.models import Desk, Membership, Person, Role
from assess.people.organisations.separation import (
    MixedError,
    SeparationError,
    see_apart,
    see_may_sit,
    see_may_take,
)
from tests.people.persons import a_person, an_organisation

OPEN = Settings(env="development", operator_name="A network")
BY_BUYER = Settings(env="development", operator_name="Big Shop", run_by_buyer=True)
WITH_DESK = Settings(env="development", operator_name="Big Shop", run_by_buyer=True, independent_desk="A charity")


def test_a_buyer_gets_no_desk_and_a_desk_buys_nothing(session: Session) -> None:
    bea, cora = a_person(session, "bea@shop.example"), a_person(session, "cora@desk.example", desk="coordinator")
    an_organisation(session, "Big Shop", buyer=bea)
    for desk in Desk:
        with pytest.raises(MixedError):
            see_may_sit(session, bea, desk, OPEN)
    with pytest.raises(MixedError):
        see_may_take(cora, {Role.SIGNER, Role.BUYER})
    see_may_take(cora, {Role.MANAGER, Role.RESPONDENT, Role.SIGNER})
    see_may_sit(session, cora, Desk.ADMINISTRATOR, OPEN)


def test_a_buyer_that_runs_it_has_coordinators_only_at_an_independent_desk(session: Session) -> None:
    ann = a_person(session, "ann@shop.example")
    with pytest.raises(MixedError, match="independent desk"):
        see_may_sit(session, ann, Desk.COORDINATOR, BY_BUYER)
    see_may_sit(session, ann, Desk.ADMINISTRATOR, BY_BUYER)
    see_may_sit(session, ann, Desk.COORDINATOR, WITH_DESK)
    a_person(session, "cora@desk.example", desk="coordinator")
    see_apart(session, OPEN)
    see_apart(session, WITH_DESK)
    with pytest.raises(SeparationError, match="1 of its people"):
        see_apart(session, BY_BUYER)


def test_the_independent_desk_is_not_the_buyer_itself() -> None:
    with pytest.raises(BadSettingsError, match="somebody apart"):
        Settings(env="development", operator_name="Big Shop", run_by_buyer=True, independent_desk="big  shop")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO membership SELECT person.id, organisation.id, person.id, 'buyer', person.made_at FROM person, organisation WHERE desk IS NOT NULL",
        "UPDATE membership SET role = 'buyer' WHERE role = 'signer'",
        "UPDATE membership SET person_id = (SELECT id FROM person WHERE desk IS NOT NULL) WHERE role = 'buyer'",
        "UPDATE person SET desk = 'coordinator' WHERE email LIKE 'bea%'",
    ],
)
def test_the_database_refuses_it_whatever_writes(database: Database, statement: str) -> None:
    with database.writing() as session:
        bea, cora = a_person(session, "bea@shop.example"), a_person(session, "cora@desk.example", desk="administrator")
        an_organisation(session, "Big Shop", buyer=bea, signer=cora)
    with database.new_session(writes=True) as session, pytest.raises(IntegrityError, match="has a desk here"):
        session.execute(text(statement))
    with database.writing() as session:  # the control: each half alone is well
        session.execute(text("UPDATE membership SET role = 'manager' WHERE role = 'signer'"))
        session.execute(text("UPDATE person SET desk = 'coordinator' WHERE email LIKE 'cora%'"))


@pytest.mark.both_databases
def test_of_two_that_mix_at_the_same_moment_one_fails(database: Database, now: datetime) -> None:
    """Both look before either writes: only the database can see it."""
    with database.writing() as session:
        kim = a_person(session, "kim@shop.example")
        shop = an_organisation(session, "Big Shop", signer=kim)
    gate = threading.Barrier(2)
    failed: list[str] = []

    def give(what: str) -> None:
        gate.wait()
        try:
            with database.writing() as session:
                if what == "desk":
                    session.execute(text("UPDATE person SET desk = 'coordinator'"))
                else:
                    session.add(Membership(organisation_id=shop.id, person_id=kim.id, role=Role.BUYER, made_at=now))
        except DBAPIError:
            failed.append(what)

    threads = [threading.Thread(target=give, args=(what,)) for what in ("desk", "role")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1
    with database.reading() as look:
        see_apart(look, OPEN)
        assert (look.get_one(Person, kim.id).desk is None) == (failed == ["desk"])


def without_triggers(url: str) -> None:
    """A database somebody mixed by hand, past the triggers."""
    database = Database(url)
    with database.writing() as session:
        bea = a_person(session, "bea@shop.example")
        an_organisation(session, "Big Shop", buyer=bea)
        on = "" if database.engine.dialect.name == "sqlite" else " ON person"
        session.execute(text(f"DROP TRIGGER person_apart{on}"))
        session.execute(text("UPDATE person SET desk = 'administrator'"))
        assert session.scalar(select(Person.desk)) is Desk.ADMINISTRATOR
    database.close()


@pytest.mark.both_databases
def test_no_site_starts_on_mixed_data(banks_url: str, tmp_path: Path, now: datetime) -> None:
    without_triggers(banks_url)
    settings = Settings(env="development", database_url=banks_url, data_folder=tmp_path, operator_name="A network")
    with pytest.raises(SeparationError, match="1 of the people") as said:
        prepare(settings, clock=lambda: now)
    assert "bea" not in str(said.value), "it goes to a log"
    with pytest.raises(SeparationError):
        create_app(settings)
    with pytest.raises(ClickException, match="Take one of both"):
        prepare_aloud(settings)


def test_no_site_starts_that_a_buyer_runs_with_coordinators_of_its_own(
    banks_url: str, tmp_path: Path, now: datetime
) -> None:
    database = Database(banks_url)
    with database.writing() as session:
        a_person(session, "cora@shop.example", desk="coordinator")
    database.close()
    settings = Settings(
        env="development", database_url=banks_url, data_folder=tmp_path, operator_name="Big Shop", run_by_buyer=True
    )
    with pytest.raises(SeparationError, match="ASSESS_INDEPENDENT_DESK"):
        prepare(settings, clock=lambda: now)

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from assess.cli.organisations import command
from assess.kit.audit.models import AuditEvent
from assess.kit.db import Database
from assess.people.models import Method, NameState, Organisation
from assess.people.organisations.names import ask, standing_of, suspend
from tests.conftest import TODAY
from tests.people.persons import a_person, an_organisation


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in list(os.environ):
        if name.startswith("ASSESS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSESS_ENV", "development")
    monkeypatch.setenv("ASSESS_DATABASE_URL", database_url)
    monkeypatch.setenv("ASSESS_OPERATOR_NAME", "Eastshire County Council")
    return lambda *words: CliRunner().invoke(command, words)


@pytest.fixture
def council(database: Database) -> Organisation:
    with database.writing() as session:
        return an_organisation(session, "Eastshire County Council", manager=a_person(session, "kim@eastshire.gov.uk"))


def test_a_buyer_that_runs_its_own_installation_confirms_itself(
    database: Database, run: Callable[..., Result], council: Organisation
) -> None:
    assert "No name waits." in run("waiting").output
    with database.writing() as session:
        ask(session, session.get_one(Organisation, council.id), None, TODAY)
    said = run("waiting")
    assert f"{council.id}  Eastshire County Council  no number  eastshire.gov.uk" in said.output
    said = run("confirm", "Eastshire  County Council", "--reason", "It is us.", "--domain", "eastshire.gov.uk")
    assert said.exit_code == 0, said.output
    with database.reading() as look:
        found = standing_of(look, look.get_one(Organisation, council.id), datetime.now(UTC).date())
        (event,) = look.scalars(select(AuditEvent))
    assert (found.state, found.how, found.domains) == (NameState.CONFIRMED, Method.MACHINE, ("eastshire.gov.uk",))
    assert found.confirmed_by_words == "Eastshire County Council"
    assert (event.action, event.details) == ("names.decide: confirmed", {})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Eastshire", "--reason", "It is us."), "no such organisation"),
        (("Eastshire County Council",), "--reason"),
        (("Eastshire County Council", "--reason", " "), "--reason"),
        (("Eastshire County Council", "--reason", "x" * 501), "500 characters"),
        (("Eastshire County Council", "--reason", "Us", "--domain", "norfolk.gov.uk"), "confirmed addresses"),
    ],
)
def test_what_is_not_right_is_refused_in_a_sentence(
    database: Database, run: Callable[..., Result], council: Organisation, words: tuple[str, ...], says: str
) -> None:
    said = run("confirm", *words)
    assert said.exit_code != 0
    assert says in said.output
    with database.reading() as look:
        assert look.get_one(Organisation, council.id).name_state is NameState.UNCONFIRMED


def test_two_of_one_name_are_told_apart_and_a_suspended_one_is_not_confirmed(
    database: Database, run: Callable[..., Result], council: Organisation
) -> None:
    with database.writing() as session:
        other = an_organisation(session, "Eastshire County Council")
        suspend(session, other, "A forgery", None, TODAY)
    said = run("confirm", "Eastshire County Council", "--reason", "Us")
    assert (said.exit_code, str(other.id) in said.output, str(council.id) in said.output) == (1, True, True)
    said = run("confirm", str(other.id), "--reason", "Us")
    assert "suspended" in said.output
    assert run("confirm", str(council.id), "--reason", "Us").exit_code == 0

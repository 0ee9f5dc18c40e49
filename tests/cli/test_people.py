from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from assess.cli.people import organisations_command, people_command
from assess.core.db import Database
from assess.core.models import ActorKind, AuditEvent, OutgoingMail
from assess.identity.accounts import second_factors
from assess.identity.accounts.second_factors import get_second_factors
from assess.identity.accounts.services import create_person, find_person
from assess.identity.accounts.sessions import create_login_session
from assess.identity.models import (
    ConfirmationMethod,
    LoginSession,
    Membership,
    NameState,
    Organisation,
    Person,
    Role,
    StaffRole,
    TotpDevice,
)
from assess.identity.organisations.name_confirmation import (
    get_name_status,
    request_confirmation,
    suspend_organisation_name,
)
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person, an_organisation


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in list(os.environ):
        if name.startswith("ASSESS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSESS_ENV", "development")
    monkeypatch.setenv("ASSESS_DATABASE_URL", database_url)
    monkeypatch.setenv("ASSESS_OPERATOR_NAME", "Eastshire County Council")
    return lambda *words: CliRunner().invoke(organisations_command, words)


@pytest.fixture
def council(database: Database) -> Organisation:
    with database.writing() as session:
        return an_organisation(session, "Eastshire County Council", manager=a_person(session, "kim@eastshire.gov.uk"))


def test_a_buyer_that_runs_its_own_installation_confirms_itself(
    database: Database, run: Callable[..., Result], council: Organisation
) -> None:
    assert "No name waits." in run("waiting").output
    with database.writing() as session:
        request_confirmation(session, session.get_one(Organisation, council.id), None, TODAY)
    said = run("waiting")
    assert f"{council.id}  Eastshire County Council  no number  eastshire.gov.uk" in said.output
    said = run("confirm", "Eastshire  County Council", "--reason", "It is us.", "--domain", "eastshire.gov.uk")
    assert said.exit_code == 0, said.output
    with database.reading() as look:
        found = get_name_status(look, look.get_one(Organisation, council.id), datetime.now(UTC).date())
        (event,) = look.scalars(select(AuditEvent))
    assert (found.state, found.how, found.domains) == (
        NameState.CONFIRMED,
        ConfirmationMethod.MACHINE,
        ("eastshire.gov.uk",),
    )
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
    with database.reading() as session:
        assert session.get_one(Organisation, council.id).name_state is NameState.UNCONFIRMED


def test_two_of_one_name_are_told_apart_and_a_suspended_one_is_not_confirmed(
    database: Database, run: Callable[..., Result], council: Organisation
) -> None:
    with database.writing() as session:
        other = an_organisation(session, "Eastshire County Council")
        suspend_organisation_name(session, other, "A forgery", None, TODAY)
    said = run("confirm", "Eastshire County Council", "--reason", "Us")
    assert (said.exit_code, str(other.id) in said.output, str(council.id) in said.output) == (1, True, True)
    said = run("confirm", str(other.id), "--reason", "Us")
    assert "suspended" in said.output
    assert run("confirm", str(council.id), "--reason", "Us").exit_code == 0


EMAIL = "desk@network.example"


@pytest.fixture
def run_people(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in list(os.environ):
        if name.startswith("ASSESS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSESS_ENV", "development")
    monkeypatch.setenv("ASSESS_DATABASE_URL", database_url)
    monkeypatch.setenv("ASSESS_MAIL_SERVER", "smtp://localhost:2525")
    monkeypatch.setenv("ASSESS_MAIL_FROM", EMAIL)
    return lambda *words, typed=None: CliRunner().invoke(people_command, words, input=typed)


def test_the_first_administrator_gets_a_link_and_nothing_exists_before(
    database: Database, run_people: Callable[..., Result]
) -> None:
    said = run_people("invite-administrator", " Desk@Network.example")
    assert said.exit_code == 0, said.output
    assert re.search(r"^http://localhost:5000/administrator/[\w-]{43}$", said.output, re.MULTILINE)
    with database.reading() as session:
        assert find_person(session, EMAIL) is None
        (event,) = session.scalars(select(AuditEvent))
    assert (event.action, event.details) == ("desk.administer: invited", {"desk": "administrator"})


def test_the_link_has_the_public_address_or_the_port_and_says_what_to_set(
    run_people: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSESS_PORT", "8123")
    said = run_people("invite-administrator", EMAIL)
    assert "http://localhost:8123/administrator/" in said.output
    assert "ASSESS_PUBLIC_URL is not set" in said.output
    monkeypatch.setenv("ASSESS_PUBLIC_URL", "http://localhost:8456")
    said = run_people("invite-administrator", EMAIL)
    assert "http://localhost:8456/administrator/" in said.output
    assert "ASSESS_PUBLIC_URL" not in said.output


def test_a_buyer_gets_no_staff_role(database: Database, run_people: Callable[..., Result]) -> None:
    with database.writing() as session:
        firm = Organisation(name="Council", made_at=TODAY)
        session.add(firm)
        person = create_person(session, EMAIL, TODAY)
        session.flush()
        session.add(Membership(organisation_id=firm.id, person_id=person.id, role=Role.BUYER, made_at=TODAY))
    said = run_people("invite-administrator", EMAIL)
    assert (said.exit_code, "cannot be staff" in said.output) == (1, True)


def test_without_mail_nobody_is_invited(run_people: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSESS_MAIL_SERVER")
    monkeypatch.delenv("ASSESS_MAIL_FROM")
    said = run_people("invite-administrator", EMAIL)
    assert (said.exit_code, "offers no accounts" in said.output) == (1, True)


def test_an_account_is_closed(database: Database, run_people: Callable[..., Result]) -> None:
    assert run_people("disable", EMAIL).exit_code == 1
    assert run_people("disable", "nonsense").output == "Error: This is not an email address.\n"
    with database.writing() as session:
        create_person(session, EMAIL, TODAY)
    assert run_people("disable", EMAIL).exit_code == 0
    with database.reading() as look:
        person = find_person(look, EMAIL)
    assert person is not None
    assert person.disabled_at is not None
    with database.reading() as look:
        (event,) = look.scalars(select(AuditEvent))
    assert (event.action, event.who_kind, event.who) == ("desk.administer: disabled", ActorKind.COMMAND, "people")
    assert (event.about_kind, event.about_id) == ("person", person.id)


def with_a_step(database: Database, email: str, desk: StaffRole | None = None) -> list[str]:
    """Somebody with an app for codes, who is signed in in a browser. Their recovery codes."""
    with database.writing() as session:
        person = create_person(session, email, TODAY)
        person.desk = desk
        session.add(TotpDevice(person_id=person.id, seed=b"sealed", last_counter=0, made_at=TODAY, confirmed_at=TODAY))
        session.flush()
        create_login_session(session, person, "Firefox", TODAY, second_step=True)
        return second_factors.renew_recovery_codes(session, person.id, TODAY)


def has_a_step(database: Database, email: str) -> bool:
    with database.reading() as session:
        person = find_person(session, email)
        assert person is not None
        return get_second_factors(session, person.id).any


def test_who_lost_phone_and_codes_is_helped_signed_out_and_told(
    database: Database, run_people: Callable[..., Result]
) -> None:
    with_a_step(database, EMAIL)
    assert run_people("reset-second-step", "nobody@farm.example").exit_code == 1
    assert has_a_step(database, EMAIL)
    said = run_people("reset-second-step", EMAIL)
    assert said.exit_code == 0, said.output
    assert not has_a_step(database, EMAIL)
    with database.reading() as session:
        assert session.scalars(select(LoginSession)).all() == []
        assert [mail.to_address for mail in session.scalars(select(OutgoingMail))] == [EMAIL]
        (event,) = session.scalars(select(AuditEvent))
        assert (event.action, event.about_kind) == ("desk.administer: removed", "person")
        person = session.scalars(select(Person)).one()
    assert event.about_id == person.id


def test_for_somebody_who_sees_what_belongs_to_many_another_administrator_shows_a_code(
    database: Database, run_people: Callable[..., Result]
) -> None:
    own = with_a_step(database, EMAIL, StaffRole.COORDINATOR)
    codes = with_a_step(database, "second@network.example", StaffRole.ADMINISTRATOR)
    members = with_a_step(database, "member@farm.example")
    alone = run_people("reset-second-step", EMAIL)
    assert (alone.exit_code, "Another administrator has to agree" in alone.output) == (1, True)
    for helper, typed in (
        ("second@network.example", own[0]),
        ("second@network.example", "000000"),
        ("member@farm.example", members[0]),
        (EMAIL, own[0]),
        ("nobody@network.example", codes[0]),
    ):
        refused = run_people("reset-second-step", EMAIL, "--with-administrator", helper, typed=typed)
        assert (refused.exit_code, has_a_step(database, EMAIL)) == (1, True), helper
    said = run_people("reset-second-step", EMAIL, "--with-administrator", "second@network.example", typed=codes[0])
    assert said.exit_code == 0, said.output
    assert not has_a_step(database, EMAIL)
    again = run_people("reset-second-step", EMAIL, "--with-administrator", "second@network.example", typed=codes[0])
    assert again.exit_code == 1, "a recovery code is good once"

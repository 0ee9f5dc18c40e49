from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from assess.cli.people import command
from assess.kit.audit.models import AuditEvent, WhoKind
from assess.kit.db import Database
from assess.kit.mail.models import Outgoing
from assess.people.accounts import recovery
from assess.people.accounts.browsers import sign_in
from assess.people.accounts.models import CodeApp
from assess.people.accounts.people import find_person, make_person
from assess.people.accounts.second_steps import steps_of
from assess.people.models import Desk, Membership, Organisation, Person, Role, SignedIn
from tests.conftest import TODAY

EMAIL = "desk@network.example"


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in list(os.environ):
        if name.startswith("ASSESS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSESS_ENV", "development")
    monkeypatch.setenv("ASSESS_DATABASE_URL", database_url)
    monkeypatch.setenv("ASSESS_MAIL_SERVER", "smtp://localhost:2525")
    monkeypatch.setenv("ASSESS_MAIL_FROM", EMAIL)
    return lambda *words, typed=None: CliRunner().invoke(command, words, input=typed)


def test_the_first_administrator_gets_a_link_and_nothing_exists_before(
    database: Database, run: Callable[..., Result]
) -> None:
    said = run("invite-administrator", " Desk@Network.example")
    assert said.exit_code == 0, said.output
    assert re.search(r"^http://localhost:5000/administrator/[\w-]{43}$", said.output, re.MULTILINE)
    with database.reading() as look:
        assert find_person(look, EMAIL) is None
        (event,) = look.scalars(select(AuditEvent))
    assert (event.action, event.details) == ("desk.administer: invited", {"desk": "administrator"})


def test_the_link_has_the_public_address_or_the_port_and_says_what_to_set(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSESS_PORT", "8123")
    said = run("invite-administrator", EMAIL)
    assert "http://localhost:8123/administrator/" in said.output
    assert "ASSESS_PUBLIC_URL is not set" in said.output
    monkeypatch.setenv("ASSESS_PUBLIC_URL", "http://localhost:8456")
    said = run("invite-administrator", EMAIL)
    assert "http://localhost:8456/administrator/" in said.output
    assert "ASSESS_PUBLIC_URL" not in said.output


def test_a_buyer_gets_no_desk(database: Database, run: Callable[..., Result]) -> None:
    with database.writing() as session:
        firm = Organisation(name="Council", made_at=TODAY)
        session.add(firm)
        person = make_person(session, EMAIL, TODAY)
        session.flush()
        session.add(Membership(organisation_id=firm.id, person_id=person.id, role=Role.BUYER, made_at=TODAY))
    said = run("invite-administrator", EMAIL)
    assert (said.exit_code, "can have no desk" in said.output) == (1, True)


def test_without_mail_nobody_is_invited(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSESS_MAIL_SERVER")
    monkeypatch.delenv("ASSESS_MAIL_FROM")
    said = run("invite-administrator", EMAIL)
    assert (said.exit_code, "offers no accounts" in said.output) == (1, True)


def test_an_account_is_closed(database: Database, run: Callable[..., Result]) -> None:
    assert run("disable", EMAIL).exit_code == 1
    assert run("disable", "nonsense").output == "Error: This is no e-mail address.\n"
    with database.writing() as session:
        make_person(session, EMAIL, TODAY)
    assert run("disable", EMAIL).exit_code == 0
    with database.reading() as look:
        person = find_person(look, EMAIL)
    assert person is not None
    assert person.disabled_at is not None
    with database.reading() as look:
        (event,) = look.scalars(select(AuditEvent))
    assert (event.action, event.who_kind, event.who) == ("desk.administer: disabled", WhoKind.COMMAND, "people")
    assert (event.about_kind, event.about_id) == ("person", person.id)


def with_a_step(database: Database, email: str, desk: Desk | None = None) -> list[str]:
    """Somebody with an app for codes, who is signed in in a browser. Their recovery codes."""
    with database.writing() as session:
        person = make_person(session, email, TODAY)
        person.desk = desk
        session.add(CodeApp(person_id=person.id, seed=b"sealed", last_counter=0, made_at=TODAY, confirmed_at=TODAY))
        session.flush()
        sign_in(session, person, "Firefox", TODAY, second_step=True)
        return recovery.renew(session, person.id, TODAY)


def has_a_step(database: Database, email: str) -> bool:
    with database.reading() as look:
        person = find_person(look, email)
        assert person is not None
        return steps_of(look, person.id).any


def test_who_lost_phone_and_codes_is_helped_signed_out_and_told(database: Database, run: Callable[..., Result]) -> None:
    with_a_step(database, EMAIL)
    assert run("reset-second-step", "nobody@farm.example").exit_code == 1
    assert has_a_step(database, EMAIL)
    said = run("reset-second-step", EMAIL)
    assert said.exit_code == 0, said.output
    assert not has_a_step(database, EMAIL)
    with database.reading() as look:
        assert look.scalars(select(SignedIn)).all() == []
        assert [mail.to_address for mail in look.scalars(select(Outgoing))] == [EMAIL]
        (event,) = look.scalars(select(AuditEvent))
        assert (event.action, event.about_kind) == ("desk.administer: removed", "person")
        person = look.scalars(select(Person)).one()
    assert event.about_id == person.id


def test_for_somebody_who_sees_what_belongs_to_many_another_administrator_shows_a_code(
    database: Database, run: Callable[..., Result]
) -> None:
    own = with_a_step(database, EMAIL, Desk.COORDINATOR)
    codes = with_a_step(database, "second@network.example", Desk.ADMINISTRATOR)
    members = with_a_step(database, "member@farm.example")
    alone = run("reset-second-step", EMAIL)
    assert (alone.exit_code, "Another administrator has to agree" in alone.output) == (1, True)
    for helper, typed in (
        ("second@network.example", own[0]),
        ("second@network.example", "000000"),
        ("member@farm.example", members[0]),
        (EMAIL, own[0]),
        ("nobody@network.example", codes[0]),
    ):
        refused = run("reset-second-step", EMAIL, "--with-administrator", helper, typed=typed)
        assert (refused.exit_code, has_a_step(database, EMAIL)) == (1, True), helper
    said = run("reset-second-step", EMAIL, "--with-administrator", "second@network.example", typed=codes[0])
    assert said.exit_code == 0, said.output
    assert not has_a_step(database, EMAIL)
    again = run("reset-second-step", EMAIL, "--with-administrator", "second@network.example", typed=codes[0])
    assert again.exit_code == 1, "a recovery code is good once"

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
from assess.people.accounts.people import find_person, make_person
from assess.people.models import Membership, Organisation, Role
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
    return lambda *words: CliRunner().invoke(command, words)


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
    monkeypatch.setenv("ASSESS_PUBLIC_URL", "https://assess.example.org")
    said = run("invite-administrator", EMAIL)
    assert "https://assess.example.org/administrator/" in said.output
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

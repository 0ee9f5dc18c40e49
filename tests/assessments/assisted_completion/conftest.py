"""A coordinator at the desk, and a business that asks for help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from assess.core.config import Settings
from assess.identity.models import Person, StaffRole
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail


@pytest.fixture
def coordinator(app: Flask) -> Person:
    with database_of(app).writing() as session:
        return a_person(session, "cora@network.example", desk=StaffRole.COORDINATOR)


@pytest.fixture
def desk(app: Flask, coordinator: Person) -> Visitor:
    """The browser of the coordinator."""
    found = Visitor(app.test_client())
    sign_in(found, app, coordinator)
    return found


@pytest.fixture
def ask(visit: Any) -> Callable[..., str]:
    """`ask(home)` has the business ask for help, and gives the code."""

    def make(home: str, mode: str = "phone") -> str:
        visit(f"{home}assistance")
        return str(visit.send("/assistance", mode=mode).soup.select_one("#code").text)

    return make


@pytest.fixture
def helped(begin: Any, ask: Callable[..., str], desk: Visitor) -> str:
    """The address of an assessment with which the coordinator helps."""
    home = str(begin())
    code = ask(home)
    desk("/staff/assistance")
    assert desk.send(code=code).address == home
    return home


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    """Settings of an installation that sends mail: only such a one has accounts."""
    return settings_that_mail(banks_url, tmp_path, postbox)

"""A farm with people in it, a hotel next door, and an installation that sends mail."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.mail import services as mail_services
from assess.identity.models import Organisation, Person
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail

assert mail_services  # it defines the job that sends


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    """Settings of an installation that sends mail."""
    return settings_that_mail(banks_url, tmp_path, postbox)


@dataclass(frozen=True)
class Farm:
    """Two organisations and their people. Ann manages the farm, Bob answers, Sue signs, Bea buys; Hal manages the hotel."""

    farm: Organisation
    hotel: Organisation
    ann: Person
    bob: Person
    sue: Person
    bea: Person
    hal: Person

    @property
    def here(self) -> str:
        return f"/organisations/{self.farm.id}"

    def path(self, rest: str) -> str:
        return f"{self.here}{rest}"


@pytest.fixture
def farm(app: Flask) -> Farm:
    with database_of(app).writing() as session:
        ann, bob, sue, bea, hal = (
            a_person(session, f"{name}@fenedge.example", name=name.title())
            for name in ("ann", "bob", "sue", "bea", "hal")
        )
        mine = an_organisation(session, "Fen Edge", manager=ann, respondent=bob, signer=sue, buyer=bea)
        return Farm(mine, an_organisation(session, "Sea View", manager=hal), ann, bob, sue, bea, hal)


@pytest.fixture
def as_ann(app: Flask, visit: Visitor, farm: Farm) -> Visitor:
    """The manager of the farm, signed in."""
    sign_in(visit, app, farm.ann)
    return visit


@pytest.fixture
def tokens(app: Flask, settings: Settings, postbox: MailServer) -> Callable[[], list[str]]:
    """`tokens()`: the worker sends what waits; the tokens of all invitations that ever arrived, in their order."""

    def deliver() -> list[str]:
        run_due_jobs(database_of(app), settings, app.config["CLOCK"])
        found = [re.search(r"/join/(\S{43})", body.replace("=\n", "")) for body in postbox.bodies()]
        return [match.group(1) for match in found if match]

    return deliver


NOBODY = uuid.UUID(int=7)

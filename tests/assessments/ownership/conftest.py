"""Somebody with an account who holds an assessment in the same browser, and a firm that is kept already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from assess.assessments.models import Assessment
from assess.core.config import Settings
from assess.identity.models import Organisation, Person, Site
from tests.assessments.conftest import id_of
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail


@dataclass(frozen=True)
class Firm:
    """An organisation with two sites, and who manages it."""

    organisation: Organisation
    manager: Person
    north: Site
    south: Site


@pytest.fixture
def person(app: Flask) -> Callable[..., Person]:
    """`person("ann@farm.example")` makes somebody with a confirmed account."""

    def make(email: str, **more: Any) -> Person:
        with database_of(app).writing() as session:
            return a_person(session, email, **more)

    return make


@pytest.fixture
def firm(app: Flask) -> Firm:
    with database_of(app).writing() as session:
        manager = a_person(session, "ann@farm.example")
        organisation = an_organisation(session, "Fen Edge Group", manager=manager, respondent=manager)
        sites = [
            Site(organisation_id=organisation.id, name=name, made_at=TODAY) for name in ("North yard", "South yard")
        ]
        session.add_all(sites)
        session.flush()
        return Firm(organisation, manager, *sites)


@pytest.fixture
def signed_in(app: Flask, visit: Any) -> Callable[[Person], None]:
    """Have the browser that holds the assessment be signed in."""
    return lambda who: sign_in(visit, app, who) and None


def row_of(app: Flask, home: str) -> Assessment:
    """The row of an assessment as it is now."""
    with database_of(app).reading() as session:
        found = session.get(Assessment, id_of(home))
        assert found is not None
        return found


def keep_with(app: Flask, home: str, firm: Firm, site: Site | None = None) -> None:
    """Have an assessment belong to the firm."""
    with database_of(app).writing() as session:
        found = session.get(Assessment, id_of(home))
        assert found is not None
        found.organisation_id, found.site_id = firm.organisation.id, site.id if site else None


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    """Settings of an installation that sends mail: only such a one has accounts."""
    return settings_that_mail(banks_url, tmp_path, postbox)

"""A council that buys from growers who shared, and everything a test of its files needs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.worker import run_due_jobs
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation, Person
from assess.portfolio.board.columns import BoardFilter
from assess.portfolio.bulk_exports.services import order_bundle
from assess.portfolio.models import PortfolioFile
from assess.sharing.models import ShareGrant, ShareScope
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.sharing.current_users import caller_of
from tests.suppliers.factories import a_buyer, a_supplier, invited, shared

NAMES = ("Acle Fruit", "Fen Edge Growers", "Wash Packers")


@dataclass
class Council:
    """A buyer with suppliers that shared, by name. `settings`: of the worker."""

    database: Database
    settings: Settings
    organisation: Organisation
    person: Person
    suppliers: dict[str, uuid.UUID] = field(default_factory=dict)
    grants: dict[str, uuid.UUID] = field(default_factory=dict)

    @property
    def id(self) -> uuid.UUID:
        return self.organisation.id

    @property
    def who(self) -> CurrentUser:
        return caller_of(self.person, self.organisation.id)

    def supplier(
        self, name: str, *, scope: ShareScope | None = ShareScope.PLAN, days: int = 365, **details: object
    ) -> uuid.UUID:
        """One more supplier; it shares unless the scope is None."""
        with self.database.writing() as session:
            made = a_supplier(session, self.organisation, name, **{"sector": "farming", **details})
            invitation = invited(session, made)
            if scope is not None:
                self.grants[name] = shared(session, invitation, scope=scope, days=days).id
            self.suppliers[name] = made.id
            return made.id

    def grant(self, session: Session, name: str) -> ShareGrant:
        return session.get_one(ShareGrant, self.grants[name])

    def order(self, filter_: BoardFilter | None = None, now: datetime = TODAY, **more: object) -> uuid.UUID:
        """A bundle."""
        with self.database.writing() as session:
            made = order_bundle(session, self.id, filter_ or BoardFilter(), now, by=self.person.id, **more)  # type: ignore[arg-type]  # as it is given
            return made.id

    def file(self, file_id: uuid.UUID) -> PortfolioFile:
        with self.database.reading() as session:
            return session.get_one(PortfolioFile, file_id)

    def work(self, now: datetime = TODAY) -> int:
        """Do everything that waits."""
        return run_due_jobs(self.database, self.settings, lambda: now)


def a_council(database: Database, settings: Settings, names: tuple[str, ...] = NAMES) -> Council:
    load_jobs()
    with database.writing() as session:
        person = a_person(session, "buyer@council.example", name="Bea Buyer")
        organisation = a_buyer(session, "The Council", buyer=person)
    made = Council(database, settings, organisation, person)
    for name in names:
        made.supplier(name)
    return made


@pytest.fixture
def council(published: Database, settings: Settings) -> Council:
    """Three suppliers that shared, without pages."""
    return a_council(published, settings)


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A press that is only counted: what it was asked to print. For tests of what is printed when, not of printing."""
    asked: list[str] = []

    def printed(html: str) -> bytes:
        asked.append(html)
        return b"%PDF-1.7 " + str(len(asked)).encode() + b" %%EOF"

    monkeypatch.setattr("assess.portfolio.bulk_exports.bundle.render_pdf", printed)
    return asked


@pytest.fixture
def office(app: Flask, settings: Settings) -> Council:
    """The same in the database of the app."""
    return a_council(database_of(app), settings)


@pytest.fixture
def bea(app: Flask, visit: Visitor, office: Council) -> Visitor:
    """Whoever buys for the council, signed in."""
    sign_in(visit, app, office.person)
    return visit

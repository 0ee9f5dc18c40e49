"""A database with the banks published, open for the work of a buyer; and somebody who buys, signed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from assess.core.db import Database
from assess.identity.models import Organisation
from assess.portfolio import board_projection
from tests.conftest import PATIENCE_MS, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.suppliers.factories import a_buyer

assert board_projection  # it listens for what changes, as in a site


@pytest.fixture
def published(banks_url: str) -> Iterator[Database]:
    """Tables, and the banks of the house published in them."""
    opened = Database(banks_url, patience_ms=PATIENCE_MS)
    yield opened
    opened.close()


@dataclass
class Council:
    """A buyer, and the browser of who buys for it."""

    app: Flask
    organisation: Organisation
    visit: Visitor

    @property
    def address(self) -> str:
        return f"/organisations/{self.organisation.id}/suppliers"

    @property
    def database(self) -> Database:
        return database_of(self.app)

    def at(self, now: datetime) -> None:
        """Be there at another moment."""
        self.app.config["CLOCK"] = lambda: now


@pytest.fixture
def council(app: Flask, visit: Any) -> Council:
    """The Council, whose officer is signed in."""
    with database_of(app).writing() as session:
        officer = a_person(session, "officer@council.example")
        organisation = a_buyer(session, "The Council", buyer=officer)
    sign_in(visit, app, officer)
    return Council(app, organisation, visit)

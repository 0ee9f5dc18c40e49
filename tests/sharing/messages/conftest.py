"""A farm that shared its plan with the council, and both of them in a browser of their own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from assess.core.db import Database
from assess.sharing.messages import SharedStep, shared_steps_of
from assess.sharing.models import ShareGrant, ShareMessage, ShareScope
from assess.sharing.shared_copy import shared_copy_from_json
from tests.conftest import PATIENCE_MS
from tests.identity.accounts_factory import an_organisation, database_of
from tests.plans.conftest import Submitted
from tests.sharing.conftest import Buyer, GivenShare

NAME = "Norfolk County Council"
FARM = "Fen Edge Growers Ltd"


@dataclass(frozen=True)
class Shared:
    """One share: where each side reads what was said, and the steps that can be talked about."""

    app: Flask
    id: uuid.UUID
    theirs: str
    ours: str
    steps: tuple[SharedStep, ...]

    @property
    def step(self) -> SharedStep:
        return self.steps[0]

    def said(self) -> list[ShareMessage]:
        with database_of(self.app).reading() as session:
            return list(
                session.query(ShareMessage).filter(ShareMessage.grant_id == self.id).order_by(ShareMessage.number)
            )


@pytest.fixture
def talked(app: Flask, submitted: Submitted, council: Buyer, shared_with: Any) -> Callable[..., Shared]:
    """`talked()`: the farm shares with the council, which takes it up."""

    def talk(of: Submitted = submitted, scope: ShareScope = ShareScope.PLAN) -> Shared:
        given: GivenShare = shared_with(of, council, scope)
        with database_of(app).reading() as session:
            steps = shared_steps_of(shared_copy_from_json(session.get_one(ShareGrant, given.id).document))
        return Shared(app, given.id, f"{given.address}/messages", f"{of.address}/share/{given.id}/messages", steps)

    return talk


@pytest.fixture
def for_the_office(app: Flask, council: Buyer) -> Callable[[Shared], None]:
    """`for_the_office(shared)`: it was taken up for the council and not for the person."""

    def give(shared: Shared) -> None:
        with database_of(app).writing() as session:
            office = an_organisation(session, "The Council of Norfolk", buyer=council.person)
            grant = session.get_one(ShareGrant, shared.id)
            grant.person_id, grant.organisation_id = None, office.id

    return give


@pytest.fixture
def published(banks_url: str) -> Iterator[Database]:
    """Tables, and the banks of the house published in them."""
    opened = Database(banks_url, patience_ms=PATIENCE_MS)
    yield opened
    opened.close()

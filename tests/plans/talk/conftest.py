"""A farm that shared its plan with the council, and both of them in a browser of their own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from assess.kit.db import Database
from assess.plans.shares.document import thaw
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import Scope
from assess.plans.talk.models import TalkWord
from assess.plans.talk.steps import Step, steps_of
from tests.conftest import PATIENCE_MS
from tests.people.persons import an_organisation, database_of
from tests.plans.conftest import Submitted
from tests.plans.shares.conftest import (  # noqa: F401  # the fixtures of sharing
    COUNCIL,
    Buyer,
    Given,
    answer_again,
    council,
    ended,
    make_buyer,
    share_with,
    shared_with,
)

NAME = "Norfolk County Council"
FARM = "Fen Edge Growers Ltd"


@dataclass(frozen=True)
class Shared:
    """One share: where each side reads what was said, and the steps that can be talked about."""

    app: Flask
    id: uuid.UUID
    theirs: str
    ours: str
    steps: tuple[Step, ...]

    @property
    def step(self) -> Step:
        return self.steps[0]

    def said(self) -> list[TalkWord]:
        with database_of(self.app).reading() as look:
            return list(look.query(TalkWord).filter(TalkWord.grant_id == self.id).order_by(TalkWord.number))


@pytest.fixture
def talked(app: Flask, submitted: Submitted, council: Buyer, shared_with: Any) -> Callable[..., Shared]:  # noqa: F811  # a fixture
    """`talked()`: the farm shares with the council, which takes it up."""

    def talk(of: Submitted = submitted, scope: Scope = Scope.PLAN) -> Shared:
        given: Given = shared_with(of, council, scope)
        with database_of(app).reading() as look:
            steps = steps_of(thaw(look.get_one(ShareGrant, given.id).document))
        return Shared(app, given.id, f"{given.address}/talk", f"{of.address}/share/{given.id}/talk", steps)

    return talk


@pytest.fixture
def for_the_office(app: Flask, council: Buyer) -> Callable[[Shared], None]:  # noqa: F811  # a fixture
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

"""An administrator at the desk, and a farm that answered something grave."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from assess.identity.models import Organisation, Person
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in


@dataclass(frozen=True)
class Town:
    """Ada administers. Ann manages the farm; Bea buys for the shop."""

    ada: Person
    ann: Person
    bea: Person
    farm: Organisation
    shop: Organisation


@pytest.fixture
def town(app: Flask) -> Town:
    with database_of(app).writing() as session:
        ada = a_person(session, "ada@desk.example", desk="administrator", name="Ada")
        ann, bea = a_person(session, "ann@farm.example", name="Ann"), a_person(session, "bea@shop.example")
        farm = an_organisation(session, "Fen Edge", manager=ann)
        return Town(ada, ann, bea, farm, an_organisation(session, "Big Shop", manager=bea, buyer=bea))


@pytest.fixture
def as_ada(app: Flask, visit: Visitor, town: Town) -> Visitor:
    """The administrator, signed in with a second step."""
    sign_in(visit, app, town.ada)
    return visit

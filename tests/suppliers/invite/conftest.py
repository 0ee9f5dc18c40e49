"""A council that buys, with somebody signed in who buys for it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from assess.identity.models import Membership, Person
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.suppliers.factories import a_buyer


@dataclass(frozen=True)
class Council:
    """Its id and where the pages about its suppliers begin."""

    id: uuid.UUID

    @property
    def suppliers(self) -> str:
        return f"/organisations/{self.id}/suppliers"


def sign_in_again(app: Flask, visit: Visitor, council: Council) -> None:
    """Days later, the same person who buys for the council."""
    with database_of(app).reading() as session:
        members = select(Membership.person_id).where(Membership.organisation_id == council.id)
        ann = session.scalars(select(Person).where(Person.id.in_(members))).one()
    sign_in(visit, app, ann)


@pytest.fixture
def council(app: Flask, visit: Visitor) -> Council:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example")
        made = Council(a_buyer(session, "The Council", buyer=ann).id)
    sign_in(visit, app, ann)
    return made

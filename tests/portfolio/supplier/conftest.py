"""A council with a signed-in buyer, for the pages of its board."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from flask import Flask

from assess.people.models import Organisation, Person
from tests.conftest import Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.suppliers.makers import a_buyer


@dataclass
class Council:
    """A buyer, a person who buys for it, and the address of its board."""

    organisation: Organisation
    person: Person

    @property
    def id(self) -> uuid.UUID:
        return self.organisation.id

    @property
    def base(self) -> str:
        return f"/organisations/{self.organisation.id}/suppliers"


@pytest.fixture
def council(app: Flask, visit: Visitor) -> Council:
    """`visit` is signed in as its buyer."""
    with database_of(app).writing() as session:
        person = a_person(session, "jo@council.example", name="Jo")
        made = Council(a_buyer(session, "The Council", buyer=person), person)
    sign_in(visit, app, person)
    return made

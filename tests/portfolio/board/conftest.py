"""A council with a signed-in buyer, for the pages of its board."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from flask import Flask

from assess.identity.models import Organisation, Person
from tests.conftest import Page, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.suppliers.factories import a_buyer


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


def go_on(visit: Visitor, **chosen: object) -> Page:
    """Send the form of the board that leads to the page of the yes, with these fields changed: it is sent by GET."""
    assert visit.page is not None
    fields = visit.page.fields("/bulk-actions") | {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)] for name, value in chosen.items()
    }
    action = str(visit.page.form("/bulk-actions").action)
    return visit(f"{action}?{urlencode(fields, doseq=True)}")

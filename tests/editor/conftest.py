"""Coordinators with a draft, signed in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from assess.banks.drafts.keeping import begin
from assess.people.models import Person
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in


@dataclass
class AtDesk:
    """Ann, who is signed in, Ben, who is not, and the draft Ann began."""

    app: Flask
    ann: Person
    ben: Person
    draft_id: uuid.UUID

    @property
    def draft(self) -> str:
        """Where the draft is."""
        return f"/banks/drafts/{self.draft_id}"


@pytest.fixture
def at_desk(app: Flask, visit: Visitor) -> AtDesk:
    with database_of(app).writing() as session:
        long_ago = TODAY - timedelta(days=100)
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee", made_at=long_ago)
        ben = a_person(session, "ben@desk.example", desk="coordinator", name="Ben Moor", made_at=long_ago)
        made = AtDesk(app, ann, ben, begin(session, "Clearer words", ann.id, TODAY).id)
    sign_in(visit, app, ann)
    return made

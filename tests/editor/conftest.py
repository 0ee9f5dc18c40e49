"""A draft, a coordinator who works in it, and another one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from assess.banks.drafts.keeping import begin
from assess.people.models import Person
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in


@dataclass(frozen=True)
class Room:
    """A draft that Ann began. Ann is signed in at `visit`."""

    draft_id: UUID
    ann: Person
    ben: Person

    @property
    def home(self) -> str:
        return f"/banks/drafts/{self.draft_id}"


@pytest.fixture
def room(app: Flask, visit: Visitor) -> Room:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee")
        ben = a_person(session, "ben@desk.example", desk="coordinator", name="Ben Roe")
        made = Room(begin(session, "Law of today", ann.id, TODAY).id, ann, ben)
    sign_in(visit, app, ann)
    return made

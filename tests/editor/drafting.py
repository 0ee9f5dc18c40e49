"""A coordinator with an open draft, signed in: what the tests of the editor begin with.

The draft stands upon one small bank, `shop.yaml`: looking through it costs nothing. `begun` makes one upon the real banks.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.banks.drafts.keeping import begin, save, sheet_of
from assess.banks.drafts.models import Draft
from assess.people.models import Person
from tests.conftest import TODAY, Visitor
from tests.editor.small_shelf import put_shop_in_force
from tests.people.persons import a_person, database_of, sign_in


@dataclass
class Drafting:
    """Who works on which draft. `home` is the address of the draft."""

    app: Flask
    person: Person
    draft: Draft

    @property
    def home(self) -> str:
        return f"/banks/drafts/{self.draft.id}"

    def text(self, name: str) -> str:
        """A file as the draft has it now."""
        with database_of(self.app).reading() as look:
            return (sheet_of(look, look.get_one(Draft, self.draft.id), name) or b"").decode()

    def write(self, name: str, old: str, new: str) -> None:
        """Change one thing of a file, as the text page would."""
        with database_of(self.app).writing() as session:
            seen = sheet_of(session, session.get_one(Draft, self.draft.id), name) or b""
            assert old in seen.decode()
            text = seen.decode().replace(old, new, 1).encode()
            save(session, session.get_one(Draft, self.draft.id), name, text, self.person.id, TODAY, seen=seen)


def begun(session: Session, name: str = "Clearer words") -> tuple[Person, Draft]:
    """Ann, and a draft she began."""
    ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee")
    return ann, begin(session, name, ann.id, TODAY)


@pytest.fixture
def drafting(app: Flask, visit: Visitor) -> Drafting:
    """Ann is signed in and has begun a draft upon the small bank."""
    with database_of(app).writing() as session:
        put_shop_in_force(session)
        ann, draft = begun(session)
    sign_in(visit, app, ann)
    return Drafting(app, ann, draft)

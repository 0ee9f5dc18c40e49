"""A coordinator with an open draft, signed in: what the tests of the editor begin with.

The draft stands upon one small bank, `shop.yaml`: looking through it costs nothing. `begun` makes one upon the real banks.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from assess.identity.models import Person
from assess.question_banks.drafts import create_draft, file_in_draft, save_draft_file
from assess.question_banks.models import Draft
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person, database_of


@dataclass
class Drafting:
    """Who works on which draft. `home` is the address of the draft."""

    app: Flask
    person: Person
    draft: Draft

    @property
    def home(self) -> str:
        return f"/question-banks/drafts/{self.draft.id}"

    def text(self, name: str) -> str:
        """A file as the draft has it now."""
        with database_of(self.app).reading() as session:
            return (file_in_draft(session, session.get_one(Draft, self.draft.id), name) or b"").decode()

    def write(self, name: str, old: str, new: str) -> None:
        """Change one thing of a file, as the text page would."""
        with database_of(self.app).writing() as session:
            seen = file_in_draft(session, session.get_one(Draft, self.draft.id), name) or b""
            assert old in seen.decode()
            text = seen.decode().replace(old, new, 1).encode()
            save_draft_file(
                session, session.get_one(Draft, self.draft.id), name, text, self.person.id, TODAY, seen=seen
            )


def begun(session: Session, name: str = "Clearer words") -> tuple[Person, Draft]:
    """Ann, and a draft she began."""
    ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee")
    return ann, create_draft(session, name, ann.id, TODAY)

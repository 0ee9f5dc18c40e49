"""An open draft, and a coordinator who works in it, for tests of the pages of the editor."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Flask

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft
from assess.banks.shelves import in_force, texts_of
from assess.editor.workbench import Workbench, workbench
from tests.conftest import TODAY, Visitor
from tests.editor.small_shelf import put_shop_in_force
from tests.people.persons import a_person, database_of, sign_in
from tests.shelves import Edit

SMALL = "shop"


@dataclass
class Room:
    """A draft of this app. `home` is the address of one of its banks."""

    app: Flask
    draft_id: uuid.UUID
    home: str

    @property
    def bank(self) -> Workbench:
        """The draft as it stands in the database."""
        with database_of(self.app).reading() as look:
            draft = look.get(Draft, self.draft_id)
            assert draft
            return workbench(look, draft, TODAY)

    def question(self, question_id: str, bank: str = SMALL) -> dict[str, object]:
        """What a question holds now."""
        spot = self.bank.question(bank, question_id)
        assert spot
        return dict(spot.data)

    def changed_lines(self, sheet: str) -> list[str]:
        """The lines of a file that the draft brings and that are not in force."""
        with database_of(self.app).reading() as look:
            draft = look.get(Draft, self.draft_id)
            assert draft
            here = (keeping.sheets_of(look, draft).get(sheet) or b"").decode().splitlines()
            state = in_force(look)
            assert state
            before = texts_of(look, state)[sheet].decode().splitlines()
        return [line.strip() for line in here if line not in before]


def room_of(app: Flask, visit: Visitor, bank: str = SMALL, *edits: Edit) -> Room:
    """A coordinator, signed in, with a draft just begun.

    With the small bank “shop”, changed by `edits`, its few files are all that is in force: the real ones take a second to be looked through after each edit.
    """
    with database_of(app).writing() as session:
        if bank == SMALL:
            put_shop_in_force(session, *edits)
        ann = a_person(session, "ann@desk.example", name="Ann Lee", desk="coordinator")
        draft = keeping.begin(session, "Clearer words", ann.id, TODAY)
        made = Room(app, draft.id, f"/banks/drafts/{draft.id}/{bank}")
    sign_in(visit, app, ann)
    return made


def joined_by(room: Room, visit: Visitor) -> None:
    """A second coordinator, signed in with another browser."""
    with database_of(room.app).writing() as session:
        ben = a_person(session, "ben@desk.example", name="Ben Day", desk="coordinator")
    sign_in(visit, room.app, ben)


def held_by_another_draft(room: Room, sheet: str) -> None:
    """Have somebody change this file in a draft of their own."""
    with database_of(room.app).writing() as session:
        cat = a_person(session, "cat@desk.example", name="Cat Fox", desk="coordinator").id
        other = keeping.begin(session, "Something else", cat, TODAY)
        text = keeping.sheet_of(session, other, sheet) or b""
        keeping.save(session, other, sheet, text + b"# seen\n", cat, TODAY, seen=text)


def asked_about(room: Room) -> None:
    """Have this draft wait for a second person."""
    with database_of(room.app).writing() as session:
        draft = session.get(Draft, room.draft_id)
        assert draft
        assert draft.author_id
        keeping.ask(session, draft, draft.author_id, "", TODAY)

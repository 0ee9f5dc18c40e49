"""An open draft, and a coordinator who works in it, for tests of the pages of the editor."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Flask

from assess.bank_editor.draft_context import DraftContext, load_draft_context
from assess.question_banks import drafts
from assess.question_banks.content_versions import content_version_in_force, version_contents
from assess.question_banks.models import Draft
from tests.bank_editor.small_content import put_shop_in_force
from tests.conftest import TODAY, Visitor
from tests.content_files import Edit
from tests.identity.accounts_factory import a_person, database_of, sign_in

SMALL = "shop"


@dataclass
class DraftPages:
    """A draft of this app. `home` is the address of one of its banks."""

    app: Flask
    draft_id: uuid.UUID
    home: str

    @property
    def bank(self) -> DraftContext:
        """The draft as it stands in the database."""
        with database_of(self.app).reading() as session:
            draft = session.get(Draft, self.draft_id)
            assert draft
            return load_draft_context(session, draft, TODAY)

    def question(self, question_id: str, bank: str = SMALL) -> dict[str, object]:
        """What a question holds now."""
        location = self.bank.question(bank, question_id)
        assert location
        return dict(location.data)

    def changed_lines(self, sheet: str) -> list[str]:
        """The lines of a file that the draft brings and that are not in force."""
        with database_of(self.app).reading() as session:
            draft = session.get(Draft, self.draft_id)
            assert draft
            here = (drafts.changed_draft_files(session, draft).get(sheet) or b"").decode().splitlines()
            state = content_version_in_force(session)
            assert state
            before = version_contents(session, state)[sheet].decode().splitlines()
        return [line.strip() for line in here if line not in before]


def room_of(app: Flask, visit: Visitor, bank: str = SMALL, *edits: Edit) -> DraftPages:
    """A coordinator, signed in, with a draft just begun.

    With the small bank “shop”, changed by `edits`, its few files are all that is in force: the real ones take a second to be looked through after each edit.
    """
    with database_of(app).writing() as session:
        if bank == SMALL:
            put_shop_in_force(session, *edits)
        ann = a_person(session, "ann@desk.example", name="Ann Lee", desk="coordinator")
        draft = drafts.create_draft(session, "Clearer words", ann.id, TODAY)
        made = DraftPages(app, draft.id, f"/question-banks/drafts/{draft.id}/{bank}")
    sign_in(visit, app, ann)
    return made


def joined_by(room: DraftPages, visit: Visitor) -> None:
    """A second coordinator, signed in with another browser."""
    with database_of(room.app).writing() as session:
        ben = a_person(session, "ben@desk.example", name="Ben Day", desk="coordinator")
    sign_in(visit, room.app, ben)


def held_by_another_draft(room: DraftPages, sheet: str) -> None:
    """Have somebody change this file in a draft of their own."""
    with database_of(room.app).writing() as session:
        cat = a_person(session, "cat@desk.example", name="Cat Fox", desk="coordinator").id
        other = drafts.create_draft(session, "Something else", cat, TODAY)
        text = drafts.file_in_draft(session, other, sheet) or b""
        drafts.save_draft_file(session, other, sheet, text + b"# seen\n", cat, TODAY, seen=text)


def asked_about(room: DraftPages) -> None:
    """Have this draft wait for a second person."""
    with database_of(room.app).writing() as session:
        draft = session.get(Draft, room.draft_id)
        assert draft
        assert draft.author_id
        drafts.ask_for_review(session, draft, draft.author_id, "", TODAY)

"""A draft and the coordinator who works at it; and a draft of the sound folder without any database."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask

from assess.bank_editor.draft_context import DraftContext
from assess.question_banks.drafts import create_draft, file_in_draft
from assess.question_banks.editions import add_changed_editions
from assess.question_banks.models import Draft
from assess.question_banks.validation import check_banks
from tests.bank_editor.small_content import put_shop_in_force
from tests.conftest import TODAY, Page, Visitor
from tests.content_files import Edit, sound_but
from tests.identity.accounts_factory import a_person, database_of, sign_in

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
At = Callable[..., DraftContext]


@pytest.fixture
def sound() -> At:
    """The sound folder in a draft, after some edits."""

    def made(*edits: Edit) -> DraftContext:
        return DraftContext(Draft(title="Clearer words"), sound_but(*edits), NOW)

    return made


@dataclass
class Desk:
    """A coordinator who is signed in, and their draft. `at` is its address."""

    app: Flask
    visit: Visitor
    at: str

    def text(self, name: str) -> str:
        """A file as the draft has it."""
        with database_of(self.app).reading() as session:
            row = session.get(Draft, uuid.UUID(self.at.rpartition("/")[2]))
            assert row
            return (file_in_draft(session, row, name) or b"").decode()

    def change(self, name: str, old: str, new: str) -> Page:
        """Change a file as text, as a browser sends it."""
        text = self.visit(f"{self.at}/texts/{name}").fields(name)["text"][0]
        assert old in text
        return self.visit.send(name, text=text.replace(old, new, 1).replace("\n", "\r\n"))


@pytest.fixture
def desk(app: Flask, visit: Visitor) -> Desk:
    """At the files of the corner shops, which is published: each change of a draft is looked through as a whole, and it is small."""
    with database_of(app).writing() as session:
        put_shop_in_force(session)
        add_changed_editions(session, check_banks(sound_but(), TODAY), TODAY)
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee")
        draft_id = create_draft(session, "Clearer words", ann.id, TODAY).id
    sign_in(visit, app, ann)
    return Desk(app, visit, f"/question-banks/drafts/{draft_id}")

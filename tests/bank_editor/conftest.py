"""Coordinators with a draft, signed in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from assess.identity.models import Person
from assess.question_banks.drafts import create_draft
from tests.bank_editor.draft_fixtures import Drafting, begun
from tests.bank_editor.small_content import put_shop_in_force
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in


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
        return f"/question-banks/drafts/{self.draft_id}"


@pytest.fixture
def at_desk(app: Flask, visit: Visitor) -> AtDesk:
    with database_of(app).writing() as session:
        long_ago = TODAY - timedelta(days=100)
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee", made_at=long_ago)
        ben = a_person(session, "ben@desk.example", desk="coordinator", name="Ben Moor", made_at=long_ago)
        made = AtDesk(app, ann, ben, create_draft(session, "Clearer words", ann.id, TODAY).id)
    sign_in(visit, app, ann)
    return made


@pytest.fixture
def drafting(app: Flask, visit: Visitor) -> Drafting:
    """Ann is signed in and has begun a draft upon the small bank."""
    with database_of(app).writing() as session:
        put_shop_in_force(session)
        ann, draft = begun(session)
    sign_in(visit, app, ann)
    return Drafting(app, ann, draft)

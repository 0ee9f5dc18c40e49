from __future__ import annotations

import pytest
from flask import Flask

from assess.banks.drafts.keeping import begin, give_up, save, sheet_of
from assess.banks.drafts.models import Draft
from assess.editor.law.saving import UNREADABLE, changed
from assess.kit.db import session
from tests.conftest import TODAY
from tests.editor.conftest import AtDesk
from tests.people.persons import database_of

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
OWNERS = "owners.yaml"


def change_owner(app: Flask, at_desk: AtDesk) -> tuple[str, str | None] | None:
    """What a page is told that gives an owner other words."""
    with app.test_request_context(method="POST"):
        draft = session().get_one(Draft, at_desk.draft_id)
        refused = changed(
            draft, OWNERS, lambda data: data["owners"].update(owner="The owner"), at_desk.ann.id, "an owner"
        )
        if refused is None:
            session().commit()
        return None if refused is None else (refused.why, refused.link)


def test_a_file_in_another_draft_is_said_with_the_way_there(app: Flask, at_desk: AtDesk) -> None:
    with database_of(app).writing() as own:
        other = begin(own, "Other", at_desk.ben.id, TODAY)
        text = sheet_of(own, other, OWNERS)
        save(own, other, OWNERS, (text or b"") + b"  cleaner: Cleaner\n", at_desk.ben.id, TODAY, seen=text)
    refused = change_owner(app, at_desk)
    assert refused
    assert refused[1] == f"/banks/drafts/{other.id}"
    with database_of(app).writing() as own:
        give_up(own, own.get_one(Draft, other.id), at_desk.ben.id, "", TODAY)
    assert change_owner(app, at_desk) is None


def test_a_text_nobody_can_read_is_said_and_left(app: Flask, at_desk: AtDesk) -> None:
    with database_of(app).writing() as own:
        draft = own.get_one(Draft, at_desk.draft_id)
        save(own, draft, OWNERS, b"owners: [", at_desk.ann.id, TODAY, seen=sheet_of(own, draft, OWNERS))
    assert change_owner(app, at_desk) == (UNREADABLE, None)
    with database_of(app).reading() as look:
        assert sheet_of(look, look.get_one(Draft, at_desk.draft_id), OWNERS) == b"owners: ["

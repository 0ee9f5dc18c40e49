from __future__ import annotations

import uuid

import pytest
from flask import Flask

from assess.banks.drafts.keeping import DraftError, SheetTakenError, begin, give_up, history_of, save, sheet_of
from assess.banks.drafts.models import Draft
from assess.banks.rewriting import RewriteError
from assess.banks.yaml_lines import UnreadableError
from assess.editor.changing import MovedOnError
from assess.editor.saving import GONE, UNREADABLE, UNWRITABLE, Refused, all_or_nothing, refusal, save_change
from assess.kit.clock import now
from assess.kit.db import session
from tests.conftest import TODAY
from tests.editor.conftest import AtDesk
from tests.people.persons import database_of

OTHER = uuid.uuid4()
OWNERS = "owners.yaml"
on_sqlite_alone = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            MovedOnError({"id": "x"}),
            Refused("Somebody else changed this since you opened it.", {"id": "x"}, moved=True),
        ),
        (MovedOnError(None), Refused(GONE, moved=True)),
        (SheetTakenError("shop.yaml", OTHER), Refused("shop.yaml is being changed in another draft.", None, OTHER)),
        (DraftError("It is published."), Refused("It is published.")),
        (RewriteError(), Refused(UNWRITABLE)),
        (UnreadableError("BANK004", 3, "A colon is missing."), Refused(UNREADABLE)),
    ],
)
def test_each_thing_in_the_way_is_told(fault: DraftError, told: Refused) -> None:
    assert refusal(fault) == told


def change_owner(app: Flask, at_desk: AtDesk) -> Refused | None:
    """What a page is told that gives an owner other words."""
    with app.test_request_context(method="POST"):
        draft = session().get_one(Draft, at_desk.draft_id)
        refused = save_change(
            draft, OWNERS, lambda data: data["owners"].update(owner="The owner"), at_desk.ann.id, "x" * 500
        )
        session().commit()
        return refused


@on_sqlite_alone
def test_a_file_in_another_draft_is_said_with_the_draft_that_has_it(app: Flask, at_desk: AtDesk) -> None:
    with database_of(app).writing() as own:
        other = begin(own, "Other", at_desk.ben.id, TODAY)
        text = sheet_of(own, other, OWNERS)
        save(own, other, OWNERS, (text or b"") + b"  cleaner: Cleaner\n", at_desk.ben.id, TODAY, seen=text)
    refused = change_owner(app, at_desk)
    assert refused
    assert refused.other_draft == other.id
    with database_of(app).writing() as own:
        give_up(own, own.get_one(Draft, other.id), at_desk.ben.id, "", TODAY)
    assert change_owner(app, at_desk) is None
    with database_of(app).reading() as look:
        assert history_of(look, look.get_one(Draft, at_desk.draft_id))[-1].details["what"] == "x" * 200


@on_sqlite_alone
def test_a_text_nobody_can_read_is_said_and_left(app: Flask, at_desk: AtDesk) -> None:
    with database_of(app).writing() as own:
        draft = own.get_one(Draft, at_desk.draft_id)
        save(own, draft, OWNERS, b"owners: [", at_desk.ann.id, TODAY, seen=sheet_of(own, draft, OWNERS))
    assert change_owner(app, at_desk) == Refused(UNREADABLE)
    with database_of(app).reading() as look:
        assert sheet_of(look, look.get_one(Draft, at_desk.draft_id), OWNERS) == b"owners: ["


@on_sqlite_alone
def test_of_several_saves_none_is_kept_when_one_cannot_be_made(app: Flask, at_desk: AtDesk) -> None:
    with app.test_request_context(method="POST"):
        draft = session().get_one(Draft, at_desk.draft_id)
        with all_or_nothing() as outcome:
            save(session(), draft, "fishing.yaml", b"bank: fishing\n", at_desk.ann.id, now(), seen=None)
            save(session(), draft, OWNERS, b"x: y\n", at_desk.ann.id, now(), seen=b"what nobody wrote")
        session().commit()
    assert outcome.refused
    with database_of(app).reading() as look:
        assert sheet_of(look, look.get_one(Draft, at_desk.draft_id), "fishing.yaml") is None

"""The pages on use, and the note that a question is hard to understand, on a phone."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.assessments.unclear.models import UnclearNote
from assess.banks.drafts.keeping import begin
from assess.banks.editions import latest
from assess.editor.use import views_use
from assess.editor.use.counting import Counted
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.phones import has_no_fault, phone

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.long
def test_use_and_notes_on_a_phone(
    app: Flask, browser: Browser, live: str, visit: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {"core_time_records": Counted(40, 20, 1, 39)}
    monkeypatch.setattr(views_use, "how_it_is_used", lambda *_: counts)
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator")
        draft = begin(session, "Clearer words", ann.id, TODAY)
        note = {"bank": "farming", "edition": 1, "question": "core_time_records", "month": "2026-10"}
        session.add(UnclearNote(words="What is a rota?", **note))
        edition = latest(session, "farming").id
    sign_in(visit, app, ann)
    with phone(browser, live, visit) as page:
        page.goto(f"/banks/drafts/{draft.id}/farming/use")
        has_no_fault(page)
        page.get_by_role("link", name="Do you write down start, finish and break times").click()
        expect(page.get_by_text("What is a rota?")).to_be_visible()
        has_no_fault(page)
        page.goto(f"/unclear/{edition}/people")
        has_no_fault(page)
        page.get_by_role("link", name="How do workers get to work? Tick every way that is used.").click()
        has_no_fault(page)
        page.get_by_role("button", name="Send the note").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose what is hard to understand.")
        has_no_fault(page)
        page.get_by_label("There is a word I do not know").check()
        page.get_by_role("button", name="Send the note").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

"""The pages on how questions are answered: figures of many, notes of nobody, and nothing about danger."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assess.assessments.unclear.models import UnclearNote
from assess.banks.drafts.keeping import begin
from assess.editor.use import views_use
from assess.editor.use.counting import Counted
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in


@pytest.fixture
def home(app: Flask, visit: Visitor) -> str:
    """A coordinator is signed in and has a draft. The address of its bank."""
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator")
        draft = begin(session, "Clearer words", ann.id, TODAY)
        for month, words in (("2026-10", "What is a rota?"), ("2026-11", "Too new to be shown")):
            note = {"bank": "farming", "edition": 1, "question": "core_time_records"}
            session.add(UnclearNote(month=month, words=words, **note))
    sign_in(visit, app, ann)
    return f"/banks/drafts/{draft.id}/farming"


def test_figures_and_notes_of_a_question(visit: Visitor, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = visit(f"{home}/use")
    assert "There is nothing to tell yet: fewer than 10 businesses" in page.text
    assert page.soup.find("a", string="How questions are answered") is None
    page = visit(f"{home}/questions/core_time_records/use")
    assert "October 2026" in page.text
    assert "What is a rota?" in page.text
    assert "Too new" not in page.text
    counts = {"core_time_records": Counted(40, 20, 1, 39), "core_documents": Counted(40, 20, 20, 20)}
    monkeypatch.setattr(views_use, "how_it_is_used", lambda *_: counts)
    page = visit(f"{home}/questions/core_time_records/use")
    assert "about 50%" in page.text
    assert "fewer than 3" in page.text
    assert "nearly all" in page.text
    row: Any = (
        visit(f"{home}/use").soup.find("a", href=lambda one: one and "core_time_records/use" in one).find_parent("tr")
    )
    assert [cell.text.strip() for cell in row.find_all("td")] == ["about 50%", "fewer than 3", "nearly all", "1"]


def test_of_a_question_about_danger_nothing_is_counted(
    visit: Visitor, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_use, "how_it_is_used", lambda *_: {"core_documents": Counted(40, 20, 20, 20)})
    page = visit(f"{home}/questions/core_documents/use")
    assert "So we count nothing about it." in page.text
    assert "%" not in page.text
    assert "We do not count it." in visit(f"{home}/questions/core_people_peak/use").text
    assert visit(f"{home}/questions/no_such_question/use").status == 404

"""The list of words when somebody wrote as many as they could: pages, nothing judged twice, and nobody waits to save meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.assessments.careful import judged
from assess.assessments.careful.judged import LETTERS_AT_ONCE
from assess.assessments.careful.views import PAGE
from assess.assessments.comments.keeping import MOST_OF_A_QUESTION, MOST_OF_ALL, Author, write
from assess.assessments.models import JudgedText
from assess.kit.db import holds_write_lock
from tests.assessments.careful.filling import database_of, id_of

pytestmark = pytest.mark.both_databases

QUESTIONS = ("core_people_peak", "core_worker_types", "core_first_language", "core_near_minimum", "core_travel")
NOBODY = Author(None)


def fill(app: Flask, home: str, now: datetime, count: int, length: int = 500) -> None:
    """So many comments of so many characters, each another."""
    with app.app_context(), database_of(app).writing() as session:
        for number in range(count):
            words = f"{number:04} {'A1-' * 200}"[:length]
            write(
                session,
                id_of(home),
                QUESTIONS[number // MOST_OF_A_QUESTION],
                words,
                NOBODY,
                now,
                for_delegate=False,
            )


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is judged from here on."""
    seen: list[str] = []
    details_in = judged.details_in

    def noted(text: str) -> Any:
        assert not holds_write_lock()
        seen.append(text)
        return details_in(text)

    monkeypatch.setattr(judged, "details_in", noted)
    return seen


def test_one_look_judges_a_bounded_number_of_characters_and_no_text_twice(
    app: Flask, visit: Any, begin: Any, now: datetime, looked_at: list[str]
) -> None:
    home = begin()
    fill(app, home, now, 120)
    page = visit(f"{home}words")
    assert len(page.soup.select("#words li")) == PAGE
    assert "There are 120 texts. This is page 1 of 3." in page.text
    assert 0 < sum(map(len, looked_at)) <= LETTERS_AT_ONCE
    assert page.text.count("We have not checked these words yet.") == PAGE - len(looked_at)
    for _ in range(20):
        page = visit(f"{home}words")
    assert "not checked" not in page.text
    assert len(looked_at) == len(set(looked_at)) == PAGE
    last = visit(f"{home}words?page=99")
    assert len(last.soup.select("#words li")) == 120 - 2 * PAGE
    assert visit(last.soup.find("a", string="Show the texts before")["href"]).status == 200


def test_what_was_judged_when_it_was_saved_is_not_judged_again_and_goes_with_the_text(
    app: Flask, visit: Any, begin: Any, looked_at: list[str]
) -> None:
    home = begin()
    visit(f"{home}comments/core_people_peak")
    page = visit.send("/core_people_peak", words="Ask Maria Popescu on 07700 900123")
    assert page.status == 422
    assert rows(app) == 0, "what may yet be changed is not kept"
    visit.send(
        "/core_people_peak",
        words="Ask Maria Popescu on 07700 900123",
        keep_words=[page.soup.select_one("input[name=keep_words]")["value"]],
    )
    assert rows(app) == 1
    looked_at.clear()
    page = visit(f"{home}words")
    assert "It may hold a person’s name and a phone number." in page.text
    assert looked_at == []
    visit.send("")
    visit.send("/words/out")
    assert rows(app) == 0


def test_looking_at_the_list_has_a_limit(visit: Any, begin: Any) -> None:
    home = begin()
    assert [visit(f"{home}words").status for _ in range(61)][-1] == 429


def test_an_assessment_takes_so_many_comments_and_says_so(app: Flask, visit: Any, begin: Any, now: datetime) -> None:
    home = begin()
    fill(app, home, now, MOST_OF_ALL, length=20)
    visit(f"{home}comments/core_short_notice")
    page = visit.send("/core_short_notice", words="One more")
    assert page.status == 422
    assert "This self-check has 500 comments, and takes no more." in page.text
    assert page.soup.select_one("textarea").text.strip() == "One more"


def rows(app: Flask) -> int:
    with database_of(app).reading() as look:
        return look.scalar(select(func.count()).select_from(JudgedText)) or 0

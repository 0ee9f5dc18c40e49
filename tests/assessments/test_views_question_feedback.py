"""The note that a question is hard to understand: from the section to the row, with no trace of who wrote it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import html5lib
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments import question_feedback
from assess.assessments.models import QuestionFeedback
from assess.assessments.question_feedback import (
    TooMuchFeedbackError,
    delete_old_feedback,
    feedback_counts,
    get_feedback,
    month_text,
    save_feedback,
)
from assess.engine.record import sign_related_questions
from assess.question_banks.editions import current_edition
from tests.core.audit.test_completeness import counting
from tests.identity.accounts_factory import database_of

UNREAD = "Nobody reads this today."


def notes(app: Flask) -> list[tuple[str, str, str]]:
    with database_of(app).reading() as session:
        return [(note.bank, note.question, note.words) for note in session.scalars(select(QuestionFeedback))]


def the_way(visit: Any, home: str) -> str:
    """The address of the page of notes of the first section, from the section itself."""
    link = visit(f"{home}sections/people").soup.find("a", string=lambda one: one and "hard to understand" in one)
    assert "/assessments/" not in link["href"]
    assert link["rel"] == ["noreferrer", "noopener"]
    return str(link["href"])


def address_of(app: Flask, visit: Any, way: str, question: str) -> str:
    """The link to one question: it stands where the question stands in its section, and does not name it."""
    number, section = way.split("/")[2:4]
    asked = next(one for one in app_edition(app, int(number)).sections if one.id == section).questions
    place = [one.id for one in asked].index(question)
    return str(visit(way).soup.select("main ol a")[place]["href"])


def test_a_note_goes_from_the_section_to_a_row_that_leads_to_nobody(app: Flask, visit: Any, begin: Any) -> None:
    visit(address_of(app, visit, the_way(visit, begin()), "core_travel"))
    with counting(app) as (posted, looked):
        page = visit.send(reason="word")
    assert (posted, looked) == ({("question_feedback.send_feedback", 0): 1}, [])
    assert page.heading == "Thank you"
    assert notes(app) == [("car_washes", "core_travel", "There is a word I do not know")]


def test_without_a_reason_the_page_asks_for_one(app: Flask, visit: Any, begin: Any) -> None:
    visit(address_of(app, visit, the_way(visit, begin()), "core_travel"))
    page = visit.send()
    assert page.status == 422
    assert "Choose what is hard to understand." in page.text
    assert page.soup.select_one('.govuk-error-summary a[href="#reason"]')
    assert visit("/question-feedback/999999/people").status == 404
    assert visit(f"/question-feedback/{'9' * 30}/people").status == 404


@pytest.mark.parametrize("bank", ["car_washes", "farming", "hospitality"])
def test_every_question_has_the_same_page_without_a_box_and_words_that_are_sent_are_not_kept(
    app: Flask, visit: Any, bank: str
) -> None:
    with database_of(app).reading() as session:
        found = current_edition(session, bank)
        assert found is not None
        number = found.id
    edition = app_edition(app, number)
    grave = sign_related_questions(edition)
    sent, pages = 0, set[str]()
    for section in edition.sections:
        overview = visit(f"/question-feedback/{number}/{section.id}")
        assert UNREAD in overview.text
        assert not any(question.id in str(overview.soup.main) for question in section.questions)
        for place, question in enumerate(section.questions, 1):
            page = visit(f"/question-feedback/{number}/{section.id}/{place}")
            assert UNREAD in page.text
            assert page.soup.select_one("main textarea, main input[type=text]") is None, question.id
            pages.add(" ".join(page.soup.select_one("main form").get_text(" ").split()))
            assert question.id not in str(page.soup.main)
            if question.id in grave and sent < 3:
                html5lib.HTMLParser(strict=True).parse(page.html)
                token = page.fields()["csrf_token"]
                data = {"csrf_token": token, "reason": "long", "words": "The boss has all of ours and we are afraid."}
                assert visit.client.post(page.address, data=data).status_code == 303
                sent += 1
        assert visit(f"/question-feedback/{number}/{section.id}/{len(section.questions) + 1}").status == 404
    assert sent == 3
    assert len(pages) == 1, "no page tells which questions matter"
    assert {words for _, _, words in notes(app)} == {"It is too long"}
    thanks = visit("/question-feedback/thanks")
    assert UNREAD in thanks.text
    assert "tel:08000121700" in thanks.html


def app_edition(app: Flask, number: int) -> Any:
    from assess.assessments.access import loaded_edition  # noqa: PLC0415  # it wants a context

    with app.test_request_context("/"):
        return loaded_edition(number).edition


def on(year: int, month: int) -> datetime:
    return datetime(year, month, 15, 12, tzinfo=UTC)


@pytest.mark.both_databases
def test_a_note_is_shown_when_its_month_is_over(session: Session) -> None:
    save_feedback(session, "farming", 2, "pay", "What is a rota?", on(2026, 11))
    assert get_feedback(session, "pay", on(2026, 11).date()) == []
    assert feedback_counts(session, on(2026, 11).date())["pay"] == 0
    (note,) = get_feedback(session, "pay", on(2026, 12).date())
    assert (note.month, note.words, note.edition) == ("2026-11", "What is a rota?", 2)
    assert feedback_counts(session, on(2026, 12).date())["pay"] == 1


@pytest.mark.both_databases
def test_notes_go_after_some_months(session: Session) -> None:
    for month in (4, 5):
        save_feedback(session, "farming", 1, "pay", "Hm?", on(2026, month))
    delete_old_feedback(session, on(2027, 11), months=18)
    assert session.scalars(select(QuestionFeedback.month)).all() == ["2026-05"]
    delete_old_feedback(session, on(2027, 12), months=18)
    assert session.scalar(select(func.count()).select_from(QuestionFeedback)) == 0


@pytest.mark.both_databases
def test_so_many_and_no_more(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_feedback, "MAX_FEEDBACK_PER_MONTH", 1)
    save_feedback(session, "farming", 1, "pay", "Hm?", on(2026, 11))
    with pytest.raises(TooMuchFeedbackError):
        save_feedback(session, "farming", 1, "pay", "Hm again?", on(2026, 11))
    save_feedback(session, "farming", 1, "pay", "Hm?", on(2026, 12))


@pytest.mark.both_databases
def test_a_month_is_written_so_that_earlier_ones_come_first() -> None:
    assert month_text(on(2026, 9).date()) < month_text(on(2026, 10).date()) < month_text(on(2027, 1).date())

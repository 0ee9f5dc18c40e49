"""The note that a question is hard to understand: from the section to the row, with no trace of who wrote it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from assess.assessments.unclear.models import UnclearNote
from tests.kit.audit.test_completeness import counting
from tests.people.persons import database_of


def test_a_note_goes_from_the_section_to_a_row_that_leads_to_nobody(app: Flask, visit: Any, begin: Any) -> None:
    home = begin()
    link = visit(f"{home}sections/people").soup.find("a", string=lambda one: one and "hard to understand" in one)
    assert "/assessments/" not in link["href"]
    assert link["rel"] == ["noreferrer", "noopener"]
    visit(link["href"])
    with counting(app) as (posted, looked):
        page = visit.send(question="core_travel", words="What is\na rota?")
    assert (posted, looked) == ({("unclear.write_note", 0): 1}, [])
    assert page.heading == "Thank you"
    with database_of(app).reading() as look:
        (note,) = look.scalars(select(UnclearNote))
        assert (note.bank, note.question, note.words) == ("car_washes", "core_travel", "What is\na rota?")


def test_what_is_missing_is_asked_for_and_what_was_typed_is_kept(visit: Any, begin: Any) -> None:
    home = begin()
    visit(
        visit(f"{home}sections/people").soup.find("a", string=lambda one: one and "hard to understand" in one)["href"]
    )
    page = visit.send(words="  ", question="pay_of_others")
    assert page.status == 422
    assert "Choose the question." in page.text
    assert "Write what you want to say." in page.text
    page = visit.send(question="core_travel", words="Ask Maria Popescu on 07700 900123")
    assert page.status == 422
    assert "This may hold a worker’s details" in page.text
    assert page.soup.select_one("#words").text.strip() == "Ask Maria Popescu on 07700 900123"
    assert page.soup.select_one("input[name=question][value=core_travel]").has_attr("checked")
    assert visit("/unclear/999999/people").status == 404

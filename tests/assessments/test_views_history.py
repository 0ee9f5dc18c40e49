"""The page that says what happened: days, deeds, nobody's name, and the same whatever was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import text

from tests.conftest import Visitor
from tests.phones import has_no_fault, phone

Begin = Callable[..., str]


def told(page: Any) -> list[str]:
    """The days, and what was done on each."""
    return [" ".join(part.text.split()) for part in page.soup.select("main h2.govuk-heading-s, main li")]


def test_it_is_linked_from_the_tasks_and_says_what_was_done(visit: Any, begin: Begin) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_people_peak="9")
    link = visit(home).soup.find("a", string="See what happened here")
    page = visit(link["href"])
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert page.heading == "What happened here"
    assert page.soup.title.text == "What happened here – Assess"
    assert told(page) == [
        "24 November 2026",
        "Answers were saved, by you or someone with your link",
        "The self-check was begun, by you or someone with your link",
    ]
    assert page.soup.select_one(".govuk-back-link")["href"] == home
    for odd in ("0", "-3", "x", "99999999999999999999"):
        assert visit(f"{home}history?page={odd}").status == 200


@pytest.mark.parametrize("backend", ["sqlite"])
def test_one_line_says_how_often(visit: Any, begin: Begin) -> None:
    home = begin()
    for days in range(3):
        visit(f"{home}sections/people")
        visit.send(core_people_peak=str(days + 1))
    assert "Answers were saved 3 times, by" in visit(f"{home}history").text
    assert "There is nothing older." in visit(f"{home}history?page=2").text


def test_strangers_find_nothing(another_visit: Any, begin: Begin) -> None:
    assert another_visit(f"{begin()}history").status == 404


def test_it_is_the_same_whatever_was_answered(app: Flask, begin: Begin) -> None:
    """Two businesses do the same; one of them gives the gravest answer there is."""
    seen = []
    for papers in ("worker", "employer"):
        who = Visitor(app.test_client())
        home = begin(who=who)
        who(f"{home}sections/hiring")
        assert who.page is not None
        assert who.page.soup.select('input[name="core_documents"]')
        who.send(core_documents=papers)
        page = who(f"{home}history")
        seen.append(page.html.replace(home.split("/")[2], "ID"))
    assert seen[0].split("<main")[1].split("</main>")[0] == seen[1].split("<main")[1].split("</main>")[0]
    with app.extensions["assess.database"].reading() as look:
        told = look.execute(
            text("SELECT action, details FROM audit_event WHERE action LIKE 'assessment.answer%'")
        ).all()
    assert len(told) == 2
    assert len({str(row) for row in told}) == 1


@pytest.mark.long
@pytest.mark.journey
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_on_a_phone_it_can_be_read(visit: Any, begin: Begin, browser: Browser, live: str) -> None:
    home = begin()
    with phone(browser, live, visit) as page:
        page.goto(home)
        page.get_by_role("link", name="See what happened here").click()
        assert page.locator("h1").inner_text() == "What happened here"
        has_no_fault(page)

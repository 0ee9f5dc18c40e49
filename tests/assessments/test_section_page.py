"""The page of a section: its words once a day, its answers at every look."""

from __future__ import annotations

from datetime import date
from typing import Any

from bs4 import BeautifulSoup

from assess.assessments.section_page import opened_notice, short


def test_a_short_question_is_its_first_sentence() -> None:
    assert short("How many people work for you? Count everyone.") == "How many people work for you"
    assert short("List the places where workers live.") == "List the places where workers live"
    long = short("x" * 50 + " " + "y" * 60)
    assert len(long) <= 90
    assert long.endswith(" …")


def test_the_notice_leads_to_the_first_new_question() -> None:
    one, more = opened_notice(["q"], 1), opened_notice(["q", "r"], 2)
    assert "There is 1 more question" in one
    assert "There are 2 more questions" in more
    assert BeautifulSoup(more, "html.parser").a["href"] == "#q--group"


def test_the_words_of_a_page_are_rendered_once_and_anew_on_the_next_day(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    pages = app.extensions["assess.section_pages"]
    frames = dict(pages._shelf.frames)
    assert len(frames) == 1
    visit(f"{home}sections/people")
    assert dict(pages._shelf.frames) == frames
    pages._shelf.turn_to(date(2026, 11, 25))
    assert not pages._shelf.frames
    assert not pages._shelf.parts


def test_the_frame_holds_nothing_of_one_assessment(app: Any, visit: Any, another_visit: Any, begin: Any) -> None:
    first = begin()
    visit(f"{first}sections/people")
    visit.send(core_people_peak="4321")
    second = begin(who=another_visit)
    page = another_visit(f"{second}sections/people")
    assert "4321" not in page.html
    assert first not in page.html
    assert (
        page.soup.select_one("input[name=csrf_token]")["value"]
        != visit(f"{first}sections/people").soup.select_one("input[name=csrf_token]")["value"]
    )
    assert app.extensions["assess.section_pages"]._shelf.frames


def test_quick_and_full_have_their_own_pages(visit: Any, another_visit: Any, begin: Any) -> None:
    full = visit(f"{begin()}sections/people")
    quick = another_visit(f"{begin(length='quick', who=another_visit)}sections/people")
    assert len(quick.soup.select(".assess-asked")) < len(full.soup.select(".assess-asked"))


def test_every_id_of_a_page_is_there_once(visit: Any, begin: Any) -> None:
    home = begin("hospitality")
    for link in visit(home).soup.select("a[href*='/sections/']"):
        page = visit(link["href"])
        ids = [node["id"] for node in page.soup.select("[id]")]
        assert len(ids) == len(set(ids)), link["href"]
        assert len(page.soup.select("h1")) == 1

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from assess.assessments.models import Assessment
from tests.conftest import Page, Visitor
from tests.editor.trying.conftest import Desk
from tests.people.persons import database_of
from tests.shelves import SHOP, START

ROOMS = (
    "      - {id: rooms, ask: Which rooms?, type: table, kind: fact, dimension: pay, "
    "columns: [{id: beds, label: Beds, type: number}], sources: [S1]}\n"
)


def go(visit: Visitor, where: str, **typed: object) -> Page:
    return visit.send("/try", go=where, **typed)


def test_a_draft_is_answered_page_by_page_as_a_business_does_and_nothing_is_kept(desk: Desk, visit: Visitor) -> None:
    page = visit(f"{desk.at}/shop/try")
    assert page.heading == "Try it as a business"
    page = visit.send(example="")
    assert "This is a try-out. Nothing is kept." in page.text
    assert page.heading == "Corner shops, page 1 of 2 The people"
    page = go(visit, "next", staff="hired")
    assert "1 more question came up on this page" in page.text
    assert page.fields("/try")["staff"] == ["hired"]
    page = go(visit, "next", hours="many")
    assert page.status == 422
    assert page.soup.select_one('.govuk-error-summary a[href="#hours"]')
    assert page.fields("/try")["hours"] == ["many"]
    assert go(visit, "next", hours="72").heading == "Corner shops, page 2 of 3 The work"
    assert go(visit, "back").fields("/try")["hours"] == ["72"]
    page = go(visit, "result")
    assert "Without an answer: 1 question" in page.text
    assert "Every line is the same in both." in page.text
    assert go(visit, "work").heading == "Corner shops, page 2 of 3 The work"
    assert go(visit, "next", papers="we").heading == "Corner shops, page 3 of 3 About the organisation"
    assert "1 more question came up" in go(visit, "next", large="no").text
    page = go(visit, "next", places=["ENG"])
    assert "Act now (because of: signs)" in page.text
    assert "Note: Papers are kept and pay is low." in page.text
    with database_of(desk.app).reading() as look:
        assert look.scalar(select(func.count()).select_from(Assessment)) == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_rows_are_added_and_removed(desk: Desk, visit: Visitor) -> None:
    desk.change(START, "    questions:\n", f"    questions:\n{ROOMS}")
    visit(f"{desk.at}/shop/try")
    visit.send(example="", length="full")
    page = visit.send("/try", add="rooms", rooms__0__beds="4")
    assert page.fields("/try")["rooms.0.beds"] == ["4"]
    assert "rooms.1.beds" in page.fields("/try")
    page = visit.send("/try", remove="rooms.0", rooms__1__beds="5")
    assert (page.fields("/try")["rooms.0.beds"], "rooms.1.beds" in page.fields("/try")) == (["5"], False)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_example_shows_what_a_change_does_and_the_edition_in_use_can_be_tried_too(
    desk: Desk, visit: Visitor
) -> None:
    desk.change(START, "label: Others too, points: 2", "label: Others too, points: 3")
    visit(f"{desk.at}/shop/try")
    page = visit.send(example="kept")
    assert page.heading == "Corner shops What comes out"
    assert "Who works here? 3 of 3 2 of 3" in page.text
    assert "Keep it as a worked example" in page.text
    visit(f"{desk.at}/shop/try")
    page = visit.send(example="kept", which="in_force", length="quick")
    assert "Who works here? 2 of 3 3 of 3" in page.text
    assert "Keep it as a worked example" not in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_cannot_be_scored_is_told_instead(desk: Desk, visit: Visitor) -> None:
    desk.change(SHOP, "bank: shop", "bank: shops")
    page = visit(f"{desk.at}/shop/try")
    assert "The draft cannot be tried before this is put right" in page.text
    assert "page 1 of" in str(visit.send().heading)
    visit(f"{desk.at}/shop/try")
    assert visit.send(which="draft").status == 404
    assert visit("/banks/drafts/00000000-0000-0000-0000-000000000000/shop/try").status == 404

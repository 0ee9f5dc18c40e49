from __future__ import annotations

from typing import cast

import pytest
from flask import Flask

from tests.conftest import Visitor
from tests.editor.drafts import Room, joined_by, room_of

PAPERS = "papers"


@pytest.fixture
def room(app: Flask, visit: Visitor) -> Room:
    return room_of(app, visit)


def options(room: Room, question_id: str = PAPERS) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", room.question(question_id)["options"])


def test_a_question_is_changed_part_by_part(room: Room, visit: Visitor) -> None:
    page = visit(f"{room.home}/questions/{PAPERS}")
    assert "An urgent sign is raised by “We do”." in page.text
    assert "No action here may put a worker at risk" in page.text
    visit(f"{room.home}/questions/{PAPERS}/parts/why")
    assert visit.page is not None
    assert visit.page.status == 404
    visit(f"{room.home}/questions/{PAPERS}/parts/words")
    page = visit.send("words", why="It shows who bears the risk of a slow day.")
    assert (page.status, page.address) == (200, f"{room.home}/questions/{PAPERS}")
    assert "Saved in this draft." in page.text
    assert "Changed in this draft." in page.text
    assert room.changed_lines("shop.yaml") == ["why: It shows who bears the risk of a slow day."]
    assert "The words".lower() in visit(f"/banks/drafts/{room.draft_id}").text
    visit(f"{room.home}/questions/{PAPERS}/parts/words")
    page = visit.send("words", ask=" ")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a[href='#ask']")
    assert "It shows who bears the risk" in page.html  # what was typed is there


def test_answers_come_go_and_move_by_buttons_that_keep_what_is_typed(room: Room, visit: Visitor) -> None:
    before = options(room)
    visit(f"{room.home}/questions/{PAPERS}/parts/answers")
    page = visit.send("answers", **{"options-0-label": "They hold them", "do": "add:options"})
    assert page.status == 200
    assert page.fields("answers")["options-0-label"][0].strip() == "They hold them"
    page = visit.send("answers", **{"options-3-label": "Only at weekends", "do": "up:options:3"})
    assert page.fields("answers")["options-2-label"][0].strip() == "Only at weekends"
    visit.send("answers", do="remove:options:0")
    assert options(room) == before  # nothing is saved by these buttons
    visit.send("answers", follow=False, **{"options-1-points": "1"}, another="yes")
    assert options(room) == [
        before[1],
        {"id": "only_weekends", "label": "Only at weekends", "points": 1},
        before[2],
    ]
    assert room.question(PAPERS)["rev"] == 2
    assert "people are asked again" in visit(f"{room.home}/questions/{PAPERS}").text


def test_quite_other_words_are_asked_about_before_they_are_saved(room: Room, visit: Visitor) -> None:
    visit(f"{room.home}/questions/{PAPERS}/parts/words")
    page = visit.send("words", ask="Do you own the land?")
    assert page.status == 422
    assert "Does it still mean the same?" in page.text
    page = visit.send("words")
    assert page.status == 422  # it has to be answered
    page = visit.send("words", same="no")
    assert page.status == 200
    assert (room.question(PAPERS)["ask"], room.question(PAPERS)["rev"]) == ("Do you own the land?", 2)
    visit(f"{room.home}/questions/{PAPERS}/parts/words")
    visit.send("words", another=None)
    assert "rev" not in room.question(PAPERS)


def test_two_who_change_one_question_lose_nothing(room: Room, visit: Visitor, another_visit: Visitor) -> None:
    joined_by(room, another_visit)
    where = f"{room.home}/questions/{PAPERS}/parts/words"
    visit(where)
    another_visit(where)
    another_visit.send("words", hint="Ben wrote this hint.")
    page = visit.send("words", hint="Ann wrote this hint.")
    assert page.status == 409
    assert "Ben wrote this hint." in page.text
    assert "Ann wrote this hint." in page.fields("words")["hint"][0]
    assert room.question(PAPERS)["hint"] == "Ben wrote this hint."
    visit.send("words")
    assert room.question(PAPERS)["hint"] == "Ann wrote this hint."


def test_two_who_change_different_questions_both_stand(room: Room, visit: Visitor, another_visit: Visitor) -> None:
    joined_by(room, another_visit)
    visit(f"{room.home}/questions/{PAPERS}/parts/words")
    another_visit(f"{room.home}/questions/hours/parts/words")
    another_visit.send("words", hint="Ben wrote this hint.")
    page = visit.send("words", hint="Ann wrote this hint.")
    assert page.status == 200
    assert room.question("hours")["hint"] == "Ben wrote this hint."
    assert room.question(PAPERS)["hint"] == "Ann wrote this hint."


def test_what_was_typed_for_a_question_that_is_gone_can_be_copied(
    room: Room, visit: Visitor, another_visit: Visitor
) -> None:
    joined_by(room, another_visit)
    gone = "shop_rinse"
    visit(f"{room.home}/add")
    visit.send(
        "add", ask="Do you rinse?", type="choice", kind="safeguard", dimension="freedom", matters="no", section="work"
    )
    visit.send("add", id=gone)
    visit(f"{room.home}/questions/{gone}/parts/words")
    another_visit(f"{room.home}/questions/{gone}/retire")
    another_visit.send()
    page = visit.send("words", why="A long reason that nobody wants to type twice.")
    assert page.status == 409
    assert "A long reason that nobody wants to type twice." in page.text


def test_a_problem_stands_beside_its_field_with_its_repair(room: Room, visit: Visitor) -> None:
    visit(f"{room.home}/questions/{PAPERS}/parts/sources")
    visit.send("sources", sources=None)
    page = visit(f"{room.home}/questions/{PAPERS}")
    assert "To put right:" in page.text
    assert "names no source. Tick at least one" in page.text
    page = visit(page.soup.select_one(".assess-panel a")["href"])  # type: ignore[index,arg-type]  # the link is there
    assert page.heading == "Sources"
    assert "Tick at least one" in page.text
    assert "1 problem to put right." in visit(room.home).text

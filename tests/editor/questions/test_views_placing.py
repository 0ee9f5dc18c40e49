from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Visitor
from tests.editor.drafts import SMALL, Room, room_of
from tests.shelves import SHOP, sound_but


@pytest.fixture
def room(app: Flask, visit: Visitor) -> Room:
    return room_of(app, visit)


def order(room: Room) -> list[str]:
    return [str(one.data["id"]) for one in room.bank.questions_of("shop")]


def test_a_question_moves_and_a_condition_that_looks_forward_is_told(room: Room, visit: Visitor) -> None:
    visit(f"{room.home}/questions/staff/move")
    page = visit.send("move", step="down")
    assert order(room) == ["hours", "staff", "papers"]
    assert page.heading == "Move this question"
    assert "It is number 2" in page.text
    assert "Ask about earlier questions only" in visit(f"{room.home}/questions/hours").text
    visit(f"{room.home}/questions/staff/move")
    assert visit.send("move").status == 422


def test_the_only_question_of_a_section_stays(room: Room, visit: Visitor) -> None:
    visit(f"{room.home}/add?section=work")
    visit.send(
        "add",
        ask="Who locks up?",
        type="choice",
        kind="fact",
        dimension="freedom",
        matters="no",
        section=":new",
        section_title="Night",
    )
    visit.send("add", id="locks")
    visit(f"{room.home}/questions/locks/move")
    page = visit.send("move", step="up")
    assert page.status == 409
    assert "It is the only question of its section." in page.text
    visit(f"{room.home}/questions/papers/move")
    assert visit.send("move", section="night").status == 409
    assert order(room) == ["staff", "hours", "papers", "locks"]


def test_what_others_rest_on_cannot_go(room: Room, visit: Visitor) -> None:
    page = visit(f"{room.home}/questions/staff/retire")
    assert "the condition of the question “Who keeps the workers’ papers?”" in page.text
    assert not page.soup.select("main form")
    token = visit(f"{room.home}/questions/staff/move").fields("move")["csrf_token"][0]
    answer = visit.client.post(f"{room.home}/questions/staff/retire", data={"csrf_token": token})
    assert answer.status_code == 409
    assert order(room) == ["staff", "hours", "papers"]


def test_a_question_goes_with_its_answers_in_the_worked_examples_of_every_file(app: Flask, visit: Visitor) -> None:
    text = sound_but().sheets[SHOP].text
    check = text[text.index("checks:") : text.index("worked_examples:")]
    room = room_of(app, visit, SMALL, (SHOP, check, ""))
    page = visit(f"{room.home}/questions/hours/retire")
    assert "the worked example “kept”" in page.text
    assert visit.send(seen="an older mark").status == 409
    page = visit.send()
    assert (page.status, page.heading) == (200, "Corner shops")
    assert "Retired in this draft" in page.text
    assert order(room) == ["staff", "papers"]
    assert room.changed_lines(SHOP) == ["answers: {staff: hired, papers: we}"]
    assert "takes_over" in visit(f"{room.home}/questions/staff").html

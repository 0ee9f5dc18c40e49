from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Visitor
from tests.editor.drafts import Room, held_by_another_draft, room_of

NEW = {
    "ask": "Who locks the door at night?",
    "type": "choice",
    "kind": "safeguard",
    "dimension": "freedom",
    "matters": "no",
}


@pytest.fixture
def room(app: Flask, visit: Visitor) -> Room:
    return room_of(app, visit)


def test_a_question_is_added_with_an_id_that_nobody_used(room: Room, visit: Visitor) -> None:
    visit(f"{room.home}/add?section=work")
    page = visit.send("add")
    assert page.status == 422
    for sentence in ("Enter the question.", "Choose how it is answered.", "Choose a theme."):
        assert sentence in page.text
    page = visit.send("add", **{**NEW, "matters": None})
    assert (page.status, "Choose the answer that matters." in page.text) == (422, True)
    page = visit.send("add", **NEW)
    assert page.fields("add")["id"] == ["locks_door_night"]
    for used in ("papers", "core_documents"):  # one of this bank, one that only an edition of another has
        page = visit.send("add", id=used)
        assert page.status == 422
        assert f"“{used}” is used, or was used before." in page.text
    page = visit.send("add", id="shop_door")
    assert (page.status, page.heading) == (200, "Who locks the door at night?")
    assert "New in this draft." in page.text
    assert "names no source" in page.text
    assert [one.data["id"] for one in room.bank.questions_of("shop")][-1] == "shop_door"


def test_a_copy_begins_with_all_that_the_other_has(room: Room, visit: Visitor) -> None:
    visit(f"{room.home}/add?copy=staff")
    visit.send("add", ask="Who works here at night?")
    page = visit.send("add")
    assert page.heading == "Who works here at night?"
    ids = [str(one.data["id"]) for one in room.bank.questions_of("shop")]
    assert ids == ["staff", "works_here_night", "hours", "papers"]
    made, source = room.question("works_here_night"), room.question("staff")
    assert {**made, "id": "", "ask": ""} == {**source, "id": "", "ask": ""}


def test_a_question_goes_nowhere_without_a_section(room: Room, visit: Visitor) -> None:
    visit(f"{room.home}/add")
    page = visit.send("add", **NEW)
    assert page.status == 422
    assert "Choose a section." in page.text


def test_a_file_in_another_draft_is_told_and_nothing_typed_is_lost(room: Room, visit: Visitor) -> None:
    visit(f"{room.home}/questions/papers/parts/words")
    held_by_another_draft(room, "shop.yaml")
    page = visit.send("words", hint="A hint typed for long.")
    assert page.status == 409
    assert "shop.yaml is being changed in another draft." in page.text
    assert page.fields("words")["hint"][0].strip() == "A hint typed for long."
    visit(f"{room.home}/add?section=work")
    visit.send("add", **NEW)
    page = visit.send("add")
    assert page.status == 409
    assert "shop.yaml is being changed in another draft." in page.text
    assert page.fields("add")["ask"][0].strip() == NEW["ask"]

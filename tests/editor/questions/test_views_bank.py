from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Visitor
from tests.editor.drafts import SMALL, Room, asked_about, joined_by, room_of
from tests.kit.audit.test_completeness import counting
from tests.shelves import SHOP, START


@pytest.fixture
def room(app: Flask, visit: Visitor) -> Room:
    return room_of(app, visit)


def test_a_bank_is_read_as_a_business_sees_it(room: Room, visit: Visitor) -> None:
    page = visit(room.home)
    assert page.heading == "Corner shops"
    items = [" ".join(one.get_text(" ").split()) for one in page.soup.select(".assess-calls > li")]
    assert [words[:2] for words in items] == ["1.", "2.", "3."]
    assert "Can raise an urgent sign." in items[2]
    assert "Asked if “Who works here?” is “Others too”." in items[2]
    assert "Asked in all sectors." in page.text
    assert "Changed in this draft" not in page.text
    assert visit(f"/banks/drafts/{room.draft_id}/no_bank").status == 404


def test_the_title_of_a_bank_is_changed_by_one_at_a_time(room: Room, visit: Visitor, another_visit: Visitor) -> None:
    joined_by(room, another_visit)
    visit(f"{room.home}/title")
    another_visit(f"{room.home}/title")
    assert visit.send("title", title=" ").status == 422
    assert visit.send("title", title="x" * 121).status == 422
    page = visit.send("title", title="Shops and kiosks")
    assert (page.status, page.heading) == (200, "Shops and kiosks")
    assert room.changed_lines("shop.yaml") == ["title: Shops and kiosks"]
    page = another_visit.send("title", title="Small shops")
    assert page.status == 409
    assert "Somebody else called it “Shops and kiosks” meanwhile." in page.text
    assert another_visit.send("title").heading == "Small shops"


def test_a_draft_in_review_says_that_a_change_has_to_be_asked_about_again(room: Room, visit: Visitor) -> None:
    visit(f"{room.home}/title")
    visit.send("title", title="Shops and kiosks")
    asked_about(room)
    for where in (room.home, f"{room.home}/questions/papers", f"{room.home}/questions/papers/parts/words"):
        assert "If you change it, you have to ask again." in visit(where).text
    visit.send("words", hint="One more.")
    assert "you have to ask again" not in visit(room.home).text


def test_every_change_leaves_one_event_in_the_log_and_looking_leaves_none(
    app: Flask, room: Room, visit: Visitor
) -> None:
    with counting(app) as (posted, looked):
        visit(f"{room.home}/title")
        visit.send("title", title="Shops and kiosks")
        visit(f"{room.home}/add?copy=staff")
        visit.send("add", ask="Who works here at night?")  # an id is proposed, nothing is kept
        visit.send("add", id="night")
        visit(f"{room.home}/questions/night/move")
        visit.send("move", step="down")
        visit(f"{room.home}/questions/night/parts/words")
        visit.send("words", hint="After ten.")
        visit(f"{room.home}/questions/night/retire")
        visit.send()
        visit(f"{room.home}/add")
        new = {"type": "choice", "kind": "fact", "dimension": "freedom", "section": ":new", "section_title": "Night"}
        visit.send("add", ask="Who locks up?", id="", **new)
        visit.send("add")
        visit(f"{room.home}/sections/night")
        visit.send("night", title="At night")
        visit(f"{room.home}/sections/night")
        visit.send("move", step="up")
        visit(f"{room.home}/sections/night/retire")
        visit.send()
    assert looked == []
    assert posted == {
        ("bank.rename_bank", 1): 1,
        ("bank_add.add_question", 0): 2,
        ("bank_add.add_question", 1): 2,
        ("question_place.move_question", 1): 1,
        ("question.save_part", 1): 1,
        ("question_place.remove_question", 1): 1,
        ("bank_section.rename_section", 1): 1,
        ("bank_section.move_section", 1): 1,
        ("bank_section.remove_section", 1): 1,
    }


def test_a_bank_whose_text_has_faults_can_still_be_read(app: Flask, visit: Visitor) -> None:
    room = room_of(
        app,
        visit,
        SMALL,
        (SHOP, "ask: Who keeps the workers’ papers?\n", "sources: 5\n        option_map: 5\n"),
        (SHOP, "        sources: [S1]\n", ""),
        (SHOP, "    title: The work\n", ""),
        (START, "- id: hours\n        ask:", "- ask:"),
    )
    assert "Without a name" in visit(room.home).text
    where = f"{room.home}/questions/papers"
    for page in (
        "",
        "/move",
        "/retire",
        *(f"/parts/{part}" for part in ("words", "answers", "action", "counts", "sources")),
    ):
        assert visit(f"{where}{page}").status == 200, page
    assert visit(f"{room.home}/sections/work").status == 200
    assert visit(f"{room.home}/add?copy=papers").status == 200

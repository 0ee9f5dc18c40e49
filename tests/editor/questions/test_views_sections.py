from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Visitor
from tests.editor.drafts import Room, room_of


@pytest.fixture
def room(app: Flask, visit: Visitor) -> Room:
    return room_of(app, visit)


def sections(room: Room) -> list[str]:
    return [str(one.data["title"]) for one in room.bank.sections_of("shop")]


def test_a_section_comes_moves_is_renamed_and_goes(room: Room, visit: Visitor) -> None:
    common = sections(room)[0]
    visit(f"{room.home}/add")
    page = visit.send(
        "add", ask="Who locks up at night?", type="choice", kind="fact", dimension="freedom", section=":new"
    )
    assert page.status == 422
    assert "Enter a title for the new section." in page.text
    visit.send("add", section_title="The night")
    visit.send("add")
    assert sections(room) == [common, "The work", "The night"]
    where = f"{room.home}/sections/night"
    visit(where)
    visit.send("move", step="up")
    assert sections(room) == [common, "The night", "The work"]
    visit(where)
    assert visit.send("night", title="").status == 422
    assert visit.send("night", title="After dark").status == 200
    visit(where)
    visit.send("night", title="At night", seen="an older mark")
    assert visit.page is not None
    assert visit.page.status == 409
    assert "Somebody else called it “After dark” meanwhile." in visit.page.text
    page = visit(f"{where}/retire")
    assert "Who locks up at night?" in page.text
    assert visit.send(seen="an older mark").status == 409
    visit.send()
    assert sections(room) == [common, "The work"]
    assert visit(where).status == 404


def test_a_section_that_others_rest_on_stays(room: Room, visit: Visitor) -> None:
    page = visit(f"{room.home}/sections/work/retire")
    assert "Change these first" in page.text
    assert "the check D1" in page.text
    assert not page.soup.select("main form")

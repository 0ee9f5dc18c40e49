from __future__ import annotations

import pytest

from assess.editor.sheets.workbook import workbook_of
from tests.editor.sheets.books import put
from tests.editor.sheets.conftest import Desk
from tests.kit.audit.test_completeness import counting

FARMING, CORE = "farming.yaml", "common/core.yaml"
ASK = "What do you grow, keep or do?"


IDS = ("farm_activities", "core_documents")
REWORDED = {
    "ask__of__farm_activities": "What do you grow or keep?",
    "options__arable__points__of__farm_activities": 1,
    "hint__of__core_documents": "Copies do not count.",
}
OF_ONE_FILE = {name: value for name, value in REWORDED.items() if "farm" in name}


def test_changes_are_shown_then_saved_and_each_file_can_be_undone(desk: Desk) -> None:
    before = {name: desk.text(name) for name in (FARMING, CORE)}
    with counting(desk.app) as (posted, looked):
        page = desk.send(desk.few(*IDS, **REWORDED))
    assert (posted, looked) == ({("spreadsheet.send_workbook", 0): 1}, [])
    assert page.status == 200
    assert page.heading == "What the spreadsheet would change"
    assert "3 changes can be taken as they are." in page.text
    assert "”: Question" in page.text, "by the words of the question"
    assert ASK in page.text
    assert {name: desk.text(name) for name in before} == before, "nothing is saved yet"
    with counting(desk.app) as (posted, looked):
        page = desk.visit.send("/save")
    assert (posted, looked) == ({("spreadsheet.save_workbook", 1): 1}, []), "one, though it changes two files"
    assert "From a spreadsheet: 2 changes." in page.text
    assert "From a spreadsheet: 1 change." in page.text
    changed = [
        (old, new)
        for old, new in zip(before[FARMING].splitlines(), desk.text(FARMING).splitlines(), strict=True)
        if old != new
    ]
    assert [new.strip() for _, new in changed] == [
        b"ask: What do you grow or keep?",
        b'- {id: arable, label: "Grain, sugar beet, machine-cut crops", points: 1}',
    ]
    for number in (3, 2):
        desk.visit.send(f"/undo/{number}")
    assert {name: desk.text(name) for name in before} == before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_a_spreadsheet_says_beside_a_sign_reaches_the_second_person(desk: Desk) -> None:
    fatal = "Ask the workers who keeps them, and search the caravans."
    desk.send(desk.few("core_documents", action__do__of__core_documents=fatal))
    assert "this may put a worker in danger" in desk.visit.send("/save").text or fatal in desk.text(CORE).decode()
    page = desk.visit(f"/banks/drafts/{desk.draft.id}/review")
    assert "“ask”, “search”." in page.text
    assert fatal in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_untouched_workbook_changes_nothing(desk: Desk) -> None:
    page = desk.send(desk.workbook())
    assert page.heading == "The spreadsheet changes nothing"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_changed_in_the_draft_meanwhile_is_kept_and_conflicts_are_for_a_person(desk: Desk) -> None:
    book = desk.few(*IDS, **OF_ONE_FILE)
    desk.put(FARMING, ASK, "What do you grow?")
    desk.put(FARMING, "title: Farming and growing", "title: Farms")
    page = desk.send(book)
    assert (
        "1 change can be taken as it is. 1 value changed in the spreadsheet and in this draft: you choose." in page.text
    )
    assert "Keep what the draft says: What do you grow?" in page.text
    page = desk.visit.send("/save")
    assert page.status == 422
    assert "Choose which of the two the draft shall say." in page.text
    choice = page.soup.select_one("input[name^=conflict-]")
    assert choice is not None
    page = desk.visit.send("/save", **{str(choice["name"]): "mine"})
    assert "From a spreadsheet: 2 changes." in page.text
    text = desk.text(FARMING).decode()
    assert "ask: What do you grow or keep?" in text
    assert "title: Farms" in text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_is_wrong_is_told_with_its_place_and_the_rest_can_be_taken(desk: Desk) -> None:
    desk.hold_in_another_draft(FARMING)
    page = desk.send(
        desk.few(*IDS, **OF_ONE_FILE),
        lambda book: put(book, "Options", "livestock", "Points", "few", of="farm_activities"),
    )
    assert "A number belongs here." in page.text
    assert "Rows that are not there any more" in page.text
    assert "Take these away in the draft too" in page.text
    assert f"{FARMING} is being changed in another draft: Another" in page.text
    page = desk.visit.send("/save")
    assert (page.status, f"{FARMING} is being changed in another draft." in page.text) == (409, True)
    assert ASK.encode() in desk.text(FARMING)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_file_and_other_files_are_refused(desk: Desk) -> None:
    assert desk.send(b"", name="").status == 422
    page = desk.send(b"id,ask", name="list.csv")
    assert page.status == 422
    assert "Save it from your spreadsheet as .xlsx" in page.text
    other = workbook_of("Hotels", {}, {"hospitality.yaml": "0" * 64})
    assert "This workbook is of another bank." in desk.send(other).text

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from flask import Flask

from assess.core.db import database
from assess.plans.action_tracker.services import get_item_state
from assess.plans.action_tracker.state import EvidenceNote
from assess.plans.plan_page import business_plan
from tests.conftest import Visitor
from tests.plans.conftest import Submitted

KEY = "core_time_records"


@pytest.fixture
def item(submitted: Submitted) -> str:
    return submitted.item(KEY)


@pytest.fixture
def notes(app: Flask, submitted: Submitted) -> Callable[[], tuple[EvidenceNote, ...]]:
    def read() -> tuple[EvidenceNote, ...]:
        with app.app_context(), database().reading() as session:
            return get_item_state(session, submitted.submission_id, KEY).notes

    return read


def add(visit: Any, item: str, title: str, **typed: Any) -> Any:
    visit(f"{item}/proof")
    return visit.send(**{"title": title, "kind": "records", "grade": "said", **typed})


def test_a_note_is_added_changed_and_removed(visit: Any, item: str, notes: Any) -> None:
    html5lib.HTMLParser(strict=True).parse(visit(f"{item}/proof").html)
    page = add(visit, item, "Blue folder", dated="1 11 2026", good_until="1 11 2027")
    assert page.address == item
    assert "Blue folder (records, such as payslips or time sheets; dated 1 November 2026" in page.text
    assert notes() == (EvidenceNote(1, "Blue folder", "records", "2026-11-01", "2027-11-01", "said"),)
    visit(f"{item}/proof/1")
    visit.send(grade="checked", title="Red folder")
    assert [(note.title, note.grade) for note in notes()] == [("Red folder", "checked")]
    visit(f"{item}/proof/1")
    visit.send(remove="yes")
    assert notes() == ()
    assert "Red folder" in visit(f"{item}/history").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": None}, "kind"),
        ({"grade": None}, "grade"),
        ({"dated": "25 11 2026"}, "dated"),
        ({"dated": "1 11 2026", "good_until": "31 10 2026"}, "good_until"),
        ({"title": "Passport 533401372"}, "title"),
        ({"title": "x" * 101}, "title"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    visit: Any, item: str, notes: Any, typed: dict[str, Any], field: str
) -> None:
    page = add(visit, item, **{"title": "Blue folder", **typed})
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == f"#{field}"
    assert notes() == ()


def test_two_people_add_notes_and_both_are_there(visit: Any, colleague: Visitor, item: str, notes: Any) -> None:
    visit(f"{item}/proof")
    add(colleague, item, "Hers")
    visit.send(title="Mine", kind="records", grade="said")
    assert [note.title for note in notes()] == ["Hers", "Mine"]


def test_pressing_twice_adds_one_note(visit: Any, item: str, notes: Any) -> None:
    page = visit(f"{item}/proof")
    for _ in range(2):
        visit.page = page
        visit.send(title="Mine", kind="records", grade="said")
    assert len(notes()) == 1


def test_a_note_and_an_answer_are_never_in_each_others_way(
    app: Flask, submitted: Submitted, visit: Any, colleague: Visitor, item: str, notes: Any
) -> None:
    visit(item)
    add(colleague, item, "Hers")
    assert visit.send(response="accepted", status="open", go="list").status == 200
    with app.app_context(), database().reading() as session:
        state = get_item_state(session, submitted.submission_id, KEY)
    assert (state.response, [note.title for note in state.notes]) == ("accepted", ["Hers"])
    assert notes() == state.notes


def test_two_people_change_one_note_and_neither_loses_a_word(
    visit: Any, colleague: Visitor, item: str, notes: Any
) -> None:
    add(visit, item, "First")
    visit(f"{item}/proof/1")
    colleague(f"{item}/proof/1")
    colleague.send(title="Hers")
    page = visit.send(title="Mine")
    assert page.status == 409
    assert [note.title for note in notes()] == ["Hers"]
    visit.send("conflict", pick="mine")
    assert [note.title for note in notes()] == ["Mine"]
    assert "Hers" in visit(f"{item}/history").text


def test_one_changes_what_the_other_removed(visit: Any, colleague: Visitor, item: str, notes: Any) -> None:
    add(visit, item, "First")
    visit(f"{item}/proof/1")
    colleague(f"{item}/proof/1")
    colleague.send(remove="yes")
    assert visit.send(title="Mine").status == 409
    visit.send("conflict", pick="mine")
    assert [note.title for note in notes()] == ["Mine"]


def test_a_note_that_never_was_is_not_found(visit: Any, item: str) -> None:
    add(visit, item, "First")
    page = visit(f"{item}/proof/1")
    assert visit(f"{item}/proof/7").status == 404
    visit.page = page
    token = page.fields()["csrf_token"][0]
    sent = {"csrf_token": token, "title": "x", "kind": "records", "grade": "said"}
    assert visit.client.post(f"{item}/proof/7", data=sent).status_code == 404


def test_where_a_proof_is_kept_is_asked_only_where_there_is_a_box_for_it(visit: Any, submitted: Submitted) -> None:
    items = business_plan(submitted.record).action_list.items
    for item in (next(item for item in items if item.ordinary), next(item for item in items if not item.ordinary)):
        page = visit(f"{submitted.item(item.key)}/proof")
        assert ("where it is kept" in page.text) == item.ordinary
        assert (page.soup.select_one("input[name=title]") is not None) == item.ordinary

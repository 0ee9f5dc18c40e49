from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest

from assess.banks.drafts.keeping import begin
from assess.banks.drafts.models import Draft
from assess.banks.shelves import plant
from assess.editor.changing import MovedOnError, change_sheet
from assess.editor.questions.placing import (
    ALONE,
    GONE,
    LAST,
    PlacingError,
    add_question,
    add_section,
    forget_answers,
    move_question,
    move_section,
    move_to_section,
    place_of,
    question_in,
    rename_section,
    retire_question,
    retire_section,
    section_in,
)
from assess.editor.workbench import mark_of, workbench
from assess.kit.db import Database
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.shelves import SOUND


@pytest.fixture
def data() -> dict[str, Any]:
    return {
        "sections": [
            {"id": "one", "title": "One", "questions": [{"id": "a"}, {"id": "b"}, {"id": "c"}]},
            {"id": "two", "title": "Two", "questions": [{"id": "d"}]},
        ]
    }


def order(data: dict[str, Any]) -> list[str]:
    return ["".join(one["id"] for one in section["questions"]) for section in data["sections"]]


def test_a_question_is_found_wherever_it_stands_by_now(data: dict[str, Any]) -> None:
    seen = mark_of({"id": "b"})
    assert place_of(data, "b") == ("sections", 0, "questions", 1)
    move_question(data, "b", up=True)
    assert question_in(data, "b", seen) == {"id": "b"}
    data["sections"][0]["questions"][0]["ask"] = "Other?"
    with pytest.raises(MovedOnError) as moved:
        question_in(data, "b", seen)
    assert moved.value.theirs == {"id": "b", "ask": "Other?"}
    with pytest.raises(MovedOnError) as gone:
        question_in(data, "z", seen)
    assert gone.value.theirs is None


@pytest.mark.parametrize(
    ("question", "up", "after"),
    [("b", True, ["bac", "d"]), ("b", False, ["acb", "d"]), ("a", True, ["abc", "d"]), ("c", False, ["ab", "cd"])],
)
def test_a_question_moves_by_one_place(data: dict[str, Any], question: str, up: bool, after: list[str]) -> None:  # noqa: FBT001  # a case of the test
    move_question(data, question, up=up)
    assert order(data) == after


def test_no_section_is_left_empty(data: dict[str, Any]) -> None:
    for moved in (
        lambda: move_question(data, "d", up=True),
        lambda: move_to_section(data, "d", "one"),
        lambda: retire_question(data, "d", mark_of({"id": "d"})),
    ):
        with pytest.raises(PlacingError, match=ALONE):
            moved()
    assert order(data) == ["abc", "d"]
    move_question(data, "d", up=False)
    assert order(data) == ["abc", "d"]


def test_a_question_goes_to_another_section(data: dict[str, Any]) -> None:
    move_to_section(data, "a", "two")
    move_to_section(data, "b", "one")
    assert order(data) == ["bc", "da"]


def test_a_question_comes_and_goes(data: dict[str, Any]) -> None:
    add_question(data, "one", {"id": "x"}, after="a")
    add_question(data, "two", {"id": "y"})
    assert order(data) == ["axbc", "dy"]
    retire_question(data, "x", mark_of({"id": "x"}))
    assert order(data) == ["abc", "dy"]
    with pytest.raises(MovedOnError):
        retire_question(data, "a", "another mark")


def test_a_section_comes_moves_is_called_otherwise_and_goes(data: dict[str, Any]) -> None:
    add_section(data, {"id": "three", "title": "Three", "questions": [{"id": "e"}]})
    move_section(data, "three", up=True)
    assert order(data) == ["abc", "e", "d"]
    move_section(data, "one", up=True)
    rename_section(data, "one", "First", mark_of("One"))
    assert section_in(data, "one")["title"] == "First"
    with pytest.raises(MovedOnError) as moved:
        rename_section(data, "one", "Mine", mark_of("One"))
    assert moved.value.theirs == {"title": "First"}
    retire_section(data, "one")
    retire_section(data, "two")
    assert order(data) == ["e"]
    with pytest.raises(PlacingError, match=LAST):
        retire_section(data, "three")


def test_what_is_gone_is_said(data: dict[str, Any]) -> None:
    with pytest.raises(PlacingError, match=GONE):
        section_in(data, "none")
    with pytest.raises(PlacingError, match=GONE):
        move_question(data, "none", up=True)


def test_worked_examples_lose_the_answers_alone() -> None:
    data = {
        "worked_examples": [
            {"title": "x", "answers": {"a": 1, "b": 2}},
            {"title": "y", "from": "x", "change": {"a": 3}},
            {"title": "z"},
        ]
    }
    forget_answers(data, frozenset({"a"}))
    assert data["worked_examples"] == [
        {"title": "x", "answers": {"b": 2}},
        {"title": "y", "from": "x", "change": {}},
        {"title": "z"},
    ]


def test_two_who_edit_one_draft_lose_nothing(database: Database, tmp_path: Path) -> None:
    """Each has a session of their own. Different questions both stand; of the same one, the second is shown both."""
    with database.writing() as session:
        plant(session, Path(shutil.copytree(SOUND, tmp_path / "questionnaires")), TODAY)
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator").id for name in ("ann", "ben"))
        draft_id = begin(session, "Clearer words", ann, TODAY).id
    with database.reading() as look:
        draft = look.get(Draft, draft_id)
        assert draft
        bench = workbench(look, draft, TODAY)
        seen = {str(one.data["id"]): one.seen for one in bench.questions_of("shop")}

    def says(who: uuid.UUID, question_id: str, hint: str) -> None:
        def edit(data: dict[str, Any]) -> None:
            question_in(data, question_id, seen[question_id])["hint"] = hint

        with database.writing() as session:
            draft = session.get(Draft, draft_id)
            assert draft
            change_sheet(session, draft, "common/start.yaml", edit, who, TODAY, what="a hint")

    says(ann, "staff", "Ann wrote this.")
    says(ben, "hours", "Ben wrote this.")
    with pytest.raises(MovedOnError) as moved:
        says(ben, "staff", "Ben wrote this, too.")
    assert moved.value.theirs is not None
    assert moved.value.theirs["hint"] == "Ann wrote this."
    with database.reading() as look:
        draft = look.get(Draft, draft_id)
        assert draft
        hints = [one.data.get("hint") for one in workbench(look, draft, TODAY).questions_of("shop")]
    assert hints == ["Ann wrote this.", "Ben wrote this.", None]

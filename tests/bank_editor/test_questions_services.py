from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest

from assess.bank_editor.draft_context import edit_draft_file, load_draft_context
from assess.bank_editor.questions.services import (
    MATTERS_LATER,
    MATTERS_NOT_FITTING,
    NEW_SECTION,
    NEW_SHARED_SECTION,
    NO_MATTERS_CHOSEN,
    ONLY_QUESTION,
    ONLY_SECTION,
    LastOneError,
    NewQuestion,
    add_question,
    blocking_and_other_references,
    build_question,
    changed_much,
    copy_question,
    delete_question,
    delete_section,
    file_for_section,
    find_question,
    find_question_position,
    find_section,
    has_new_meaning,
    matters_error,
    meaning_revision,
    move_question,
    move_section,
    move_to_section,
    new_question_fields,
    normalise_question,
    remove_example_answers,
    set_meaning,
    set_title,
    taken_ids,
    with_type_defaults,
)
from assess.core.db import Database
from assess.core.edit_conflicts import REMOVED, EditConflictError, etag
from assess.question_banks.content_versions import seed_from_release
from assess.question_banks.drafts import create_draft
from assess.question_banks.models import Draft
from tests.bank_editor.draft_contexts import bench, real, real_lists
from tests.conftest import TODAY
from tests.content_files import SOUND
from tests.identity.accounts_factory import a_person

NO_SIGN = "core_written_terms"


def test_a_new_question_has_its_words_and_the_least_its_type_needs() -> None:
    asked = {"ask": "When?", "type": "choice", "kind": "safeguard", "dimension": "freedom", "matters": "yes"}
    made = build_question(NewQuestion("pay_day", asked))
    assert list(made) == ["id", "ask", "type", "kind", "dimension", "options"]
    assert made["options"][-1] == {"id": "dk", "label": "Don’t know", "points": 4}
    assert [one["points"] for one in made["options"]] == [4, 0, 4]


@pytest.mark.parametrize(
    ("kind", "about", "matters", "fault"),
    [
        ("choice", "safeguard", "no", None),
        ("choice", "safeguard", "high", MATTERS_NOT_FITTING),
        ("number", "exposure", "low", None),
        ("number", "exposure", "yes", MATTERS_NOT_FITTING),
        ("percentage", "exposure", None, NO_MATTERS_CHOSEN),
        ("choice", "exposure", None, NO_MATTERS_CHOSEN),
        ("choices", "exposure", None, None),
        ("choices", "exposure", MATTERS_LATER, None),
        ("choice", "fact", None, None),
        ("scale", "safeguard", "high", None),
        ("scale", "safeguard", "yes", MATTERS_NOT_FITTING),
        ("yes_no_detail", "safeguard", "no", None),
    ],
)
def test_whoever_adds_a_question_says_which_answer_matters(
    kind: str, about: str, matters: str | None, fault: str | None
) -> None:
    assert matters_error({"type": kind, "kind": about, "matters": matters}) == fault


def test_a_copy_has_all_but_what_is_its_own() -> None:
    source = {**real(NO_SIGN), "rev": 2, "replaces": "old", "option_map": {"a": "b"}}
    made = copy_question(source, NewQuestion("papers_two", {"ask": "And yours?"}))
    assert made == {**real(NO_SIGN), "id": "papers_two", "ask": "And yours?"}
    made["options"][0]["label"] = "Changed"
    assert source["options"][0]["label"] != "Changed"


def test_a_copy_of_what_can_raise_a_sign_has_no_points_yet() -> None:
    made = copy_question(real("core_documents"), NewQuestion("papers_two", {"ask": "And yours?"}))
    assert made["can_sign"] is True
    assert all("points" not in one for one in made["options"])
    assert [one.get("sign") for one in made["options"]] == [
        one.get("sign") for one in real("core_documents")["options"]
    ]


def test_a_copy_asks_for_words_alone() -> None:
    assert [field.name for field in new_question_fields(real_lists(), copy=True)] == ["ask"]
    assert len(new_question_fields(real_lists(), copy=False)) == 5


def test_a_section_has_its_file_and_a_new_one_gets_one() -> None:
    draft_context = bench()
    found = [
        file_for_section(draft_context, "shop", name) for name in ("work", NEW_SECTION, NEW_SHARED_SECTION, "none")
    ]
    assert [one.name if one else None for one in found] == ["shop.yaml", "shop.yaml", "common/start.yaml", None]
    assert {"papers", "work", "D1"} <= taken_ids(draft_context.files)


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
    seen = etag({"id": "b"})
    assert find_question_position(data, "b") == ("sections", 0, "questions", 1)
    move_question(data, "b", up=True)
    assert find_question(data, "b", seen) == {"id": "b"}
    data["sections"][0]["questions"][0]["ask"] = "Other?"
    with pytest.raises(EditConflictError) as moved:
        find_question(data, "b", seen)
    assert moved.value.theirs == {"id": "b", "ask": "Other?"}
    with pytest.raises(EditConflictError) as gone:
        find_question(data, "z", seen)
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
        lambda: delete_question(data, "d", etag({"id": "d"})),
    ):
        with pytest.raises(LastOneError, match=ONLY_QUESTION):
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
    delete_question(data, "x", etag({"id": "x"}))
    assert order(data) == ["abc", "dy"]
    with pytest.raises(EditConflictError):
        delete_question(data, "a", "another mark")


def test_a_section_comes_moves_is_called_otherwise_and_goes(data: dict[str, Any]) -> None:
    data["sections"].append({"id": "three", "title": "Three", "questions": [{"id": "e"}]})
    move_section(data, "three", up=True)
    assert order(data) == ["abc", "e", "d"]
    move_section(data, "one", up=True)
    set_title(find_section(data, "one"), "First", etag("One"))
    assert find_section(data, "one")["title"] == "First"
    with pytest.raises(EditConflictError) as moved:
        set_title(find_section(data, "one"), "Mine", etag("One"))
    assert moved.value.theirs == "First"
    delete_section(data, "one", etag(find_section(data, "one")))
    with pytest.raises(EditConflictError):
        delete_section(data, "two", etag({}))
    delete_section(data, "two", etag(find_section(data, "two")))
    assert order(data) == ["e"]
    with pytest.raises(LastOneError, match=ONLY_SECTION):
        delete_section(data, "three", etag(find_section(data, "three")))


def test_what_is_gone_is_said(data: dict[str, Any]) -> None:
    with pytest.raises(EditConflictError, match=REMOVED):
        find_section(data, "none")
    with pytest.raises(EditConflictError, match=REMOVED):
        move_question(data, "none", up=True)


def test_worked_examples_lose_the_answers_alone() -> None:
    data = {
        "worked_examples": [
            {"title": "x", "answers": {"a": 1, "b": 2}},
            {"title": "y", "from": "x", "change": {"a": 3}},
            {"title": "z"},
        ]
    }
    remove_example_answers(data, frozenset({"a"}))
    assert data["worked_examples"] == [
        {"title": "x", "answers": {"b": 2}},
        {"title": "y", "from": "x", "change": {}},
        {"title": "z"},
    ]


def test_two_who_edit_one_draft_lose_nothing(database: Database, tmp_path: Path) -> None:
    """Each has a session of their own. Different questions both stand; of the same one, the second is shown both."""
    with database.writing() as session:
        seed_from_release(session, Path(shutil.copytree(SOUND, tmp_path / "questionnaires")), TODAY)
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator").id for name in ("ann", "ben"))
        draft_id = create_draft(session, "Clearer words", ann, TODAY).id
    with database.reading() as look:
        draft = look.get(Draft, draft_id)
        assert draft
        bench = load_draft_context(look, draft, TODAY)
        seen = {str(one.data["id"]): one.etag for one in bench.questions_of("shop")}

    def says(who: uuid.UUID, question_id: str, hint: str) -> None:
        def edit(data: dict[str, Any]) -> None:
            find_question(data, question_id, seen[question_id])["hint"] = hint

        with database.writing() as session:
            draft = session.get(Draft, draft_id)
            assert draft
            edit_draft_file(session, draft, "common/start.yaml", edit, who, TODAY, what="a hint")

    says(ann, "staff", "Ann wrote this.")
    says(ben, "hours", "Ben wrote this.")
    with pytest.raises(EditConflictError) as moved:
        says(ben, "staff", "Ben wrote this, too.")
    assert moved.value.theirs is not None
    assert moved.value.theirs["hint"] == "Ann wrote this."
    with database.reading() as look:
        draft = look.get(Draft, draft_id)
        assert draft
        hints = [one.data.get("hint") for one in load_draft_context(look, draft, TODAY).questions_of("shop")]
    assert hints == ["Ann wrote this.", "Ben wrote this.", None]


def test_what_stands_in_the_way_is_kept_apart_from_what_is_changed_along() -> None:
    first, along = blocking_and_other_references(bench().files, frozenset({"papers"}))
    assert [one.file for one in first] == ["shop.yaml"]
    assert [one.what for one in along] == ["the worked example “kept”"]
    assert blocking_and_other_references(bench().files, frozenset({"papers"}))[0]
    assert not blocking_and_other_references(bench().files, frozenset({"nobody"}))[0]


OLD: dict[str, Any] = {
    "id": "papers",
    "ask": "Who keeps the papers of the workers?",
    "type": "choice",
    "kind": "safeguard",
    "options": [{"id": "they", "label": "They do", "points": 0}, {"id": "we", "label": "We do", "points": 4}],
    "action": {"do": "Give them back."},
}


def test_another_type_drops_what_does_not_fit_and_begins_what_is_needed() -> None:
    made = normalise_question(OLD, {**OLD, "type": "number", "unit": "papers"})
    assert "options" not in made
    assert "bands" not in made, "nobody has said which number matters"
    assert made["unit"] == "papers"
    assert "unit" not in normalise_question(made, {**made, "type": "percentage"}), "the check refuses it there"
    assert normalise_question(OLD, {**OLD, "type": "choices"})["options"] == OLD["options"]
    assert [one["id"] for one in normalise_question(OLD, {**OLD, "type": "table", "kind": "fact"})["columns"]] == [
        "what"
    ]


def test_a_fact_keeps_its_answers_and_nothing_that_scores() -> None:
    made = normalise_question(real("core_documents"), {**real("core_documents"), "kind": "fact"})
    assert not {"action", "can_sign"} & set(made)
    assert all(set(option) == {"id", "label"} for option in made["options"])
    assert "points" in real("core_documents")["options"][0]  # the old one is left alone


def test_a_number_that_scores_from_now_on_begins_without_points() -> None:
    fact = real("core_people_peak")
    assert "bands" not in normalise_question(fact, {**fact, "kind": "exposure"})


def test_the_mark_of_signs_follows_the_answers() -> None:
    signed = {**OLD, "options": [OLD["options"][0], {**OLD["options"][1], "sign": "urgent"}]}
    marked = normalise_question(OLD, signed)
    assert marked["can_sign"] is True
    assert "can_sign" not in normalise_question(marked, {**marked, "options": OLD["options"]})


def test_a_mark_that_a_check_needs_stays() -> None:
    data = real("farm_housing_charge")
    steps = [{**one, "points": 2} for one in data["steps"]]
    assert data["can_sign"] is normalise_question(data, {**data, "steps": steps})["can_sign"] is True


@pytest.mark.parametrize(
    ("kind", "matters", "points"),
    [
        ("choice", "no", [0, 4, 4]),
        ("choice", "yes", [4, 0, 4]),
        ("choice", "", [None] * 3),
        ("choices", "", [None] * 3),
        ("percentage", "high", [0, 4]),
        ("number", "low", [4, 0]),
        ("scale", "high", [0, 1, 2, 3, 4, 4]),
        ("scale", "low", [4, 3, 2, 1, 0, 4]),
        ("yes_no_detail", "yes", [4, 0, 4]),
    ],
)
def test_a_new_question_has_points_only_for_the_answer_somebody_said_matters(
    kind: str, matters: str, points: list[int | None]
) -> None:
    made = with_type_defaults({"id": "new", "type": kind, "kind": "safeguard"}, matters)
    key = "bands" if kind in {"number", "percentage"} else "options"
    assert [one.get("points") for one in made[key]] == points
    if key == "options":
        assert made[key][-1]["id"] == "dk"


def test_a_new_fact_begins_without_points() -> None:
    assert with_type_defaults({"type": "number", "kind": "fact"}) == {"type": "number", "kind": "fact"}
    assert all("points" not in one for one in with_type_defaults({"type": "choice", "kind": "fact"})["options"])


def test_the_meaning_is_marked_once_against_what_is_in_force() -> None:
    base = {"rev": 3, "id": "papers"}
    marked = set_meaning(dict(base), base, new_meaning=True)
    assert marked["rev"] == 4
    assert has_new_meaning(marked, base)
    assert set_meaning(marked, base, new_meaning=True) == marked
    assert set_meaning(marked, base, new_meaning=False) == base
    assert set_meaning({"id": "papers", "rev": 2}, {"id": "papers"}, new_meaning=False) == {"id": "papers"}
    assert meaning_revision({}) == meaning_revision({"rev": "two"}) == 1


def test_a_question_in_quite_other_words_may_mean_something_else() -> None:
    assert not changed_much(OLD, {**OLD, "ask": "Who keeps the ID papers of the workers?"})
    assert changed_much(OLD, {**OLD, "ask": "Do you pay overtime?"})
    assert not changed_much(OLD, OLD)


def test_an_answer_in_quite_other_words_may_too_but_a_new_one_does_not() -> None:
    they = OLD["options"][0]
    assert changed_much(OLD, {**OLD, "options": [{**they, "label": "Nobody knows"}]})
    assert not changed_much(OLD, {**OLD, "options": [they, {"id": "new", "label": "Somebody else"}]})

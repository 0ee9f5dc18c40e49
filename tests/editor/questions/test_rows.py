from __future__ import annotations

from assess.editor.questions.fields import Control, Field, Group
from assess.editor.questions.rows import Rows, entries_of, names_of, row_actions, rows_read, rows_said, stepped

OPTIONS = Rows(
    "options",
    "Answers",
    "answer",
    "id",
    (Field("label", Control.TEXT, "Words", missing="Enter the words."), Field("id", Control.LINE, "Id")),
    ("id", "label", "points", "action"),
)
BANDS = Rows("bands", "Bands", "band", "up_to", (Field("points", Control.NUMBER, "Points"),), ("up_to", "points"))
OWN = Rows("options", "Actions", "answer", "id", (), ("id", "label", "action"), own_action=True, fixed=True)
OWNERS = {"owner": "Owner"}
HELD = {
    "options": [
        {"id": "yes", "label": "Yes", "points": 0},
        {"id": "no", "label": "No", "points": 4, "action": False},
        {"id": "dk", "label": "Don’t know", "points": 4},
    ]
}


def test_rows_that_nobody_touched_are_the_same() -> None:
    for rows in (OPTIONS, OWN):
        assert rows_read(rows, rows_said(rows, HELD, OWNERS), HELD, OWNERS) == (HELD["options"], {})


def test_a_row_that_moved_takes_along_what_its_page_does_not_show() -> None:
    typed = stepped(rows_said(OPTIONS, HELD, OWNERS), "up", 1)
    entries, _ = rows_read(OPTIONS, typed, HELD, OWNERS)
    assert entries == [HELD["options"][1], HELD["options"][0], HELD["options"][2]]


def test_buttons_add_move_and_take_out_and_keep_what_is_typed() -> None:
    rows: list[Group] = [{"label": ["one"]}, {"label": ["two"]}]
    assert stepped(rows, "add", 0) == [*rows, {"was": [""]}]
    assert stepped(rows, "down", 0) == [rows[1], rows[0]]
    assert stepped(rows, "down", 1) == rows
    assert stepped(rows, "up", 0) == rows
    assert stepped(rows, "remove", 0) == [rows[1]]
    assert stepped(rows, "remove", 9) == rows


def test_a_new_answer_gets_an_id_that_nobody_used() -> None:
    typed = [*rows_said(OPTIONS, HELD, OWNERS), {"was": [""], "label": ["Only sometimes"], "id": [""]}]
    entries, errors = rows_read(OPTIONS, typed, HELD, OWNERS, used={"only_sometimes"})
    assert errors == {}
    assert entries[-1] == {"id": "only_sometimes_2", "label": "Only sometimes"}


def test_an_id_that_was_used_is_refused_and_words_have_to_be_there() -> None:
    typed = [{"was": [""], "label": [""], "id": ["gone"]}, {"was": ["yes"], "label": [" "]}]
    _, errors = rows_read(OPTIONS, typed, HELD, OWNERS, used={"gone"})
    assert "used before" in errors["options-0-id"]
    assert errors["options-0-label"] == errors["options-1-label"] == "Enter the words."


def test_bands_are_told_apart_by_their_ends_even_when_two_are_alike() -> None:
    bands = [{"up_to": 5, "points": 0}, {"up_to": 5, "points": 1}, {"points": 4, "sign": "urgent"}]
    assert names_of("up_to", bands) == ["5", "5~1", "-"]
    assert rows_read(BANDS, rows_said(BANDS, {"bands": bands}, {}), {"bands": bands}, {}) == (bands, {})


def test_a_fixed_list_leaves_the_entries_it_does_not_show() -> None:
    typed = rows_said(OWN, HELD, OWNERS, shown={"no"})
    assert [one["was"] for one in typed] == [["no"]]
    typed[0]["action-which"] = ["usual"]
    entries, errors = rows_read(OWN, typed, HELD, OWNERS)
    assert errors == {}
    assert entries == [HELD["options"][0], {"id": "no", "label": "No", "points": 4}, HELD["options"][2]]


def test_an_own_action_can_keep_its_unusual_days() -> None:
    held = {"options": [{"id": "no", "action": {"priority": 45}}]}
    assert any(("45", "Within 45 days") in field.choices for field in row_actions(OWN, held, OWNERS)["no"])
    assert row_actions(OPTIONS, held, OWNERS) == {}


def test_what_is_no_list_has_no_entries() -> None:
    assert entries_of({"options": "none", "bands": [1, {"points": 2}]}, "options") == []
    assert entries_of({"bands": [1, {"points": 2}]}, "bands") == [{"points": 2}]

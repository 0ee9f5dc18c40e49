from __future__ import annotations

from typing import Any, get_args

import pytest
from marshmallow import ValidationError

from assess.bank_editor.fields import (
    Control,
    Field,
    FormGroup,
    attribute_field,
    field_values,
    read_field,
    read_group,
    with_key,
)
from assess.bank_editor.questions.fields import (
    ACTION_NOT_CHOSEN,
    KIND_WORDS,
    TYPE_WORDS,
    RowList,
    action_fields,
    action_values,
    entry_names,
    entry_words,
    kind_words,
    list_entries,
    prefixed,
    read_action,
    read_rows,
    row_actions,
    row_values,
    rows_after_button,
    same_as_field,
    sign_words,
    signs_in_words,
    type_words,
    without_prefix,
)
from assess.bank_editor.questions.forms import find_question_part
from assess.engine.bank import Option, Question, QuestionKind, QuestionType
from tests.bank_editor.draft_contexts import real, real_lists

OWNERS = {"owner": "Owner"}
HELD = {"do": "Find out: who?", "priority": 45, "owner": "owner", "effort": "S"}


@pytest.mark.parametrize("held", [HELD, {**HELD, "after_advice": True}, False, None])
def test_an_action_that_nobody_touched_is_the_same(held: object) -> None:
    assert read_action(OWNERS, action_values(OWNERS, held), held) == (held, {})


def test_unusual_days_of_the_file_can_be_kept() -> None:
    (soon,) = [field for field in action_fields(OWNERS, HELD) if field.name == "priority"]
    assert ("45", "Within 45 days") in soon.choices
    assert dict(soon.choices)["7"] == "Within 7 days"


def test_an_action_becomes_another_none_or_that_of_the_question() -> None:
    typed = action_values(OWNERS, HELD)
    made, errors = read_action(OWNERS, {**typed, "do": ["Ask who."], "priority": ["7"]}, HELD)
    assert (made, errors) == ({**HELD, "do": "Ask who.", "priority": 7}, {})
    assert read_action(OWNERS, {**typed, "which": ["none"]}, HELD) == (False, {})
    assert read_action(OWNERS, {**typed, "which": ["usual"]}, HELD) == (None, {})


def test_an_action_without_words_is_told() -> None:
    _, errors = read_action(OWNERS, {"which": ["own"], "do": ["Ask"]}, None)
    assert set(errors) == {"priority", "owner", "effort"}


@pytest.mark.parametrize("held", [HELD, None])
def test_words_typed_for_an_action_that_is_not_chosen_are_not_lost_in_silence(held: Any) -> None:
    _, errors = read_action(OWNERS, {"which": ["usual"], "do": ["Ask the owner."]}, held)
    assert errors == {"which": ACTION_NOT_CHOSEN}


def test_the_fields_of_one_action_stand_among_others() -> None:
    assert prefixed({"action-do": 1, "dk_action-do": 2, "ask": 3}, "action") == {"do": 1}
    assert without_prefix({"do": 1}, "dk_action") == {"dk_action-do": 1}


def test_what_can_be_chosen_is_offered() -> None:
    lists = real_lists()
    assert lists.duties
    words = find_question_part(real("core_documents"), lists, "answers")
    assert words
    (breach,) = [one for one in words.rows[0].fields if one.name == "breach"]
    assert {name for name, _ in breach.choices} == {"", *lists.duties}
    (reaches,) = [one for one in action_fields({}, None, real("core_documents")) if one.name == "reaches"]
    assert [name for name, _ in reaches.choices][:2] == ["", "worker"]


def test_whose_action_is_printed_too_is_never_its_own_and_a_risk_has_none() -> None:
    named = {"core_documents": "Who keeps passports", "core_housing": "Homes"}
    field = same_as_field(real("core_documents"), named)
    assert field
    assert [name for name, _ in field.choices] == ["", "core_housing"]
    risk = {**real("core_documents"), "kind": "exposure"}
    assert same_as_field(risk, named) is None
    assert same_as_field({**risk, "same_as": "core_housing"}, named)


def test_a_sentence_has_the_length_that_fits_a_line() -> None:
    for field in (attribute_field(Option, "says"), attribute_field(Question, "not_yet")):
        assert read_field(field, ["x" * 90], None) == "x" * 90
        with pytest.raises(ValidationError, match="Use 90 characters or fewer"):
            read_field(field, ["x" * 91], None)


WORDS = Field("ask", Control.TEXT, "The question", missing="Enter the question.")
NUMBER = Field("points", Control.NUMBER, "Points")
WHOLE = Field("at_least", Control.WHOLE, "Ticks")
TICK = Field("quick", Control.TICK, "Quick")
MANY = Field("sources", Control.MANY, "Sources", choices=(("S1", "One"), ("S2", "Two"), ("S3", "Three")))
FIRST = Field("ilo", Control.FIRST, "Indicators", choices=tuple((str(one), str(one)) for one in range(1, 12)))
CELLS = Field("options", Control.CHOICES, "Choices")
SOON = Field("priority", Control.SELECT, "How soon", choices=(("immediate", "At once"), ("30", "Within 30 days")))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (WORDS, "Who keeps it?"),
        (WORDS, 5),
        (WORDS, "One\nand two"),
        (NUMBER, 2.5),
        (NUMBER, 4.0),
        (TICK, True),
        (TICK, False),
        (TICK, None),
        (MANY, ["S3", "S1"]),
        (FIRST, [7, 3]),
        (CELLS, [{"id": "a", "label": "An A"}, {"id": "b", "label": "A: b"}]),
        (SOON, 45),
        (SOON, None),
    ],
)
def test_a_field_that_nobody_touched_keeps_what_the_file_holds(field: Field, value: object) -> None:
    assert read_field(field, field_values(field, value), value) is value


def test_spaces_and_line_ends_are_no_change_but_words_are() -> None:
    assert read_field(WORDS, ["  Who\r\nkeeps it? "], "Who\nkeeps it?") == "Who\nkeeps it?"
    assert read_field(WORDS, ["  Who   keeps\r\nthem? "], "Who keeps it?") == "Who keeps them?"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (WORDS, " ", "Enter the question."),
        (WORDS, "x" * 4001, "Use 4,000 characters or fewer"),
        (NUMBER, "many", "Enter a number, such as 2."),
        (NUMBER, "-1", "0 or more"),
        (NUMBER, "nan", "Enter a number, such as 2."),
        (WHOLE, "1.5", "whole number"),
        (SOON, "tomorrow", "Choose one from the list."),
    ],
)
def test_what_cannot_be_taken_says_what_to_type(field: Field, typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        read_field(field, [typed], "before")


def test_numbers_and_choices_are_read_as_the_file_writes_them() -> None:
    assert read_field(NUMBER, ["£1,250"], None) == 1250
    assert read_field(NUMBER, ["2.5"], 2) == 2.5
    assert read_field(SOON, ["30"], "immediate") == 30
    assert read_field(SOON, ["immediate"], 30) == "immediate"
    assert read_field(NUMBER, [""], 4) is None
    held = True
    assert read_field(TICK, [], held) is None
    assert read_field(TICK, ["yes"], None) is True


def test_boxes_keep_the_order_of_the_file_and_new_ones_come_last() -> None:
    assert read_field(MANY, ["S1", "S2", "S3"], ["S3", "S1"]) == ["S3", "S1", "S2"]
    assert read_field(MANY, ["S1"], ["S3", "S1"]) == ["S1"]
    assert read_field(MANY, [], ["S3"]) is None
    assert read_field(MANY, ["S9"], ["S3"]) is None  # nobody offered it
    assert read_field(FIRST, ["3", "3", "7"], [7, 3]) == [3, 7]
    assert read_field(FIRST, ["", "8"], None) == [8]
    assert read_field(FIRST, ["2"], [7]) == [2]


def test_a_new_choice_of_a_cell_gets_an_id_of_its_words() -> None:
    held = [{"id": "house", "label": "A house"}]
    assert read_field(CELLS, ["house: A whole house\nA caravan\n\nA caravan"], held) == [
        {"id": "house", "label": "A whole house"},
        {"id": "caravan", "label": "A caravan"},
        {"id": "caravan_2", "label": "A caravan"},
    ]


def test_a_new_key_stands_where_the_file_would_write_it() -> None:
    order = ("id", "ask", "hint", "why")
    assert list(with_key({"id": 1, "ask": 2, "why": 3}, "hint", 4, order)) == ["id", "ask", "hint", "why"]
    assert list(with_key({"why": 3}, "id", 4, order)) == ["id", "why"]
    assert with_key({"id": 1, "why": 3}, "why", None, order) == {"id": 1}
    assert list(with_key({"ask": 2, "id": 1}, "ask", 3, order)) == ["ask", "id"]


def test_a_field_with_a_fault_leaves_its_value_and_says_so() -> None:
    data, errors = read_group((WORDS, NUMBER), {"ask": [""], "points": ["3"]}, {"ask": "Old?", "points": 1}, ())
    assert (data, errors) == ({"ask": "Old?", "points": 3}, {"ask": "Enter the question."})


OPTIONS = RowList(
    "options",
    "Answers",
    "answer",
    "id",
    (Field("label", Control.TEXT, "Words", missing="Enter the words."), Field("id", Control.LINE, "Id")),
    ("id", "label", "points", "action"),
)
BANDS = RowList("bands", "Bands", "band", "up_to", (Field("points", Control.NUMBER, "Points"),), ("up_to", "points"))
OWN = RowList("options", "Actions", "answer", "id", (), ("id", "label", "action"), own_action=True, fixed=True)

HELD_ROWS = {
    "options": [
        {"id": "yes", "label": "Yes", "points": 0},
        {"id": "no", "label": "No", "points": 4, "action": False},
        {"id": "dk", "label": "Don’t know", "points": 4},
    ]
}


def test_rows_that_nobody_touched_are_the_same() -> None:
    for rows in (OPTIONS, OWN):
        assert read_rows(rows, row_values(rows, HELD_ROWS, OWNERS), HELD_ROWS, OWNERS) == (HELD_ROWS["options"], {})


def test_a_row_that_moved_takes_along_what_its_page_does_not_show() -> None:
    typed = rows_after_button(row_values(OPTIONS, HELD_ROWS, OWNERS), "up", 1)
    entries, _ = read_rows(OPTIONS, typed, HELD_ROWS, OWNERS)
    assert entries == [HELD_ROWS["options"][1], HELD_ROWS["options"][0], HELD_ROWS["options"][2]]


def test_buttons_add_move_and_take_out_and_keep_what_is_typed() -> None:
    rows: list[FormGroup] = [{"label": ["one"]}, {"label": ["two"]}]
    assert rows_after_button(rows, "add", 0) == [*rows, {"was": [""]}]
    assert rows_after_button(rows, "down", 0) == [rows[1], rows[0]]
    assert rows_after_button(rows, "down", 1) == rows
    assert rows_after_button(rows, "up", 0) == rows
    assert rows_after_button(rows, "remove", 0) == [rows[1]]
    assert rows_after_button(rows, "remove", 9) == rows


def test_a_new_answer_gets_an_id_that_nobody_used() -> None:
    typed = [*row_values(OPTIONS, HELD_ROWS, OWNERS), {"was": [""], "label": ["Only sometimes"], "id": [""]}]
    entries, errors = read_rows(OPTIONS, typed, HELD_ROWS, OWNERS, used={"only_sometimes"})
    assert errors == {}
    assert entries[-1] == {"id": "only_sometimes_2", "label": "Only sometimes"}


def test_an_id_that_was_used_is_refused_and_words_have_to_be_there() -> None:
    typed = [{"was": [""], "label": [""], "id": ["gone"]}, {"was": ["yes"], "label": [" "]}]
    _, errors = read_rows(OPTIONS, typed, HELD_ROWS, OWNERS, used={"gone"})
    assert "used before" in errors["options-0-id"]
    assert errors["options-0-label"] == errors["options-1-label"] == "Enter the words."


def test_bands_are_told_apart_by_their_ends_even_when_two_are_alike() -> None:
    bands = [{"up_to": 5, "points": 0}, {"up_to": 5, "points": 1}, {"points": 4, "sign": "urgent"}]
    assert entry_names("up_to", bands) == ["5", "5~1", "-"]
    assert read_rows(BANDS, row_values(BANDS, {"bands": bands}, {}), {"bands": bands}, {}) == (bands, {})


def test_a_fixed_list_leaves_the_entries_it_does_not_show() -> None:
    typed = row_values(OWN, HELD_ROWS, OWNERS, shown={"no"})
    assert [one["was"] for one in typed] == [["no"]]
    typed[0]["action-which"] = ["usual"]
    entries, errors = read_rows(OWN, typed, HELD_ROWS, OWNERS)
    assert errors == {}
    assert entries == [HELD_ROWS["options"][0], {"id": "no", "label": "No", "points": 4}, HELD_ROWS["options"][2]]


def test_an_own_action_can_keep_its_unusual_days() -> None:
    held = {"options": [{"id": "no", "action": {"priority": 45}}]}
    assert any(("45", "Within 45 days") in field.choices for field in row_actions(OWN, held, OWNERS)["no"])
    assert row_actions(OPTIONS, held, OWNERS) == {}


def test_what_is_no_list_has_no_entries() -> None:
    assert list_entries({"options": "none", "bands": [1, {"points": 2}]}, "options") == []
    assert list_entries({"bands": [1, {"points": 2}]}, "bands") == [{"points": 2}]


def test_every_type_and_kind_has_words() -> None:
    assert tuple(name for name, _ in TYPE_WORDS) == get_args(QuestionType)
    assert {name for name, _ in KIND_WORDS} == set(get_args(QuestionKind))
    assert type_words({"type": "wheel"}) == "wheel"
    assert kind_words({"kind": "exposure"}) == "A risk the business meets"


def test_the_gravest_sign_is_said() -> None:
    assert sign_words(real("core_documents")) == "Can raise an urgent sign"
    assert sign_words(real("farm_housing_charge")) == "A check can raise its sign"
    assert sign_words({"options": [{"id": "a", "sign": "serious"}]}) == "Can raise a serious sign"
    assert sign_words(real("core_worker_types")) == ""


def test_each_sign_is_said_with_its_answers() -> None:
    data = {
        "options": [
            {"label": "A", "sign": "urgent"},
            {"label": "B", "sign": "serious"},
            {"label": "C", "sign": "urgent"},
        ],
        "bands": [{"up_to": 5, "sign": "serious"}, {"points": 4}],
    }
    assert signs_in_words(data) == [
        "An urgent sign is raised by “A” and “C”.",
        "A serious sign is raised by “B” and “Up to 5”.",
    ]
    assert signs_in_words(real("farm_housing_charge")) == ["A check raises a sign from this answer and others."]
    assert signs_in_words({}) == []
    assert entry_words("bands", {"points": 4}) == "More than that"

from __future__ import annotations

import pytest

from assess.editor.questions.fields import Control, Field, TypedError, fields_read, put, read, said

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
    assert read(field, said(field, value), value) is value


def test_spaces_and_line_ends_are_no_change_but_words_are() -> None:
    assert read(WORDS, ["  Who\r\nkeeps it? "], "Who\nkeeps it?") == "Who\nkeeps it?"
    assert read(WORDS, ["  Who   keeps\r\nthem? "], "Who keeps it?") == "Who keeps them?"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (WORDS, " ", "Enter the question."),
        (WORDS, "x" * 4001, "Shorten this"),
        (NUMBER, "many", "Enter a number, such as 2."),
        (NUMBER, "-1", "0 or more"),
        (NUMBER, "nan", "0 or more"),
        (WHOLE, "1.5", "whole number"),
        (SOON, "tomorrow", "Choose one from the list."),
    ],
)
def test_what_cannot_be_taken_says_what_to_type(field: Field, typed: str, sentence: str) -> None:
    with pytest.raises(TypedError, match=sentence):
        read(field, [typed], "before")


def test_numbers_and_choices_are_read_as_the_file_writes_them() -> None:
    assert read(NUMBER, ["£1,250"], None) == 1250
    assert read(NUMBER, ["2.5"], 2) == 2.5
    assert read(SOON, ["30"], "immediate") == 30
    assert read(SOON, ["immediate"], 30) == "immediate"
    assert read(NUMBER, [""], 4) is None
    held = True
    assert read(TICK, [], held) is None
    assert read(TICK, ["yes"], None) is True


def test_boxes_keep_the_order_of_the_file_and_new_ones_come_last() -> None:
    assert read(MANY, ["S1", "S2", "S3"], ["S3", "S1"]) == ["S3", "S1", "S2"]
    assert read(MANY, ["S1"], ["S3", "S1"]) == ["S1"]
    assert read(MANY, [], ["S3"]) is None
    assert read(MANY, ["S9"], ["S3"]) is None  # nobody offered it
    assert read(FIRST, ["3", "3", "7"], [7, 3]) == [3, 7]
    assert read(FIRST, ["", "8"], None) == [8]
    assert read(FIRST, ["2"], [7]) == [2]


def test_a_new_choice_of_a_cell_gets_an_id_of_its_words() -> None:
    held = [{"id": "house", "label": "A house"}]
    assert read(CELLS, ["house: A whole house\nA caravan\n\nA caravan"], held) == [
        {"id": "house", "label": "A whole house"},
        {"id": "caravan", "label": "A caravan"},
        {"id": "caravan_2", "label": "A caravan"},
    ]


def test_a_new_key_stands_where_the_file_would_write_it() -> None:
    order = ("id", "ask", "hint", "why")
    assert list(put({"id": 1, "ask": 2, "why": 3}, "hint", 4, order)) == ["id", "ask", "hint", "why"]
    assert list(put({"why": 3}, "id", 4, order)) == ["id", "why"]
    assert put({"id": 1, "why": 3}, "why", None, order) == {"id": 1}
    assert list(put({"ask": 2, "id": 1}, "ask", 3, order)) == ["ask", "id"]


def test_a_field_with_a_fault_leaves_its_value_and_says_so() -> None:
    data, errors = fields_read((WORDS, NUMBER), {"ask": [""], "points": ["3"]}, {"ask": "Old?", "points": 1}, ())
    assert (data, errors) == ({"ask": "Old?", "points": 3}, {"ask": "Enter the question."})

from __future__ import annotations

from typing import get_args

from assess.editor.conditions.menus import JOINS_OF_LINES, choices_for, groups_of
from assess.editor.conditions.rows import FITTING, Choice, Subject


def test_every_test_is_said_both_ways() -> None:
    every = {test for kind in FITTING for test, _ in choices_for(Subject("a", "A", kind))}
    assert every == {word for test in get_args(Choice) for word in (test, f"not {test}")}


def test_a_text_can_only_have_been_asked_and_a_fact_never_is() -> None:
    assert choices_for(Subject("a", "A", "text")) == [("asked", "was asked"), ("not asked", "was not asked")]
    assert "asked" not in dict(choices_for(Subject("a", "A", "yes_no", can_be_asked=False)))


def test_each_way_to_join_has_its_opposite() -> None:
    assert [value for value, _ in JOINS_OF_LINES[3:]] == [f"not {value}" for value, _ in JOINS_OF_LINES[:3]]


def test_questions_stand_in_the_order_of_asking_and_not_of_the_alphabet() -> None:
    asked = [
        Subject("a", "A", "text", group="Pay"),
        Subject("b", "B", "text", group="Hours"),
        Subject("c", "C", "text", group="Hours"),
    ]
    assert [(group, [one.id for one in found]) for group, found in groups_of(asked)] == [
        ("Pay", ["a"]),
        ("Hours", ["b", "c"]),
    ]

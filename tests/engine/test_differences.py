from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.engine.bank import DutyBook, Edition, Question, Section, TickStep
from assess.engine.conditions import Leaf, Not
from assess.engine.differences import Change, Class, changed_questions, differences, touches_answers
from tests.builders import a_bank, a_duty, a_question, an_action, an_option
from tests.engine import real_banks
from tests.engine.random_banks import a_random_bank

ONE = a_question("one", ask="Who keeps papers?")
TWO = a_question("two", ask="Who pays?")
THREE = a_question("three", ask="Who asks?")


def between(*new: Question, old: tuple[Question, ...] = (ONE, TWO, THREE)) -> tuple[Change, ...]:
    return differences(a_bank(*old), a_bank(*new))


@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_a_bank_does_not_differ_from_itself(bank: str) -> None:
    edition = real_banks.edition_of(bank)
    assert differences(edition, edition) == ()


@pytest.mark.thorough
@given(st.integers(0, 2**32))
def test_a_random_bank_does_not_differ_from_itself(seed: int) -> None:
    assert differences(a_random_bank(Random(seed)), a_random_bank(Random(seed))) == ()


@pytest.mark.parametrize(
    ("changes", "part", "kind"),
    [
        ({"ask": "In other words?"}, "ask", Class.WORDING),
        ({"why": "Because."}, "why", Class.WORDING),
        ({"waived": {"long_sentence": "So says the law."}}, "waived", Class.WORDING),
        ({"rev": 2}, "rev", Class.MEANING),
        ({"replaces": "zero"}, "replaces", Class.MEANING),
        ({"show_if": Leaf("one", "is", "good")}, "show_if", Class.CONDITION),
        ({"kind": "fact"}, "kind", Class.POINTS),
        ({"dimension": "papers"}, "dimension", Class.POINTS),
        ({"action": an_action("Do it.")}, "action", Class.POINTS),
        ({"can_sign": True}, "can_sign", Class.POINTS),
    ],
)
def test_each_part_has_a_class(changes: dict[str, object], part: str, kind: Class) -> None:
    (change,) = between(ONE, replace(TWO, **changes), THREE)  # type: ignore[arg-type]
    assert (change.what, change.where, change.part, change.kind) == ("question", "two", part, kind)


def test_an_action_says_when_who_and_how_much_of_it_differs() -> None:
    old, new = an_action("Ask."), an_action("Ask.", priority="immediate", after_advice=True)
    (change,) = between(replace(ONE, action=new), TWO, THREE, old=(replace(ONE, action=old), TWO, THREE))
    assert (change.before, change.after) == (
        "Ask. (within 30 days; owner; effort S)",
        "Ask. (at once; owner; effort S; only after advice)",
    )


def test_the_steps_of_ticks_and_sums_are_told_one_after_the_other() -> None:
    old, new = (TickStep(1, 2), TickStep(3, 0)), (TickStep(2, 2), TickStep(3, 0))
    (change,) = between(replace(ONE, ticks=new), TWO, THREE, old=(replace(ONE, ticks=old), TWO, THREE))
    assert change.part == "ticks"
    assert "; " in (change.before or "")
    assert change.before != change.after


def test_the_parts_of_a_mapping_are_told_by_name() -> None:
    (change,) = between(ONE, replace(TWO, option_map={"often": "good"}), THREE)
    assert (change.part, change.before, change.after) == ("option_map", None, "often: good")


def test_points_and_labels_of_options_are_told_apart() -> None:
    first, *rest = TWO.options
    found = between(ONE, replace(TWO, options=(replace(first, points=3, label="Well"), *rest)), THREE)
    assert [(one.where, one.part, one.kind, one.before, one.after) for one in found] == [
        (f"two.{first.id}", "label", Class.WORDING, first.label, "Well"),
        (f"two.{first.id}", "points", Class.POINTS, f"{first.points}", "3"),
    ]
    assert changed_questions(found) == ("two",)


def test_what_came_and_what_went_is_structure() -> None:
    found = between(ONE, a_question("new", ask="New?"), THREE)
    assert [(one.where, one.kind, one.before, one.after) for one in found] == [
        ("new", Class.STRUCTURE, None, "New?"),
        ("two", Class.STRUCTURE, "Who pays?", None),
    ]


def test_one_that_moved_is_told_alone() -> None:
    (change,) = between(TWO, THREE, ONE)
    assert (change.where, change.part, change.before, change.after) == ("one", "place", "number 1", "number 3")


def test_an_option_that_went() -> None:
    (change,) = between(ONE, replace(TWO, options=TWO.options[1:]), THREE)
    assert (change.what, change.where, change.kind, change.after) == (
        "option", f"two.{TWO.options[0].id}", Class.STRUCTURE, None,
    )  # fmt: skip


def test_a_condition_is_told_in_words_of_its_own_edition() -> None:
    was = replace(TWO, show_if=Leaf("one", "is", "good"))
    now = replace(TWO, show_if=Not(Leaf("one", "is", "good")))
    renamed = replace(ONE, ask="Who holds papers?")
    found = between(renamed, now, old=(ONE, was))
    assert [(one.before, one.after) for one in found if one.part == "show_if"] == [
        ("“Who keeps papers?” is “Good”", "“Who holds papers?” is not “Good”")
    ]


def test_duties_and_terms_are_looked_at_too() -> None:
    def bank(**changes: object) -> Edition:
        book = DutyBook((), {"in_uk": Leaf("where", "is", "uk")}, (a_duty("tell", **changes),))
        return a_bank(ONE, duty_book=book)

    (change,) = differences(bank(), bank(title="Tell somebody"))
    assert (change.what, change.where, change.kind, change.after) == ("duty", "tell", Class.WORDING, "Tell somebody")
    other = replace(bank(), duty_book=DutyBook((), {"in_uk": Leaf("where", "is", "eu")}, (a_duty("tell"),)))
    (change,) = differences(bank(), other)
    assert (change.what, change.kind, change.before, change.after) == (
        "term", Class.CONDITION, "“where” is uk", "“where” is eu",
    )  # fmt: skip


def test_other_words_touch_no_answer() -> None:
    assert not touches_answers(between(ONE, replace(TWO, ask="Anew?"), THREE))
    assert touches_answers(between(ONE, replace(TWO, options=(*TWO.options, an_option("more"))), THREE))


@pytest.mark.thorough
@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_two_banks_that_differ_are_told_to_differ_both_ways(one: int, other: int) -> None:
    old, new = a_random_bank(Random(one)), a_random_bank(Random(other))
    there, back = differences(old, new), differences(new, old)
    same = old.sections == new.sections and old.checks == new.checks
    assert (there == ()) == same == (back == ())
    came = {(change.what, change.where) for change in there if change.part == "whole" and change.before is None}
    went = {(change.what, change.where) for change in back if change.part == "whole" and change.after is None}
    assert came == went


def test_another_title_and_a_question_in_another_section_are_told() -> None:
    old = a_bank(ONE, title="Old", sections=(Section("a", "A", (ONE, TWO)), Section("b", "B", (THREE,))))
    new = a_bank(ONE, title="New", sections=(Section("a", "A", (ONE,)), Section("b", "B", (TWO, THREE))))
    assert [
        (change.what, change.part, change.kind, change.before, change.after) for change in differences(old, new)
    ] == [
        ("bank", "title", Class.WORDING, "Old", "New"),
        ("question", "section", Class.STRUCTURE, "a", "b"),
    ]


def test_a_shorthand_that_comes_or_means_something_else_is_said_in_words() -> None:
    here, there = (Leaf("operates_in", "includes", name) for name in ("ENG", "SCO"))
    old = a_bank(duty_book=DutyBook((), {"in_uk": here, "gone": here}, ()))
    new = a_bank(duty_book=DutyBook((), {"in_uk": there, "come": here}, ()))
    assert [(one.where, one.kind, one.before, one.after) for one in differences(old, new)] == [
        ("in_uk", Class.CONDITION, "“operates_in” includes ENG", "“operates_in” includes SCO"),
        ("come", Class.STRUCTURE, None, "“operates_in” includes ENG"),
        ("gone", Class.STRUCTURE, "“operates_in” includes ENG", None),
    ]


def test_an_owner_with_another_name_and_one_who_came_are_told() -> None:
    old, new = a_bank(owners={"owner": "Owner"}), a_bank(owners={"owner": "The owner", "lead": "Lead"})
    assert [(one.where, one.kind) for one in differences(old, new)] == [
        ("owner", Class.WORDING),
        ("lead", Class.STRUCTURE),
    ]

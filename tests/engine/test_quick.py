from __future__ import annotations

from assess.engine.bank import Section
from assess.engine.conditions import Leaf
from assess.engine.quick import quick_edition
from assess.engine.visibility import Shown, shown
from tests.builders import a_bank, a_question

FULL = a_bank(
    sections=(
        Section("one", "One", (a_question("a", quick=True), a_question("b"))),
        Section("two", "Two", (a_question("c"),)),
        Section("three", "Three", (a_question("d", quick=True, show_if=Leaf("b", "is", "bad")),)),
    )
)


def test_only_quick_questions_exist_and_empty_sections_drop_out() -> None:
    quick = quick_edition(FULL)
    assert [section.id for section in quick.sections] == ["one", "three"]
    assert [question.id for question in quick.questions()] == ["a", "d"]


def test_a_question_behind_one_that_is_not_quick_stays_hidden() -> None:
    assert shown(quick_edition(FULL), {"a": "bad", "b": "bad"}) == {"a": Shown.SHOWN, "d": Shown.HIDDEN}


def test_it_is_made_once_and_doing_it_again_changes_nothing() -> None:
    assert quick_edition(FULL) is quick_edition(FULL)
    assert quick_edition(quick_edition(FULL)).sections == quick_edition(FULL).sections

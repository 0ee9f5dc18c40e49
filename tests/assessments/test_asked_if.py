from __future__ import annotations

import pytest

from assess.assessments.asked_if import asked_if, numbers_of
from assess.engine.bank import DutyBook, Edition, Option, Question, Section
from assess.engine.conditions import All, Always, Any, Asked, AtLeastOf, Condition, Leaf, Not

OPTIONS = (Option("van", "A van"), Option("dk", "Don’t know"), Option("none", "Nobody"))


def edition(condition: Condition | None) -> Edition:
    asked = [
        Question(id="who", ask="Who?", type="choices", kind="fact", dimension="d", options=OPTIONS),
        Question(id="many", ask="How many?", type="number", kind="fact", dimension="d"),
        Question(id="then", ask="And then?", type="text", kind="fact", dimension="d", show_if=condition),
    ]
    section = Section("one", "One", tuple(asked))
    return Edition("farming", "Farming", (section,), (), (), (), {}, DutyBook((), {}, ()), {})


def said(condition: Condition | None) -> str | None:
    whole = edition(condition)
    return asked_if(whole.questions()[2], whole)


def test_questions_are_numbered_in_the_order_they_are_asked() -> None:
    assert numbers_of(edition(None)) == {"who": 1, "many": 2, "then": 3}


def test_a_question_that_is_always_asked_says_nothing() -> None:
    assert said(None) is None


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Leaf("who", "includes", "van"), "the answer to question 1 includes “A van”"),
        (Leaf("who", "includes_any", ("van", "dk")), "the answer to question 1 includes “A van” or “Don’t know”"),
        (
            Leaf("who", "is_one_of", ("van", "dk", "none")),
            "the answer to question 1 is “A van”, “Don’t know” or “Nobody”",
        ),
        (Leaf("who", "is", "van"), "the answer to question 1 is “A van”"),
        (Leaf("many", "more_than", 0), "the answer to question 2 is more than 0"),
        (Leaf("many", "at_least", 5), "the answer to question 2 is 5 or more"),
        (Not(Leaf("who", "includes", "none")), "the answer to question 1 does not include “Nobody”"),
        (Not(Leaf("who", "is", "none")), "the answer to question 1 is not “Nobody”"),
        (Not(Leaf("many", "more_than", 3)), "the answer to question 2 is not more than 3"),
        (Not(Asked("who")), "this is not so: question 1 is asked"),
        (Asked("many"), "question 2 is asked"),
        (All((Asked("who"), Asked("many"))), "question 1 is asked, and question 2 is asked"),
        (Any((Asked("who"), Asked("many"))), "question 1 is asked, or question 2 is asked"),
        (
            AtLeastOf(1, (Asked("who"), Asked("many"))),
            "at least 1 of these are so: question 1 is asked; question 2 is asked",
        ),
    ],
)
def test_a_condition_is_said_in_the_words_of_the_bank(condition: Condition, words: str) -> None:
    assert said(condition) == f"Asked only if {words}."


def test_a_condition_of_the_duties_has_no_place_in_a_question() -> None:
    with pytest.raises(TypeError, match="duties"):
        said(Always())

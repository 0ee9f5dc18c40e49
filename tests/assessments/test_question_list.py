from __future__ import annotations

from typing import Any

from assess.assessments.question_list import Counts, counts_of, list_questions
from assess.engine.bank import Column, DutyBook, Edition, Option, Question, QuestionType, Section
from assess.engine.conditions import Leaf

OPTIONS = (Option("yes", "Yes, at {wage}"), Option("old", "As before", retired=True), Option("dk", "Don’t know"))


def question(name: str, kind: QuestionType, **more: Any) -> Question:
    return Question(id=name, ask=f"{name}, at {{wage}}?", type=kind, kind="fact", dimension="d", **more)


def edition() -> Edition:
    first = Section(
        "people",
        "People",
        (
            question("who", "choices", options=OPTIONS, quick=True, why="Because of {wage}.", evidence="Rota"),
            question("one", "choice", options=OPTIONS, show_if=Leaf("who", "includes", "yes")),
        ),
    )
    kinds = (
        Column("kind", "Kind", "choice", (Option("house", "House"), Option("van", "Van"))),
        Column("n", "People", "number"),
    )
    second = Section(
        "rest",
        "The rest",
        (
            question("pay", "number", unit="£ an hour"),
            question("many", "number"),
            question("share", "percentage"),
            question("day", "date"),
            question("words", "text", hint="One line"),
            question("homes", "table", columns=kinds),
        ),
    )
    return Edition("farming", "Farming", (first, second), (), (), (), {}, DutyBook((), {}, ()), {})


def test_every_question_is_listed_in_order_with_rates_filled_in() -> None:
    people, rest = list_questions(edition(), {"wage": "£12.71"})
    assert [part.title for part in (people, rest)] == ["People", "The rest"]
    assert [one.number for part in (people, rest) for one in part.questions] == list(range(1, 9))
    who, one = people.questions
    assert (who.ask, who.options, who.why) == (
        "who, at £12.71?",
        ("Yes, at £12.71", "Don’t know"),
        "Because of £12.71.",
    )
    assert (who.quick, who.many, who.asked_if, who.evidence) == (True, True, None, "Rota")
    assert (one.many, one.asked_if) == (False, "Asked only if the answer to question 1 includes “Yes, at £12.71”.")


def test_where_there_is_nothing_to_choose_it_says_what_to_give() -> None:
    rest = list_questions(edition(), {"wage": "£12.71"})[1].questions
    assert [one.how for one in rest] == [
        "a number (£ an hour)",
        "a number",
        "a percentage, from 0 to 100",
        "a date",
        "a line of text",
        None,
    ]
    assert rest[5].columns == ("Kind: House, Van", "People")


def test_counts_tell_what_everybody_is_asked() -> None:
    assert counts_of(edition()) == Counts(total=8, always=7)

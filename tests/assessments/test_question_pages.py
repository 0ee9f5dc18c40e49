"""The page of a section: its words once a day, its answers at every look."""

from __future__ import annotations

from typing import Any

import pytest

from assess.assessments.question_pages import (
    QuestionCounts,
    condition_text,
    count_questions,
    list_questions,
    question_numbers,
)
from assess.assessments.question_parts import short_title
from assess.engine.bank import Column, DutyBook, Edition, Option, Question, QuestionType, Section
from assess.engine.conditions import AllOf, Always, AnyOf, Asked, AtLeastOf, Condition, Leaf, Not

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
    return condition_text(whole.questions()[2], whole)


def test_questions_are_numbered_in_the_order_they_are_asked() -> None:
    assert question_numbers(edition(None)) == {"who": 1, "many": 2, "then": 3}


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
        (AllOf((Asked("who"), Asked("many"))), "question 1 is asked, and question 2 is asked"),
        (AnyOf((Asked("who"), Asked("many"))), "question 1 is asked, or question 2 is asked"),
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


OPTIONS_QUESTION_LIST = (
    Option("yes", "Yes, at {wage}"),
    Option("old", "As before", retired=True),
    Option("dk", "Don’t know"),
)


def question(name: str, kind: QuestionType, **more: Any) -> Question:
    return Question(id=name, ask=f"{name}, at {{wage}}?", type=kind, kind="fact", dimension="d", **more)


def edition_question_list() -> Edition:
    first = Section(
        "people",
        "People",
        (
            question(
                "who", "choices", options=OPTIONS_QUESTION_LIST, quick=True, why="Because of {wage}.", evidence="Rota"
            ),
            question("one", "choice", options=OPTIONS_QUESTION_LIST, show_if=Leaf("who", "includes", "yes")),
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
    people, rest = list_questions(edition_question_list(), {"wage": "£12.71"})
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
    rest = list_questions(edition_question_list(), {"wage": "£12.71"})[1].questions
    assert [one.how for one in rest] == [
        "a number (£ an hour)",
        "a number",
        "a percentage, from 0 to 100",
        "a date",
        "a line of text",
        "",
    ]
    assert rest[5].columns == ("Kind: House, Van", "People")


def test_counts_tell_what_everybody_is_asked() -> None:
    assert count_questions(edition_question_list()) == QuestionCounts(total=8, always=7)


def test_a_short_question_is_its_first_sentence() -> None:
    assert short_title("How many people work for you? Count everyone.") == "How many people work for you"
    assert short_title("List the places where workers live.") == "List the places where workers live"
    long = short_title("x" * 50 + " " + "y" * 60)
    assert len(long) <= 90
    assert long.endswith(" …")


def test_the_words_of_a_page_are_rendered_once(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/people")
    frames = dict(app.extensions["assess.rendered_parts"].frames.kept)
    assert len(frames) == 1
    visit(f"{home}sections/people")
    assert app.extensions["assess.rendered_parts"].frames.kept == frames


def test_the_frame_holds_nothing_of_one_assessment(app: Any, visit: Any, another_visit: Any, begin: Any) -> None:
    first = begin()
    visit(f"{first}sections/people")
    visit.send(core_people_peak="4321", core_people_peak__sure="4321")
    second = begin(who=another_visit)
    page = another_visit(f"{second}sections/people")
    assert "4321" not in page.html
    assert first not in page.html
    assert (
        page.soup.select_one("input[name=csrf_token]")["value"]
        != visit(f"{first}sections/people").soup.select_one("input[name=csrf_token]")["value"]
    )
    assert app.extensions["assess.rendered_parts"].frames.kept


def test_quick_and_full_have_their_own_pages(visit: Any, another_visit: Any, begin: Any) -> None:
    full = visit(f"{begin()}sections/people")
    quick = another_visit(f"{begin(length='quick', who=another_visit)}sections/people")
    assert len(quick.soup.select(".assess-asked")) < len(full.soup.select(".assess-asked"))


def test_every_id_of_a_page_is_there_once(visit: Any, begin: Any) -> None:
    home = begin("hospitality")
    for link in visit(home).soup.select("a[href*='/sections/']"):
        page = visit(link["href"])
        ids = [node["id"] for node in page.soup.select("[id]")]
        assert len(ids) == len(set(ids)), link["href"]
        assert len(page.soup.select("h1")) == 1

from __future__ import annotations

import pytest

from assess.engine.bank import Column, Fact, Option, Question
from assess.engine.wording import answer_text, fact_text, number_text
from tests.builders import a_question

HOMES = Question(
    id="homes",
    ask="Where do people live?",
    type="table",
    kind="fact",
    dimension="home",
    columns=(
        Column(id="kind", label="Kind", type="choice", options=(Option("caravan", "Caravan"),)),
        Column(id="people", label="People", type="number"),
        Column(id="note", label="Note", type="text"),
    ),
)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (13.8, "£ an hour", "£13.80 an hour"),
        (5, "£", "£5.00"),
        (46, "hours", "46 hours"),
        (46.5, None, "46.5"),
        (55, "%", "55%"),
        (2400000, "people", "2,400,000 people"),
    ],
)
def test_a_number_is_said_with_its_unit(value: float, unit: str | None, said: str) -> None:
    assert number_text(value, unit) == said


def test_an_answer_is_said_in_the_words_of_its_options() -> None:
    question = a_question()
    assert answer_text(question, "good") == "Good"
    assert answer_text(question, None) == "Not answered"
    assert answer_text(question, "gone") == "gone"
    assert answer_text(a_question(type="choices", options=question.options), ["good", "bad"]) == ["Good", "Bad"]


def test_dont_know_is_said_where_no_option_says_it() -> None:
    assert answer_text(a_question(type="number", unit="hours"), "dk") == "Don’t know"
    assert answer_text(a_question(), "dk") == "Dk"


def test_numbers_take_the_unit_of_their_question() -> None:
    assert answer_text(a_question(type="number", unit="hours"), 46) == "46 hours"
    assert answer_text(a_question(type="percentage"), 40) == "40%"


def test_rows_are_said_column_by_column_and_empty_cells_left_out() -> None:
    assert answer_text(HOMES, [{"kind": "caravan", "people": 4, "note": ""}]) == ["Kind: Caravan; People: 4"]
    assert answer_text(HOMES, [{"kind": "tent", "note": "damp"}]) == ["Kind: tent; Note: damp"]
    assert answer_text(HOMES, []) == ["None listed"]
    assert answer_text(HOMES, "dk") == ["None listed"]


def a_fact(**changes: object) -> Fact:
    values: dict[str, object] = {"id": "f", "type": "number", "ask": "How many?", "group": "size"}
    return Fact(**(values | changes))  # type: ignore[arg-type]  # a short maker


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        (a_fact(type="yes_no"), True, "Yes"),
        (a_fact(type="yes_no"), False, "No"),
        (a_fact(type="money"), 2400000, "£2,400,000"),
        (a_fact(type="money", unit="Australian dollars"), 5000, "5,000 Australian dollars"),
        (a_fact(type="money"), "<36000000", "less than £36,000,000"),
        (a_fact(type="number", unit="people"), 18, "18 people"),
        (a_fact(type="choice", options=(Option("llp", "A partnership"),)), "llp", "A partnership"),
        (
            a_fact(type="choices", options=(Option("ENG", "England"), Option("WLS", "Wales"))),
            ["ENG", "WLS"],
            "England, Wales",
        ),
        (a_fact(type="choices"), [], "None of these"),
        (a_fact(type="date"), "2026-03-31", "2026-03-31"),
    ],
)
def test_a_fact_is_said_as_a_person_would_read_it(fact: Fact, value: object, said: str) -> None:
    assert fact_text(fact, value) == said  # type: ignore[arg-type]  # any fact value

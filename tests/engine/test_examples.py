from __future__ import annotations

from dataclasses import replace

import pytest

from assess.banks.reader import compile_from
from assess.banks.settings import settings_from
from assess.engine.document import read_edition
from assess.engine.examples import Example, run_example
from tests.shelves import SHOP, START, TODAY, assert_found, problems_after, sound_but

ANSWERS = "answers: {staff: hired, hours: 40, papers: we}"
MORE = """      - id: rooms
        ask: Which rooms are there?
        type: table
        kind: fact
        dimension: pay
        columns: [{id: people, label: People, type: number}]
        sources: [S1]
      - id: kinds
        ask: Which kinds?
        type: choices
        kind: fact
        dimension: pay
        options: [{id: a, label: A}, {id: 2, label: B}, {id: none, label: None}]
        sources: [S1]
      - id: remark
        ask: What else?
        type: text
        kind: fact
        dimension: pay
        sources: [S1]
      - id: hours"""


def differences(expect: dict[str, object]) -> dict[str, str]:
    shelf = sound_but()
    compiled = compile_from(shelf, "shop")
    answers = {"staff": "hired", "hours": 40, "papers": "we"}
    scoring = settings_from(shelf, TODAY).scoring
    uneven = replace(scoring, weights={**scoring.weights, "pay": 1})
    return run_example(read_edition(compiled.document), Example("kept", answers, expect), uneven)


def test_an_example_that_holds_says_nothing() -> None:
    assert differences({"shown": 3, "gap": 0.777778, "band": "critical", "urgent_signs": ["papers"]}) == {}


def test_figures_are_compared_to_the_last_digit_written() -> None:
    assert differences({"gap": 0.7777779}) == {}
    assert differences({"gap": 0.777779}) == {"gap": "In “kept”, gap is 0.777778, not 0.777779."}


def test_lists_are_compared_without_their_order_and_words_word_for_word() -> None:
    assert differences({"urgent_signs": []}) == {"urgent_signs": "In “kept”, urgent_signs is [papers], not []."}
    assert differences({"band": "high"}) == {"band": "In “kept”, band is critical, not high."}


@pytest.mark.parametrize(
    ("edit", "number", "said"),
    [
        (
            (SHOP, "{staff: hired, hours", "{stuff: hired, hours"),
            "BANK091",
            "no question “stuff”; did you mean “staff”?",
        ),
        ((SHOP, "{staff: hired, hours", "{staff: hire, hours"), "BANK091", "“staff” has no option “hire”"),
        ((SHOP, "{staff: hired, hours", "{staff: [hired], hours"), "BANK091", "“staff” takes one option id"),
        ((SHOP, "hours: 40,", "hours: many,"), "BANK091", "“hours” takes a number from 0, or dk"),
        ((SHOP, "hours: 40,", "hours: -1,"), "BANK091", "“hours” takes a number from 0, or dk"),
        ((SHOP, ANSWERS, "answers: {kinds: []}"), "BANK091", "“kinds” takes a list of option ids"),
        ((SHOP, ANSWERS, "answers: {kinds: a}"), "BANK091", "“kinds” takes a list of option ids"),
        ((SHOP, ANSWERS, "answers: {kinds: [a, none]}"), "BANK091", "“none” stands alone"),
        ((SHOP, ANSWERS, "answers: {rooms: 3}"), "BANK091", "“rooms” takes a list of rows"),
        ((SHOP, ANSWERS, "answers: {remark: 3}"), "BANK091", "“remark” takes a text"),
        ((SHOP, "  - title: kept", "  - title: kept\n    from: famly"), "BANK092", "did you mean “family”?"),
        ((SHOP, "  - title: kept", "  - title: family"), "BANK030", "“family” stands here for the second time"),
    ],
)
def test_answers_that_cannot_be_given_are_refused(edit: tuple[str, str, str], number: str, said: str) -> None:
    assert_found(problems_after((START, "      - id: hours", MORE), edit, examples=True), number, said)


def test_an_example_may_start_from_another_and_change_it() -> None:
    more = """  - title: given back
    from: kept
    change: {papers: they, hours: dk, rooms: [], kinds: [2], remark: nothing}
    evidence_share: 1
    expect: {urgent_signs: []}
  - {title: the same, from: given back, quick: true, change: {}, expect: {shown: 1}}
"""
    shelf = sound_but((START, "      - id: hours", MORE), (SHOP, "expect: {shown: 1, ", "expect: {"))
    edits = [(START, "      - id: hours", MORE), (SHOP, sound_but().sheets[SHOP].text, shelf.sheets[SHOP].text + more)]
    assert problems_after(*edits, examples=True) == []
    _, _, third, fourth = compile_from(sound_but(*edits), "shop").examples
    assert third.answers == {
        "staff": "hired",
        "hours": "dk",
        "papers": "they",
        "rooms": [],
        "kinds": ["2"],
        "remark": "nothing",
    }
    assert (fourth.answers, fourth.evidence_share, fourth.quick) == (third.answers, 1, True)

"""The rules judged by people: on questions they were made on, and on questions written after they were frozen.

Nobody tunes a rule on the second part. A floor lies a little below what was measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from assess.engine.author_checks import (
    Remark,
    author_remarks,
    is_hard,
    reading_age,
    second_question,
    sentences_of,
    syllables,
    text_remarks,
)
from assess.engine.bank import DutyBook, NumberBand, Question, RemarkRule, TickStep
from assess.engine.conditions import Leaf, Not
from assess.engine.problems import DocumentPath
from tests.builders import a_bank, a_duty, a_number, a_question, a_sign_question, an_action, an_option, several


def rules(text: str, *, asks: bool = True) -> set[RemarkRule]:
    return {remark.rule for remark in text_remarks(text, asks=asks)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Do you keep papers? Do you give them back?", RemarkRule.TWO_QUESTIONS),
        ("Do you pay overtime and do you keep records?", RemarkRule.TWO_QUESTIONS),
        ("How many people work here, and how many of them are under 18?", RemarkRule.TWO_QUESTIONS),
        ("Do you never pay nobody late?", RemarkRule.DOUBLE_NEGATIVE),
        ("Is it not true that you do not pay on time?", RemarkRule.DOUBLE_NEGATIVE),
        ("Surely you pay everyone on time?", RemarkRule.LOADED_WORDS),
        ("Do you still employ illegals?", RemarkRule.LOADED_WORDS),
        ("Do organisational remuneration methodologies incorporate intermediaries?", RemarkRule.HARD_WORDS),
        ("When " + "people work " * 13 + "who pays?", RemarkRule.LONG_SENTENCE),
    ],
)
def test_what_is_hard_to_answer_is_remarked_upon(text: str, rule: RemarkRule) -> None:
    assert rule in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who keeps workers’ passports, ID cards and bank cards?",
        "Do you charge for food and transport?",
        "Can a worker leave without paying anything?",
        "How often do you look at the hours and pay of each worker?",
        "Is anyone under 18 working here, or not?",
        "Do you know {helpline}?",
    ],
)
def test_what_is_plain_is_left_alone(text: str) -> None:
    assert rules(text) == set()


def of_rule(rule: RemarkRule, *questions: object) -> list[str]:
    return [one.question for one in author_remarks(a_bank(*questions)) if one.remark.rule is rule]  # type: ignore[arg-type]


def test_points_that_no_answer_can_cost() -> None:
    few = several("few", options=(an_option("a", 1), an_option("b", 1), an_option("none", 0)), cap=6)
    assert of_rule(RemarkRule.POINTS_OUT_OF_REACH, few) == ["few"]
    assert of_rule(RemarkRule.POINTS_OUT_OF_REACH, replace(few, cap=2)) == []
    ticked = replace(few, cap=None, ticks=(TickStep(0, 4), TickStep(3, 0)))
    assert of_rule(RemarkRule.POINTS_OUT_OF_REACH, ticked) == ["few"]
    share = a_number("share", type="percentage", bands=(NumberBand(50, 0), NumberBand(100, 2), NumberBand(None, 4)))
    assert of_rule(RemarkRule.POINTS_OUT_OF_REACH, share) == ["share"]


def test_a_worse_answer_that_spares_a_question() -> None:
    first = a_question("first", options=(an_option("good", 0), an_option("bad", 1)))
    spared = a_question("spared", show_if=Leaf("first", "is", "good"))
    assert of_rule(RemarkRule.BETTER_BY_HIDING, first, spared, a_question("rest")) == ["spared"]
    assert of_rule(RemarkRule.BETTER_BY_HIDING, first, replace(spared, show_if=Not(spared.show_if))) == []  # type: ignore[arg-type]
    assert (
        of_rule(RemarkRule.BETTER_BY_HIDING, first, replace(spared, kind="fact", options=(an_option("x", None),))) == []
    )


@pytest.mark.parametrize(
    "do",
    [
        "Dismiss the supervisor.",
        "Call the helpline. Then move them to another house.",
        "Send workers home today.",
        "Stop using the agency.",
    ],
)
def test_an_action_that_moves_people_waits_for_advice(do: str) -> None:
    keep = a_sign_question("keep", action=an_action(do))
    assert of_rule(RemarkRule.DISMISSES_WITHOUT_ADVICE, keep) == ["keep"]
    assert of_rule(RemarkRule.DISMISSES_WITHOUT_ADVICE, replace(keep, action=an_action(do, after_advice=True))) == []
    assert of_rule(RemarkRule.DISMISSES_WITHOUT_ADVICE, replace(keep, can_sign=False)) == []


def test_an_action_that_forbids_to_move_people_is_left_alone() -> None:
    kept = a_sign_question("keep", action=an_action("Do not send workers home. Question nobody."))
    assert of_rule(RemarkRule.DISMISSES_WITHOUT_ADVICE, kept) == []


def find_out(do: str) -> Question:
    unknown = an_option("dk", 4, action=an_action(do, after_advice=True))
    return a_sign_question("keep", options=(an_option("good", 0), an_option("bad", 4, sign="urgent"), unknown))


@pytest.mark.parametrize(
    "do",
    [
        "Find out: who keeps them? Ask your managers, not the workers.",
        "Find out who was moved. Talk to the supervisor.",
        "Look at payslips. Then call the agency.",
        "Find out: ask the head of each team.",
        "Search the rooms.",
        "Move them first.",
    ],
)
def test_a_step_to_find_out_asks_nobody_who_may_control(do: str) -> None:
    assert of_rule(RemarkRule.ASKS_WHO_MAY_CONTROL, find_out(do)) == ["keep"]
    assert of_rule(RemarkRule.ASKS_WHO_MAY_CONTROL, replace(find_out(do), can_sign=False)) == []
    asked = replace(find_out("Look at the list."), action=an_action(do))
    assert of_rule(RemarkRule.ASKS_WHO_MAY_CONTROL, asked) == []


@pytest.mark.parametrize(
    "do",
    [
        "Find out: who keeps them? Look at payslips you already have. Ask nobody.",
        "Look at the list. Call the helpline on {helpline} before you ask anyone.",
        "Look in the log. Ask no workers about it yet.",
        "Call the helpline first for how to ask people safely.",
        "Search your own papers. Never ask the agency.",
    ],
)
def test_a_step_that_looks_in_papers_is_left_alone(do: str) -> None:
    assert of_rule(RemarkRule.ASKS_WHO_MAY_CONTROL, find_out(do)) == []


def test_an_answer_that_nobody_looked_brings_a_step_to_find_out() -> None:
    looked = an_option("unasked", 3, not_looked=True, action=an_action("Ask the supervisor."))
    keep = a_sign_question("keep", options=(an_option("good", 0), an_option("bad", 4, sign="urgent"), looked))
    assert of_rule(RemarkRule.ASKS_WHO_MAY_CONTROL, keep) == ["keep"]


def of_duty(**changes: object) -> list[DocumentPath]:
    bank = replace(a_bank(a_question("one")), duty_book=DutyBook((), {}, (a_duty("tell", **changes),)))
    return [one.place for one in author_remarks(bank) if one.question == "tell"]


def test_a_duty_whose_source_nobody_can_read() -> None:
    assert of_duty(source="Modern Slavery Act 2015, section 54", url="https://law.example/2015/30") == []
    assert of_duty(source="tbc", url="https://law.example/2015/30") == [("duty_book", "duties", 0, "source")]
    assert of_duty(source="An Act", url="https://law.example/") == [("duty_book", "duties", 0, "url")]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Is it checked? By whom?", "two question marks"),
        ("Do you use agencies and have you seen their licence?", "and have you"),
        ("How many live here, and how much do they pay?", "and how much"),
        ("Do you check passports and keep copies?", "and keep"),
        ("In the last year, did you visit the site and report what you saw?", "and report what"),
    ],
)
def test_where_the_second_one_begins(text: str, where: str) -> None:
    assert second_question(text) == where


@pytest.mark.parametrize(
    "text",
    [
        "Do you charge for food and rest rooms?",
        "Do workers read and understand their terms?",
        "Who finds and pays for the house?",
        "If you found someone, do you know who to call and what not to do?",
        "Do you pay for gloves, boots and tests?",
    ],
)
def test_one_thing_is_one_question(text: str) -> None:
    assert second_question(text) is None


@pytest.mark.parametrize(
    ("word", "count"),
    [("pay", 1), ("worker", 2), ("passport", 2), ("hospitality", 5), ("paid", 1), ("worked", 1), ("trusted", 2), ("people", 2), ("wage", 1)],
)  # fmt: skip
def test_syllables_are_counted_about_right(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_formula_is_that_of_flesch_and_kincaid() -> None:
    # 8 words in 1 sentence with 10 syllables: 0.39 * 8 + 11.8 * 10 / 8 - 15.59 = 2.28 years at school
    assert reading_age("Who pays the worker when it rains here?") == pytest.approx(5 + 0.39 * 8 + 11.8 * 9 / 8 - 15.59)


def test_two_short_sentences_are_easier_than_a_long_one() -> None:
    assert reading_age("You pay on Friday. They sign for it.") < reading_age("You pay on Friday and they sign for it.")


def test_nothing_written_asks_for_no_age() -> None:
    assert reading_age("12.50 ?") == 0
    assert sentences_of("One. Two?  Three") == ["One", "Two", "Three"]


LABELLED = Path(__file__).parent / "labelled_questions.yaml"
RULES = (
    RemarkRule.LONG_SENTENCE,
    RemarkRule.READING_AGE,
    RemarkRule.HARD_WORDS,
    RemarkRule.TWO_QUESTIONS,
    RemarkRule.DOUBLE_NEGATIVE,
    RemarkRule.LOADED_WORDS,
)


class Measured(NamedTuple):
    """Of what a rule said, which part was right; of what it should have said, which part it did."""

    precision: float
    recall: float


@cache
def labelled() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    found: Mapping[str, Sequence[Mapping[str, Any]]] = YAML(typ="safe").load(LABELLED)
    return found


def part(key: str, *, after: bool) -> list[Mapping[str, Any]]:
    return [one for one in labelled()[key] if one.get("after", False) is after]


def measured(rule: RemarkRule, *, after: bool) -> Measured:
    told = Counter(
        (rule.value in one.get("bad", ()), any(remark.rule is rule for remark in text_remarks(one["ask"], asks=True)))
        for one in part("questions", after=after)
    )
    right, false, missed = told[True, True], told[False, True], told[True, False]
    return Measured(right / (right + false), right / (right + missed))


def test_there_are_enough_questions() -> None:
    assert len(part("questions", after=False)) >= 120
    assert len(part("questions", after=True)) >= 100
    asks = [one["ask"] for one in labelled()["questions"]]
    assert len(set(asks)) == len(asks)
    assert {rule for one in labelled()["questions"] for rule in one.get("bad", ())} == {rule.value for rule in RULES}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_right_about_the_questions_it_was_made_on(rule: RemarkRule) -> None:
    found = measured(rule, after=False)
    assert found.precision >= 0.9
    assert found.recall >= 0.9


LEAST_RECALL = {
    RemarkRule.LONG_SENTENCE: 0.9,
    RemarkRule.READING_AGE: 0.9,
    RemarkRule.HARD_WORDS: 0.75,
    RemarkRule.TWO_QUESTIONS: 0.5,
    RemarkRule.DOUBLE_NEGATIVE: 0.4,
    RemarkRule.LOADED_WORDS: 0.35,
}
"""A rule of thumb overlooks much: measured were 1.00, 1.00, 0.80, 0.56, 0.45 and 0.40. What it says was right each time."""


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_right_about_questions_it_had_never_seen(rule: RemarkRule) -> None:
    found = measured(rule, after=True)
    assert found.precision >= 0.9
    assert found.recall >= LEAST_RECALL[rule]


def hides(pair: Mapping[str, Any]) -> bool:
    """Whether the rule says that a worse answer may come out better."""
    first = a_question("first", options=tuple(an_option(name, points) for name, points in pair["first"].items()))
    second = a_question("second", show_if=Leaf("first", "is_one_of", tuple(pair["asked_after"])))
    others = [a_question(f"other_{number}") for number in range(3)]
    remarks = author_remarks(a_bank(first, second, *others))
    return any(one.remark.rule is RemarkRule.BETTER_BY_HIDING for one in remarks)


def test_what_comes_out_better_by_hiding_is_what_was_worked_out_on_paper() -> None:
    assert [hides(one) for one in labelled()["pairs"]] == [one["bad"] for one in labelled()["pairs"]]


@pytest.mark.parametrize(
    "text",
    [
        "Never or almost never",
        "No, not for some workers",
        "No key and no notice means no freedom.",
        "Closing is a way to avoid fines and unpaid wages.",
    ],
)
def test_denials_side_by_side_are_no_double_ones(text: str) -> None:
    assert not list(text_remarks(text))


def test_an_answer_may_name_what_a_question_must_not_push_to() -> None:
    assert not list(text_remarks("You should call the helpline."))
    assert [one.found for one in text_remarks("Do you agree that you should call?", asks=True)] == [
        "do you agree",
        "you should",
    ]


def test_names_and_words_of_the_trade_are_not_hard() -> None:
    assert not any(is_hard(word) for word in ("Northumberland", "subcontractor’s", "right-to-work", "paid"))
    assert is_hard("remuneration")


def test_each_rule_says_what_to_do() -> None:
    assert all(Remark(rule, "").repair for rule in RemarkRule)

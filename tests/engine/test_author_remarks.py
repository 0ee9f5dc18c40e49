from __future__ import annotations

from dataclasses import replace

import pytest

from assess.engine.author_remarks import author_remarks
from assess.engine.bank import DutyBook, NumberBand, Question, TickStep
from assess.engine.conditions import Leaf, Not
from assess.engine.problems import Place
from assess.engine.wording_remarks import Rule, remarks_on
from tests.builders import a_bank, a_duty, a_number, a_question, a_sign_question, an_action, an_option, several


def rules(text: str, *, asks: bool = True) -> set[Rule]:
    return {remark.rule for remark in remarks_on(text, asks=asks)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Do you keep papers? Do you give them back?", Rule.TWO_QUESTIONS),
        ("Do you pay overtime and do you keep records?", Rule.TWO_QUESTIONS),
        ("How many people work here, and how many of them are under 18?", Rule.TWO_QUESTIONS),
        ("Do you never pay nobody late?", Rule.DOUBLE_NEGATIVE),
        ("Is it not true that you do not pay on time?", Rule.DOUBLE_NEGATIVE),
        ("Surely you pay everyone on time?", Rule.LOADED_WORDS),
        ("Do you still employ illegals?", Rule.LOADED_WORDS),
        ("Do organisational remuneration methodologies incorporate intermediaries?", Rule.HARD_WORDS),
        ("When " + "people work " * 13 + "who pays?", Rule.LONG_SENTENCE),
    ],
)
def test_what_is_hard_to_answer_is_remarked_upon(text: str, rule: Rule) -> None:
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


def of_rule(rule: Rule, *questions: object) -> list[str]:
    return [one.question for one in author_remarks(a_bank(*questions)) if one.remark.rule is rule]  # type: ignore[arg-type]


def test_points_that_no_answer_can_cost() -> None:
    few = several("few", options=(an_option("a", 1), an_option("b", 1), an_option("none", 0)), cap=6)
    assert of_rule(Rule.POINTS_OUT_OF_REACH, few) == ["few"]
    assert of_rule(Rule.POINTS_OUT_OF_REACH, replace(few, cap=2)) == []
    ticked = replace(few, cap=None, ticks=(TickStep(0, 4), TickStep(3, 0)))
    assert of_rule(Rule.POINTS_OUT_OF_REACH, ticked) == ["few"]
    share = a_number("share", type="percentage", bands=(NumberBand(50, 0), NumberBand(100, 2), NumberBand(None, 4)))
    assert of_rule(Rule.POINTS_OUT_OF_REACH, share) == ["share"]


def test_a_worse_answer_that_spares_a_question() -> None:
    first = a_question("first", options=(an_option("good", 0), an_option("bad", 1)))
    spared = a_question("spared", show_if=Leaf("first", "is", "good"))
    assert of_rule(Rule.BETTER_BY_HIDING, first, spared, a_question("rest")) == ["spared"]
    assert of_rule(Rule.BETTER_BY_HIDING, first, replace(spared, show_if=Not(spared.show_if))) == []  # type: ignore[arg-type]
    assert of_rule(Rule.BETTER_BY_HIDING, first, replace(spared, kind="fact", options=(an_option("x", None),))) == []


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
    assert of_rule(Rule.DISMISSES_WITHOUT_ADVICE, keep) == ["keep"]
    assert of_rule(Rule.DISMISSES_WITHOUT_ADVICE, replace(keep, action=an_action(do, after_advice=True))) == []
    assert of_rule(Rule.DISMISSES_WITHOUT_ADVICE, replace(keep, can_sign=False)) == []


def test_an_action_that_forbids_to_move_people_is_left_alone() -> None:
    kept = a_sign_question("keep", action=an_action("Do not send workers home. Question nobody."))
    assert of_rule(Rule.DISMISSES_WITHOUT_ADVICE, kept) == []


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
    assert of_rule(Rule.ASKS_WHO_MAY_CONTROL, find_out(do)) == ["keep"]
    assert of_rule(Rule.ASKS_WHO_MAY_CONTROL, replace(find_out(do), can_sign=False)) == []
    asked = replace(find_out("Look at the list."), action=an_action(do))
    assert of_rule(Rule.ASKS_WHO_MAY_CONTROL, asked) == []


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
    assert of_rule(Rule.ASKS_WHO_MAY_CONTROL, find_out(do)) == []


def test_an_answer_that_nobody_looked_brings_a_step_to_find_out() -> None:
    looked = an_option("unasked", 3, not_looked=True, action=an_action("Ask the supervisor."))
    keep = a_sign_question("keep", options=(an_option("good", 0), an_option("bad", 4, sign="urgent"), looked))
    assert of_rule(Rule.ASKS_WHO_MAY_CONTROL, keep) == ["keep"]


def of_duty(**changes: object) -> list[Place]:
    bank = replace(a_bank(a_question("one")), duty_book=DutyBook((), {}, (a_duty("tell", **changes),)))
    return [one.place for one in author_remarks(bank) if one.question == "tell"]


def test_a_duty_whose_source_nobody_can_read() -> None:
    assert of_duty(source="Modern Slavery Act 2015, section 54", url="https://law.example/2015/30") == []
    assert of_duty(source="tbc", url="https://law.example/2015/30") == [("duty_book", "duties", 0, "source")]
    assert of_duty(source="An Act", url="https://law.example/") == [("duty_book", "duties", 0, "url")]

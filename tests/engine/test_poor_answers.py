from __future__ import annotations

from dataclasses import replace

import pytest

from assess.engine.bank import NO_ACTION, AnswerValue, NumberBand, Question, TickStep
from assess.engine.plan import AnswerAction, answer_action, points_after, poor_questions, priority_days, raised_priority
from assess.engine.scoring import score_answers
from tests.builders import (
    a_bank,
    a_charge,
    a_number,
    a_question,
    a_rate,
    a_sign_question,
    an_action,
    an_option,
    several,
    some_settings,
    ticks,
)

GENERAL = an_action("General.")
OWN = an_action("Own.")
FIND = an_action("Find out: it.", priority=7)


def remedy(question: Question, answer: AnswerValue | None) -> AnswerAction | None:
    """The action of an answer in a bank of this one question; None where the answer is not poor."""
    bank = a_bank(question)
    result = score_answers(bank, {} if answer is None else {question.id: answer}, some_settings())
    if question.id not in poor_questions(bank, result):
        return None
    return answer_action(question, answer, some_settings(), not_looked=bool(result.not_looked))


def does(question: Question, answer: AnswerValue | None) -> str | None:
    found = remedy(question, answer)
    return found.action.do if found else None


def test_two_points_are_poor_one_is_not_and_a_sign_always_is() -> None:
    question = a_question(action=GENERAL)
    assert [does(question, answer) for answer in ("good", "fair", "poor", "bad")] == [
        None,
        None,
        "General.",
        "General.",
    ]
    light = a_sign_question(options=(an_option("good"), an_option("light", 1, sign="serious")))
    assert does(light, "light") == "Stop s."


def test_an_answer_against_a_duty_is_poor_whatever_it_costs() -> None:
    options = (an_option("good"), an_option("light", 1), an_option("against", 0, breach="slips"))
    question = a_question(options=options, action=GENERAL)
    assert [does(question, answer) for answer in ("good", "light", "against")] == [None, None, "General."]


def test_not_looked_is_poor_where_the_question_can_raise_a_sign_and_finds_out() -> None:
    guess = an_option("guess", 1, not_looked=True, action=FIND)
    grave = a_sign_question(options=(an_option("good"), guess, an_option("bad", 4, sign="serious")))
    assert remedy(grave, "guess") == AnswerAction(FIND, find_out=True)
    assert remedy(a_question(options=(an_option("good"), guess)), "guess") is None
    dear = a_question(options=(an_option("good"), replace(guess, points=2)))
    assert remedy(dear, "guess") == AnswerAction(FIND, find_out=True)


def test_of_several_choices_one_against_a_duty_comes_before_a_dearer_one_and_after_a_sign() -> None:
    options = (
        an_option("dear", 4, action=an_action("Dear.")),
        an_option("against", 1, breach="slips", action=an_action("Slips.")),
        an_option("grave", 1, sign="serious", action=an_action("Grave.")),
    )
    question = several(options=options, can_sign=True)
    assert does(question, ["dear", "against"]) == "Slips."
    assert does(question, ["dear", "against", "grave"]) == "Grave."


def test_an_action_brings_the_answer_it_reaches_else_the_best() -> None:
    question = a_question()
    assert points_after(question, None, some_settings()) == 0
    assert points_after(question, GENERAL, some_settings()) == 0
    assert points_after(question, an_action(reaches="fair"), some_settings()) == 1
    assert points_after(a_number(), an_action(reaches=15), some_settings()) == 2


def test_elsewhere_the_questions_action_serves_every_poor_answer_dont_know_too() -> None:
    assert remedy(a_question(action=GENERAL), "dk") == AnswerAction(GENERAL, find_out=False)
    assert remedy(a_question(action=GENERAL), None) == AnswerAction(GENERAL, find_out=False)
    assert does(a_question(), "bad") is None


def test_an_option_may_carry_its_own_or_none() -> None:
    options = (
        an_option("good"),
        an_option("own", 3, action=OWN),
        an_option("none", 3, action=NO_ACTION),
        an_option("dk", 4, action=FIND),
    )
    question = a_question(options=options, action=GENERAL)
    assert does(question, "own") == "Own."
    assert does(question, "none") is None
    assert remedy(question, "dk") == AnswerAction(FIND, find_out=True)
    assert remedy(question, None) == AnswerAction(FIND, find_out=True)


def test_on_a_sign_question_the_action_belongs_to_the_answers_that_raise_one() -> None:
    question = a_sign_question()
    assert does(question, "urgent") == does(question, "serious") == "Stop s."
    assert does(question, "poor") == "Better s."
    assert remedy(question, "dk") == AnswerAction(question.options[-1].action, find_out=True)
    bare = a_sign_question(options=(an_option("poor", 3), an_option("dk", 4)))
    assert does(bare, "poor") is None
    assert does(bare, "dk") is None


def test_where_not_knowing_is_the_sign_it_brings_the_worst_action() -> None:
    question = a_sign_question(options=(an_option("good"), an_option("dk", 4, sign="serious")))
    assert remedy(question, "dk") == AnswerAction(an_action("Stop s."), find_out=False)


def test_of_several_choices_the_gravest_brings_its_action() -> None:
    options = (
        an_option("none"),
        an_option("mild", 1, action=an_action("Mild.")),
        an_option("bad", 2, action=an_action("Bad.")),
        an_option("worse", 3, action=an_action("Worse.")),
        an_option("grave", 4, sign="serious"),
        an_option("urgent", 4, sign="urgent", action=an_action("Now.")),
    )
    question = several(options=options, can_sign=True, action=GENERAL)
    assert does(question, ["mild"]) is None
    assert does(question, ["mild", "bad"]) == "Bad."
    assert does(question, ["bad", "worse"]) == "Worse."
    assert does(question, ["worse", "grave"]) == "General."
    assert does(question, ["grave", "urgent"]) == "Now."


def test_choices_that_are_poor_only_together_bring_the_action_of_the_dearest() -> None:
    options = (
        an_option("a", 1, action=an_action("A.")),
        an_option("b", 1.5, action=an_action("B.")),
        an_option("c", 1),
    )
    assert does(several(options=options), ["a", "b"]) == "B."
    assert does(several(options=options, action=GENERAL), ["a", "c"]) == "A."


def test_false_holds_only_for_the_option_it_stands_on() -> None:
    options = (an_option("a", 3, action=NO_ACTION), an_option("b", 2, action=OWN), an_option("c", 1))
    question = several(options=options, action=GENERAL)
    assert does(question, ["a", "b"]) == "Own."
    assert does(question, ["a"]) is None
    assert does(question, ["a", "c"]) is None


def test_counted_ticks_bring_the_questions_action() -> None:
    question = ticks(action=GENERAL)
    assert does(question, ["a"]) == "General."
    assert does(question, ["none"]) == "General."
    assert does(question, ["dk"]) == "General."
    assert does(question, ["a", "b", "c"]) is None
    assert does(ticks(ticks=(TickStep(1, 0), TickStep(0, 4))), ["none"]) is None


def test_numbers_bring_the_action_of_their_band() -> None:
    bands = (NumberBand(10, 0), NumberBand(20, 2, action=OWN), NumberBand(30, 3), NumberBand(None, 4, sign="serious"))
    question = a_number(bands=bands, can_sign=True, action=GENERAL, dk_action=FIND)
    assert [does(question, answer) for answer in (5, 15, 25, 35)] == [None, "Own.", None, "General."]
    assert remedy(question, "dk") == AnswerAction(FIND, find_out=True)
    assert remedy(question, None) == AnswerAction(FIND, find_out=True)
    plain = a_number(action=GENERAL)
    assert [does(plain, answer) for answer in (15, "dk")] == ["General.", "General."]
    assert does(a_number(action=GENERAL, dk_action=NO_ACTION), "dk") is None
    assert does(a_number(can_sign=True, action=GENERAL), "dk") is None


def test_the_two_rules_bring_theirs() -> None:
    assert [does(a_rate(), answer) for answer in (20, 15, 5)] == [
        None,
        "Ask what is in the rate.",
        "Ask for a breakdown.",
    ]
    assert [does(a_charge(), answer) for answer in (0, 5, 50)] == [None, None, "Cut the charge."]
    assert does(a_charge(), "dk") == "Find out: the charge."


def test_an_option_without_an_action_falls_back_on_the_one_for_dont_know() -> None:
    options = (an_option("good"), an_option("dk", 4))
    question = a_sign_question(options=options, dk_action=FIND)
    assert remedy(question, "dk") == AnswerAction(FIND, find_out=True)


@pytest.mark.parametrize(
    ("priority", "sign", "expected"),
    [
        (90, None, 90),
        (90, "urgent", "immediate"),
        (90, "serious", 30),
        (7, "serious", 7),
        ("immediate", "serious", "immediate"),
        ("immediate", None, "immediate"),
    ],
)
def test_a_sign_lifts_the_priority(priority: int | str, sign: str | None, expected: int | str) -> None:
    assert raised_priority(priority, sign) == expected


def test_a_breach_lifts_the_priority_to_a_month() -> None:
    assert [raised_priority(priority, None, breach=True) for priority in ("immediate", 7, 90)] == ["immediate", 7, 30]


def test_at_once_is_no_days() -> None:
    assert [priority_days("immediate"), priority_days(30)] == [0, 30]

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assess.engine.bank import Edition, Value
from assess.engine.plan import ADVICE_FIRST, plan
from assess.engine.result import JudgedDuty, Plan, Step
from assess.engine.scoring import score
from tests.builders import (
    a_bank,
    a_charge,
    a_check,
    a_judged_duty,
    a_number,
    a_question,
    a_sign_question,
    an_action,
    an_option,
    some_settings,
)

TODAY = date(2026, 11, 24)


def planned(bank: Edition, answers: dict[str, Value], *duties: JudgedDuty, quick: bool = False) -> Plan:
    result = score(bank, answers, some_settings(), quick=quick)
    return plan(bank, answers, result, some_settings(), duties, TODAY)


def order(found: Plan) -> list[str]:
    return [action.question for action in found.actions]


def test_first_by_priority_then_by_gain_for_the_effort_then_by_the_order_of_the_bank() -> None:
    bank = a_bank(
        a_question("late", action=an_action(priority=90)),
        a_question("costly", action=an_action(effort="L")),
        a_question("light", dimension="voice", action=an_action()),
        a_question("heavy", dimension="home", action=an_action()),
        a_question("same", dimension="home", action=an_action()),
        a_question("now", dimension="voice", action=an_action(priority="immediate", effort="L")),
        a_question("week", dimension="voice", action=an_action(priority=7, effort="L")),
    )
    found = planned(bank, dict.fromkeys(order_of(bank), "bad"))
    assert order(found) == ["now", "week", "heavy", "same", "light", "costly", "late"]
    assert [step.id for step in found.do_first] == order(found)
    assert {step.what for step in found.do_first} == {"action"}


def order_of(bank: Edition) -> list[str]:
    return [question.id for question in bank.questions()]


def test_gain_is_what_the_score_would_lose() -> None:
    bank = a_bank(a_question("pay", action=an_action()), a_question("home", dimension="home", action=an_action()))
    answers: dict[str, Value] = {"pay": "bad", "home": "poor"}
    gains = {action.question: action.gain for action in planned(bank, answers).actions}
    now = score(bank, answers, some_settings()).score
    assert gains == {
        name: now - score(bank, answers | {name: "good"}, some_settings()).score for name in ("pay", "home")
    }


def test_exposure_brings_an_action_without_gain_and_is_no_first_step() -> None:
    bank = a_bank(
        a_question("exposed", kind="exposure", action=an_action(priority="immediate")),
        a_question("pay", action=an_action(priority=90)),
    )
    found = planned(bank, {"exposed": "bad", "pay": "bad"})
    assert order(found) == ["exposed", "pay"]
    assert (found.actions[0].gain, found.actions[0].kind, found.actions[0].dimension) == (None, "exposure", "pay")
    assert found.do_first == (Step("action", "pay"),)


def test_a_sign_lifts_the_priority_and_urgent_ones_come_first() -> None:
    bank = a_bank(
        a_question("now", action=an_action(priority="immediate")),
        a_sign_question("serious", action=an_action(priority=180)),
        a_sign_question("urgent", action=an_action(priority=180, effort="L")),
    )
    found = planned(bank, {"now": "bad", "serious": "serious", "urgent": "urgent"})
    assert order(found) == ["urgent", "now", "serious"]
    assert [(action.priority, action.days, action.sign) for action in found.actions] == [
        ("immediate", 0, "urgent"),
        ("immediate", 0, None),
        (30, 30, "serious"),
    ]


def test_pressing_duties_come_after_urgent_signs_and_before_the_rest() -> None:
    bank = a_bank(a_question("now", action=an_action(priority="immediate")), a_sign_question("urgent"))
    duties = [
        a_judged_duty("later", due="2026-12-24"),
        a_judged_duty("overdue", due="2026-10-01", overdue=True),
        a_judged_duty("same_day_first", due="2026-12-01"),
        a_judged_duty("same_day_second", due="2026-12-01"),
    ]
    found = planned(bank, {"now": "bad", "urgent": "urgent"}, *duties)
    assert found.do_first == (
        Step("action", "urgent"),
        Step("duty", "overdue"),
        Step("duty", "same_day_first"),
        Step("duty", "same_day_second"),
        Step("duty", "later"),
        Step("action", "now"),
    )


@pytest.mark.parametrize(
    "duty",
    [
        a_judged_duty(due="2026-12-25"),
        a_judged_duty(due=None),
        a_judged_duty(due="2026-12-01", verdict="to_check"),
        a_judged_duty(due="2026-12-01", verdict="does_not_apply"),
        a_judged_duty(due="2026-12-01", status="enacted_not_in_force"),
        a_judged_duty(due="2026-12-01", force="good_practice"),
        a_judged_duty(due="2026-12-01", force="expected"),
    ],
)
def test_duties_that_can_wait_or_do_not_bind_are_no_first_step(duty: JudgedDuty) -> None:
    assert planned(a_bank(), {}, duty).do_first == ()


@pytest.mark.parametrize(("verdict", "steps"), [("applies", ("duty",)), ("to_check", ()), ("does_not_apply", ())])
def test_what_is_expected_presses_only_where_the_statement_is_owed(verdict: str, steps: tuple[str, ...]) -> None:
    statement = a_judged_duty("uk_s54_statement", verdict=verdict)
    expected = a_judged_duty(due="2026-12-01", force="expected")
    assert tuple(step.id for step in planned(a_bank(), {}, statement, expected).do_first) == steps


def held_bank(*, third_party: bool) -> Edition:
    options = (an_option("good"), an_option("bad", 4, sign="serious", third_party=third_party))
    careful = an_action("Move people out.", after_advice=True)
    return a_bank(
        a_question("home", action=careful, dimension="home"),
        a_question("plain", action=an_action("Paint the wall.")),
        a_sign_question("speaks", options=options),
        a_sign_question("urgent", dimension="papers"),
    )


@pytest.mark.parametrize(
    ("third_party", "answers", "held"),
    [
        (False, {"speaks": "bad", "urgent": "good"}, False),
        (True, {"speaks": "bad", "urgent": "good"}, True),
        (False, {"speaks": "good", "urgent": "urgent"}, True),
        (True, {"speaks": "good", "urgent": "dk"}, False),
    ],
)
def test_advice_comes_first_while_an_urgent_sign_or_control_by_others_is_open(
    answers: dict[str, Value], *, third_party: bool, held: bool
) -> None:
    found = planned(held_bank(third_party=third_party), {"home": "bad", "plain": "bad"} | answers)
    actions = {action.question: action for action in found.actions}
    assert actions["home"].held is held
    assert actions["home"].do == (ADVICE_FIRST if held else "Move people out.")
    assert actions["plain"].do == "Paint the wall."
    assert actions["plain"].held is False


def test_the_words_that_hold_an_action_back() -> None:
    assert ADVICE_FIRST == "Call the helpline first; ask and move nobody yet"


def test_checks_that_fire_bring_their_action_without_gain() -> None:
    d3 = a_check(
        "D3",
        rule="charge_above_offset",
        inputs={"charge": "charge"},
        sign="serious",
        ilo=(8,),
        action=an_action("Check this sum.", priority=90),
    )
    silent = a_check("D5", rule="crowding", inputs={"table": "t", "people": "p", "bedrooms": "b"}, action=an_action())
    bare = a_check("D9", rule="daily_rate_below_wage", inputs={"daily": "daily", "hours": "daily"})
    bank = a_bank(a_number("daily", kind="fact"), a_charge(), checks=[d3, silent, bare])
    found = planned(bank, {"daily": 1, "charge": 20})
    assert order(found) == ["charge", "D3"]
    action = found.actions[1]
    assert (action.kind, action.dimension, action.gain, action.sign, action.priority, action.do) == (
        "check",
        None,
        None,
        "serious",
        30,
        "Check this sum.",
    )
    assert found.do_first == (Step("action", "charge"), Step("action", "D3"))


def test_finding_out_is_marked() -> None:
    found = planned(a_bank(a_sign_question()), {"s": "dk"})
    assert [(action.do, action.find_out, action.priority) for action in found.actions] == [("Find out: s.", True, 7)]


def test_strengths_are_good_known_safeguards_in_order() -> None:
    bank = a_bank(
        a_question("exposed", kind="exposure"),
        a_question("b"),
        a_question("a"),
        a_question("fair"),
        a_question("unknown", options=(an_option("bad", 4), an_option("dk", 0))),
        a_question("missing", options=(an_option("bad", 4), an_option("dk", 0))),
    )
    answers: dict[str, Value] = {"exposed": "good", "b": "good", "a": "good", "fair": "fair", "unknown": "dk"}
    assert planned(bank, answers).strengths == ("b", "a")


def test_a_quick_check_plans_for_what_it_asked_from_either_edition() -> None:
    bank = a_bank(a_question("pay", quick=True, action=an_action()), a_question("home", action=an_action()))
    answers: dict[str, Value] = {"pay": "bad", "home": "bad"}
    assert order(planned(bank, answers, quick=True)) == ["pay"]


def test_the_same_input_gives_the_same_plan() -> None:
    bank = held_bank(third_party=True)
    answers: dict[str, Value] = {"home": "bad", "plain": "bad", "speaks": "bad", "urgent": "urgent"}
    assert planned(bank, answers) == planned(replace(bank), dict(reversed(answers.items())))

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assess.engine.bank import AnswerValue, Edition
from assess.engine.conditions import Always, Leaf
from assess.engine.plan import ADVICE_FIRST_TEXT, build_plan, ordinary_plan
from assess.engine.result import ActionPart, DoFirstStep, JudgedDuty, Plan
from assess.engine.scoring import score_answers
from tests.builders import (
    a_bank,
    a_charge,
    a_check,
    a_judged_duty,
    a_number,
    a_question,
    a_rate,
    a_sign_question,
    a_table,
    an_action,
    an_option,
    some_settings,
)

TODAY = date(2026, 11, 24)


def planned(bank: Edition, answers: dict[str, AnswerValue], *duties: JudgedDuty, quick: bool = False) -> Plan:
    result = score_answers(bank, answers, some_settings(), quick=quick)
    return build_plan(bank, answers, result, some_settings(), duties, TODAY)


def order(found: Plan) -> list[str]:
    return [action.tracking_id for action in found.actions]


def test_first_by_priority_then_by_harm_then_by_gain_for_the_effort_then_by_the_order_of_the_bank() -> None:
    bank = a_bank(
        a_question("late", action=an_action(priority=90)),
        a_question("paper", dimension="policy", action=an_action()),
        a_question("costly", dimension="home", action=an_action(effort="L")),
        a_question("heavy", dimension="home", action=an_action()),
        a_question("same", dimension="home", action=an_action()),
        a_question("graver", dimension="voice", harm=1, action=an_action(effort="L")),
        a_question("now", dimension="voice", action=an_action(priority="immediate", effort="L")),
        a_question("week", dimension="voice", action=an_action(priority=7, effort="L")),
    )
    found = planned(bank, dict.fromkeys(order_of(bank), "bad"))
    assert order(found) == ["now", "week", "graver", "heavy", "same", "costly", "paper", "late"]
    assert {action.tracking_id: action.harm for action in found.actions} == {
        "now": 5,
        "week": 5,
        "graver": 1,
        "heavy": 3,
        "same": 3,
        "costly": 3,
        "paper": 6,
        "late": 2,
    }
    assert [step.id for step in found.do_first] == order(found)
    assert {step.what for step in found.do_first} == {"action"}


def order_of(bank: Edition) -> list[str]:
    return [question.id for question in bank.questions()]


def test_gain_is_what_the_score_would_lose() -> None:
    bank = a_bank(a_question("pay", action=an_action()), a_question("home", dimension="home", action=an_action()))
    answers: dict[str, AnswerValue] = {"pay": "bad", "home": "poor"}
    gains = {action.tracking_id: action.gain for action in planned(bank, answers).actions}
    now = score_answers(bank, answers, some_settings()).score
    assert gains == {
        name: now - score_answers(bank, answers | {name: "good"}, some_settings()).score for name in ("pay", "home")
    }


def test_a_sign_lifts_the_priority_and_urgent_ones_come_first() -> None:
    bank = a_bank(
        a_question("now", action=an_action(priority="immediate")),
        a_sign_question("serious", action=an_action(priority=180)),
        a_sign_question("urgent", action=an_action(priority=180, effort="L")),
    )
    found = planned(bank, {"now": "bad", "serious": "serious", "urgent": "urgent"})
    assert order(found) == ["urgent", "serious", "now"]
    assert [(action.priority, action.priority_days, action.sign) for action in found.actions] == [
        ("immediate", 0, "urgent"),
        (30, 30, "serious"),
        ("immediate", 0, None),
    ]
    assert [action.pressing for action in found.actions] == [True, True, False]


AGAINST = (an_option("good"), an_option("against", 1, breach="slips"), an_option("bad", 4))
SUMS = [
    a_check(
        "D1",
        rule="price_below_labour_cost",
        inputs={"price": "price", "team": "team", "minutes": "minutes"},
        sign="serious",
        ilo=(8,),
        action=an_action("Check the price."),
    ),
    a_check(
        "D2",
        rule="daily_rate_below_wage",
        inputs={"daily": "daily", "hours": "hours"},
        sign="serious",
        ilo=(8,),
        action=an_action("Check the day."),
    ),
]
FIGURES = [a_number(name, kind="fact") for name in ("price", "team", "minutes", "daily", "hours")]
SHORT: dict[str, AnswerValue] = {"price": 1, "team": 3, "minutes": 30, "daily": 50, "hours": 10}


def test_breaches_serious_signs_and_failing_sums_come_by_harm_and_within_it_sums_first_pay_before_price() -> None:
    bank = a_bank(
        *FIGURES,
        a_question("home_law", dimension="home", options=AGAINST, action=an_action(priority=180)),
        a_question("pay_law", dimension="pay", options=AGAINST, action=an_action(priority=7)),
        a_sign_question("pay_sign", dimension="pay", ilo=(8,)),
        a_sign_question("life_sign", dimension="pay", harm=1, ilo=(8,)),
        a_question("now", action=an_action(priority="immediate")),
        checks=SUMS,
    )
    answers = SHORT | {"home_law": "against", "pay_law": "against", "pay_sign": "serious", "life_sign": "serious"}
    found = planned(bank, answers | {"now": "bad"})
    assert order(found) == ["life_sign", "D2", "D1", "pay_law", "pay_sign", "home_law", "now"]
    actions = {action.tracking_id: action for action in found.actions}
    assert (actions["home_law"].breaches, actions["home_law"].priority) == (("slips",), 30)
    assert (actions["D2"].sum_rank, actions["D1"].sum_rank, actions["now"].sum_rank) == (0, 1, None)
    assert all(action.pressing for action in found.actions if action.tracking_id != "now")


def test_a_sum_that_is_the_sign_of_its_own_question_goes_with_its_action() -> None:
    d4 = a_check("D4", rule="labour_provider_rate", inputs={"rate": "rate"}, sign="serious", ilo=(8,), listed=False)
    bank = a_bank(a_sign_question("pay", ilo=(8,)), a_rate("rate", dimension="pay"), checks=[d4])
    assert order(planned(bank, {"pay": "serious", "rate": 1})) == ["rate", "pay"]
    assert order(planned(bank, {"pay": "serious", "rate": 14.9})) == ["pay", "rate"]


def test_pressing_duties_come_after_signs_and_breaches_and_before_the_rest() -> None:
    bank = a_bank(
        a_question("now", action=an_action(priority="immediate")),
        a_sign_question("urgent"),
        a_question("against", options=AGAINST, action=an_action()),
    )
    duties = [
        a_judged_duty("later", due="2026-12-24"),
        a_judged_duty("overdue", due="2026-10-01", overdue=True),
        a_judged_duty("same_day_first", due="2026-12-01"),
        a_judged_duty("same_day_second", due="2026-12-01"),
    ]
    found = planned(bank, {"now": "bad", "urgent": "urgent", "against": "against"}, *duties)
    assert found.do_first == (
        DoFirstStep("action", "urgent"),
        DoFirstStep("action", "against"),
        DoFirstStep("duty", "overdue"),
        DoFirstStep("duty", "same_day_first"),
        DoFirstStep("duty", "same_day_second"),
        DoFirstStep("duty", "later"),
        DoFirstStep("action", "now"),
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
    careful = an_action("Move people out.", title="Another home", after_advice=True)
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
    answers: dict[str, AnswerValue], *, third_party: bool, held: bool
) -> None:
    found = planned(held_bank(third_party=third_party), {"home": "bad", "plain": "bad"} | answers)
    actions = {action.tracking_id: action for action in found.actions}
    assert actions["home"].held is held
    assert actions["home"].do == (ADVICE_FIRST_TEXT if held else "Move people out.")
    assert actions["home"].title == (None if held else "Another home")
    assert actions["home"].parts == (
        ActionPart("home", None, ADVICE_FIRST_TEXT) if held else ActionPart("home", "Another home", "Move people out."),
    )
    assert actions["plain"].do == "Paint the wall."
    assert actions["plain"].held is False


def test_the_words_that_hold_an_action_back() -> None:
    assert ADVICE_FIRST_TEXT == "Call the helpline first; ask and move nobody yet"


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
    assert order(found) == ["D3", "charge"]
    action = found.actions[0]
    assert (action.kind, action.dimension, action.gain, action.sign, action.priority, action.do) == (
        "check",
        None,
        None,
        "serious",
        30,
        "Check this sum.",
    )
    assert found.do_first == (DoFirstStep("action", "D3"), DoFirstStep("action", "charge"))


@pytest.mark.parametrize(
    ("changes", "harm"), [({}, 3), ({"harm": 1}, 1), ({"rule": None, "inputs": {}, "when": Always()}, 6)]
)
def test_how_grave_a_check_is_hangs_on_its_rule_unless_it_says_so(changes: dict[str, Any], harm: int) -> None:
    columns = {"table": "table", "people": "people", "bedrooms": "bedrooms"}
    d5 = a_check("D5", **{"rule": "crowding", "inputs": columns, "action": an_action()} | changes)
    found = planned(a_bank(a_table(), checks=[d5]), {"table": [{"people": 9, "bedrooms": 1}]})
    assert [(action.tracking_id, action.harm, action.sum_rank) for action in found.actions] == [("D5", harm, None)]


def test_the_first_days_hold_no_more_than_a_firm_can_do_and_what_presses_keeps_its_own() -> None:
    plain = [a_question(f"q{index}", dimension="voice", action=an_action(effort="S")) for index in range(14)]
    bank = a_bank(
        *plain, a_sign_question("grave", ilo=(8,)), a_question("law", options=AGAINST, action=an_action(priority=7))
    )
    answers: dict[str, AnswerValue] = dict.fromkeys((f"q{index}" for index in range(14)), "bad")
    found = planned(bank, answers | {"grave": "serious", "law": "against"})
    due = {action.tracking_id: action.due_days for action in found.actions}
    assert (due["grave"], due["law"]) == (30, 7)
    assert sorted(due.values()) == [7, *[30] * 9, *[60] * 6]


def test_dates_of_ordinary_actions_stand_whatever_else_has_to_be_done() -> None:
    plain = [a_question(f"q{index}", dimension="home", action=an_action(effort="S")) for index in range(7)]
    grave = [a_sign_question(f"s{index}", ilo=(8,)) for index in range(9)]
    bank = a_bank(*plain, *grave)
    answers: dict[str, AnswerValue] = dict.fromkeys((f"q{index}" for index in range(7)), "bad")
    alone = ordinary_plan(
        a_bank(*plain), answers, score_answers(a_bank(*plain), answers, some_settings()), some_settings()
    )
    assert [action.due_days for action in alone] == [30] * 5 + [60] * 2
    everything: dict[str, AnswerValue] = answers | dict.fromkeys((f"s{index}" for index in range(9)), "serious")
    result = score_answers(bank, everything, some_settings())
    found = build_plan(bank, everything, result, some_settings(), (), TODAY, alone)
    due = {action.tracking_id: action.due_days for action in found.actions}
    assert {action.tracking_id: action.due_days for action in alone}.items() <= due.items()
    assert {due[f"s{index}"] for index in range(9)} == {30}


def test_gains_in_a_plan_for_others_weigh_no_area_twice() -> None:
    bank = a_bank(
        *[a_question(f"q{index}", action=an_action()) for index in range(3)], a_question("v", dimension="voice")
    )
    answers: dict[str, AnswerValue] = {"q0": "bad", "q1": "good", "q2": "good", "v": "good"}
    result = score_answers(bank, answers, some_settings())
    (action,) = ordinary_plan(bank, answers, result, some_settings())
    assert action.gain == pytest.approx(40 * 0.75 * result.mean_gap)
    assert action.gain < planned(bank, answers).actions[0].gain


def test_strengths_are_good_known_ordinary_safeguards_in_order() -> None:
    bank = a_bank(
        a_question("exposed", kind="exposure"),
        a_question("b"),
        a_question("a"),
        a_question("fair"),
        a_question("guess", options=(an_option("good"), an_option("guess", 0, not_looked=True))),
        a_question("unknown", options=(an_option("bad", 0), an_option("dk", 0))),
        a_question("missing", options=(an_option("bad", 0), an_option("dk", 0))),
        a_sign_question("grave"),
        a_question("behind", show_if=Leaf("grave", "is", "good")),
    )
    answers: dict[str, AnswerValue] = {"exposed": "good", "b": "good", "a": "good", "fair": "fair", "unknown": "dk"}
    assert planned(bank, answers | {"guess": "guess", "grave": "good", "behind": "good"}).strengths == ("b", "a")


def test_a_quick_check_plans_for_what_it_asked_from_either_edition() -> None:
    bank = a_bank(a_question("pay", quick=True, action=an_action()), a_question("home", action=an_action()))
    answers: dict[str, AnswerValue] = {"pay": "bad", "home": "bad"}
    assert order(planned(bank, answers, quick=True)) == ["pay"]


def test_the_same_input_gives_the_same_plan() -> None:
    bank = held_bank(third_party=True)
    answers: dict[str, AnswerValue] = {"home": "bad", "plain": "bad", "speaks": "bad", "urgent": "urgent"}
    assert planned(bank, answers) == planned(replace(bank), dict(reversed(answers.items())))

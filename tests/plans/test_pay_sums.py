"""The pay sums in words: the business's own figures, what they are held against, and "check this sum", never more."""

from __future__ import annotations

from typing import Any

import pytest

from assess.plans.copies import business_record
from assess.plans.document import business_plan
from assess.plans.pages import to_html
from assess.plans.pay_sums import in_words, pay_sums_of
from tests.plans.records import SCENARIOS, a_record, scenario, text_of

WAGE = "£12.71"


def a_sum(check: str, value: float, limit: float, *, fails: bool, **inputs: float) -> dict[str, Any]:
    return {"check": check, "inputs": inputs, "value": value, "limit": limit, "fails": fails}


def test_a_wash_that_cannot_pay_its_wages_is_told_in_its_own_figures() -> None:
    said = in_words(a_sum("D1", 8, 12.39225, fails=True, price=8, team=3, minutes=15), WAGE)
    assert said.says == (
        "3 people × 15 minutes at £12.71 an hour cost £12.39 with holiday pay and National Insurance. You charge £8.00."
    )
    assert said.follows == "So this price may not cover legal pay. Other costs come on top."


def test_one_person_costs_and_enough_is_said_without_praise() -> None:
    said = in_words(a_sum("D1", 20, 5.5, fails=False, price=20, team=1, minutes=20), WAGE)
    assert said.says.startswith("1 person × 20 minutes at £12.71 an hour costs £5.50")
    assert said.follows == "So this price covers the wages in it. Other costs come on top."


def test_a_day_without_a_break_and_one_with_it() -> None:
    said = in_words(a_sum("D2", 6, 12.71, fails=True, daily=60, hours=10), WAGE)
    assert said.says.startswith("£60.00 for 10 hours, without a break, is £6.00 an hour. The legal minimum is £12.71")
    paused = in_words(a_sum("D2", 60 / 9.5, 12.71, fails=True, daily=60, hours=10, **{"break": 30}), WAGE)
    assert paused.says.startswith("£60.00 for 10 hours, less 30 minutes of unpaid break, is £6.32 an hour.")
    assert in_words(a_sum("D2", 6, 12.71, fails=True, daily=60, hours=10, **{"break": 0}), WAGE).says == said.says


def test_a_charge_above_the_offset_fails_only_with_low_pay() -> None:
    short = in_words(a_sum("D3", 12, 11.1, fails=True, charge=12), WAGE)
    assert "£12.00 a day for housing. £11.10 a day is the most" in short.says
    assert "may fall below the legal minimum" in short.follows
    assert "may fall" not in in_words(a_sum("D3", 12, 11.1, fails=False, charge=12), WAGE).follows
    assert "takes no pay below" in in_words(a_sum("D3", 9, 11.1, fails=False, charge=9), WAGE).follows


def test_the_rate_of_a_labour_provider_names_its_factor() -> None:
    said = in_words(a_sum("D4", 13.8, 15.252, fails=True, rate=13.8), WAGE)
    assert "£13.80 for an hour of work. 1.2 × £12.71 = £15.25 is the least" in said.says


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_nobody_is_ever_told_that_they_underpay(bank: str, title: str) -> None:
    for one in pay_sums_of(scenario(bank, title)).sums:
        words = f"{one.says} {one.follows}".lower()
        assert "underpa" not in words
        assert "you owe" not in words


def test_the_page_holds_all_sums_and_the_rates_and_the_plan_those_that_fail() -> None:
    record = scenario("car_washes", "car_washes medium")
    record["result"]["sums"] = [
        a_sum("D1", 8, 12.39225, fails=True, price=8, team=3, minutes=15),
        a_sum("D2", 14, 12.71, fails=False, daily=140, hours=10),
    ]
    pay = business_plan(record).pay
    assert [one.check for one in pay.sums] == ["D1", "D2"]
    assert [rate.value for rate in pay.rates] == ["£12.71", "£10.85", "£8.00", "£11.10", "£77.70"]
    text = text_of(to_html(record, "business"))
    assert "You charge £8.00" in text
    assert "£14.00 an hour" not in text
    assert "Check these sums" in text


def test_a_failing_sum_stands_with_its_action_in_the_first_three_things() -> None:
    change = {"wash_price": 8, "wash_team": 3, "wash_minutes": 15}
    plan = business_plan(a_record("car_washes", "car_washes medium", change=change))
    [item] = [item for item in plan.first if item.sums]
    assert item.sums[0].startswith("Check this sum: 3 people × 15 minutes at £12.71 an hour cost £12.39")
    assert item.sums[0].count("Check this sum") == 1


def test_no_sum_is_printed_whose_action_waits_for_advice() -> None:
    record = scenario("farming", "farming critical")
    assert [one["check"] for one in record["result"]["sums"] if one["fails"]] == ["D4"]
    assert next(action for action in record["actions"] if action["fails"])["held"]
    assert not [one for one in business_record(record)["result"]["sums"] if one["fails"]]
    assert "labour provider £13.80" not in text_of(to_html(record, "business"))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_no_sum_travels(bank: str, title: str) -> None:
    """The car wash that cannot pay its wages has two, and its files none."""
    record = scenario(bank, title)
    register = business_plan(record).register
    assert any(item.sums for item in register.items) == (title == "car_washes critical")
    assert not any(item.sums for item in register.ordinary)
    text = text_of(to_html(record, "wall"))
    assert "an hour. The legal minimum" not in text

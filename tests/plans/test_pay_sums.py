"""The pay sums in words and as bars: the business's own figures, what they are held against, and "check this sum", never more."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import database
from assess.plans.charts import sum_bars
from assess.plans.copies import business_record
from assess.plans.pay_sums import PaySum, may_still_be_owed, next_change, pay_sum_in_words, pay_sums_of
from assess.plans.plan_page import business_plan
from assess.plans.print_html import copy_html
from assess.question_banks.files import ContentFile, ContentFiles, bundled_files
from assess.question_banks.settings import settings_from
from tests.plans.conftest import submit_record
from tests.plans.records import SCENARIOS, a_record, scenario, text_of

WAGE = "£12.71"


def a_sum(check: str, value: float, limit: float, *, fails: bool, **inputs: float) -> dict[str, Any]:
    return {"check": check, "inputs": inputs, "value": value, "limit": limit, "fails": fails}


def said(check: str, value: float, limit: float, *, fails: bool, **inputs: float) -> PaySum:
    return pay_sum_in_words(a_sum(check, value, limit, fails=fails, **inputs), WAGE)


BY_HAND = {
    "farming medium": ["£9.50 a day for housing. £11.10 a day is the most"],
    "farming critical": ["£13.80 for an hour of work. 1.2 × £12.71 = £15.25 is the least", "£1.45 an hour short"],
    "car_washes low": [
        "2 people × 20 minutes × £12.71 = £8.47 of wages. You charge £20.00.",
        "come to £11.02, so this",
    ],
    "car_washes medium": [
        "3 people × 12 minutes × £12.71 = £7.63 of wages. You charge £12.00.",
        "come to £9.91, so this price covers them",
        "£125.00 for 9 hours, less 30 minutes of unpaid break, is £14.71 an hour. The legal minimum is £12.71",
    ],
    "car_washes critical": [
        "4 people × 12 minutes × £12.71 = £10.17 of wages. You charge £6.00.",
        "Each wash loses £4.17 before water and rent.",
        "£60.00 for 10 hours, less 30 minutes of unpaid break, is £6.32 an hour. The legal minimum is £12.71",
        "an hour may be £6.39 below the legal minimum, and the day £60.75",
    ],
    "hospitality medium": ["£8.00 a day for housing"],
    "hospitality critical": ["£9.00 a day for housing", "takes no pay below the legal minimum"],
}


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_sums_of_the_nine_scenarios_are_those_worked_out_by_hand(bank: str, title: str) -> None:
    text = " ".join(f"{one.says} {one.follows}" for one in pay_sums_of(scenario(bank, title)).sums)
    assert [words for words in BY_HAND.get(title, ()) if words not in text] == []
    assert bool(text) == (title in BY_HAND)


def test_three_people_a_quarter_of_an_hour_and_five_pounds() -> None:
    record = a_record("car_washes", "car_washes medium", change={"wash_price": 5, "wash_team": 3, "wash_minutes": 15})
    wash = next(one for one in pay_sums_of(record).sums if one.title == "One wash")
    assert wash.says == "3 people × 15 minutes × £12.71 = £9.53 of wages. You charge £5.00."
    assert wash.follows == "Each wash loses £4.53 before water and rent."
    assert wash.in_words == "Two bars. Wages in one wash: £9.53; You charge: £5.00: £4.53 short."


def test_a_price_above_the_bare_wages_is_held_against_what_comes_on_top_of_them() -> None:
    short = said("D1", 11, 12.39225, fails=True, price=11, team=3, minutes=15)
    assert short.says == "3 people × 15 minutes × £12.71 = £9.53 of wages. You charge £11.00."
    assert short.follows == (
        "With holiday pay and National Insurance the wages come to £12.39: "
        "each wash may be £1.39 short before water and rent."
    )
    assert short.difference == "£1.39 short"
    enough = said("D1", 20, 5.5077, fails=False, price=20, team=1, minutes=20)
    assert enough.says.startswith("1 person × 20 minutes × £12.71 = £4.24 of wages.")
    assert enough.follows.endswith("£5.51, so this price covers them. Water, rent and other costs come on top.")
    assert enough.difference == ""


def test_a_day_without_a_break_and_one_with_it() -> None:
    without = said("D2", 6, 12.71, fails=True, daily=60, hours=10)
    assert without.says.startswith(
        "£60.00 for 10 hours, without a break, is £6.00 an hour. The legal minimum is £12.71"
    )
    assert without.follows == "So an hour may be £6.71 below the legal minimum, and the day £67.10."
    assert said("D2", 6, 12.71, fails=True, daily=60, hours=10, **{"break": 0}).says == without.says


def test_a_charge_above_the_offset_fails_only_with_low_pay() -> None:
    short = said("D3", 12, 11.1, fails=True, charge=12)
    assert "The £0.90 above it counts as money taken out of pay. So pay may fall" in short.follows
    assert short.difference == "£0.90 above"
    assert "may fall" not in said("D3", 12, 11.1, fails=False, charge=12).follows


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_nobody_is_ever_told_that_they_underpay(bank: str, title: str) -> None:
    for one in pay_sums_of(scenario(bank, title)).sums:
        words = f"{one.says} {one.follows}".lower()
        assert "underpa" not in words
        assert "you owe" not in words


def drawn(worked: PaySum) -> BeautifulSoup:
    return BeautifulSoup(sum_bars(worked), "html.parser")


def test_what_is_short_is_drawn_to_scale_hatched_and_said() -> None:
    svg = drawn(said("D1", 6, 13.2184, fails=True, price=6, team=4, minutes=12))
    assert svg.title.text == "Two bars. Wages in one wash: £10.17; You charge: £6.00: £4.17 short."
    assert [one.text for one in svg.select("text")] == ["Wages in one wash: £10.17", "You charge: £6.00", "£4.17 short"]
    wages, price, short = (float(one["width"]) for one in svg.select("rect"))
    assert price + short == pytest.approx(wages, abs=0.2)
    assert price / wages == pytest.approx(6 / 10.17, abs=0.005)
    assert svg.select("path[stroke='#b00020']"), "hatched, for a printer without colour"


def test_what_is_above_is_hatched_at_the_end_of_its_own_bar() -> None:
    svg = drawn(said("D3", 12, 11.1, fails=True, charge=12))
    offset, charge, above = (float(one["width"]) for one in svg.select("rect"))
    assert charge == pytest.approx(offset, abs=0.2)
    assert above / offset == pytest.approx(0.9 / 11.1, abs=0.005)


def test_a_sum_that_is_fine_has_no_red() -> None:
    svg = drawn(said("D2", 14, 12.71, fails=False, daily=140, hours=10))
    assert len(svg.select("rect")) == len(svg.select("text")) == 2
    assert "#b00020" not in str(svg)


def test_nothing_in_a_drawing_prints_below_nine_points() -> None:
    """On paper a drawing is as wide as its style says."""
    css = BeautifulSoup(copy_html(scenario("car_washes", "car_washes medium"), "business"), "html.parser").style.text
    width = float(re.search(r"\.plan-sum-bars \{ width: (\d+)mm", css)[1])
    svg = drawn(said("D2", 14, 12.71, fails=False, daily=140, hours=10))
    units = float(svg.svg["width"])
    assert min(float(one["font-size"]) for one in svg.select("text")) * width / units * 72 / 25.4 >= 9


def test_page_and_plan_hold_all_sums_the_rates_and_a_blank_for_five_workers() -> None:
    record = scenario("car_washes", "car_washes medium")
    record["result"]["sums"] = [
        a_sum("D1", 8, 12.39225, fails=True, price=8, team=3, minutes=15),
        a_sum("D2", 14, 12.71, fails=False, daily=140, hours=10),
    ]
    pay = business_plan(record).pay
    assert [one.check for one in pay.sums] == ["D1", "D2"]
    assert [rate.value for rate in pay.rates] == ["£12.71", "£10.85", "£8.00", "£11.10", "£77.70"]
    html = copy_html(record, "business")
    text = text_of(html)
    assert "One wash: check this sum" in text
    assert "You charge £8.00" in text
    assert "£14.00 an hour" in text
    assert "The rates from 1 April 2027 are not settled here yet." in text
    soup = BeautifulSoup(html, "html.parser")
    assert [row.th.text for row in soup.select(".plan-blank tbody tr")] == ["1", "2", "3", "4", "5"]
    for copy in ("buyer", "wall"):
        assert "You charge" not in text_of(copy_html(record, copy))


def test_a_rate_that_follows_is_printed_once_it_is_settled() -> None:
    rates = bundled_files().files["settings/rates.yaml"].text
    last = "        review_by: 2027-03-31\n\n  - id: wage_18_20"
    assert last in rates
    settled = "      - {from: 2027-04-01, value: 13.33, source: Made up, checked: 2026-11-29, review_by: 2028-03-31}\n"
    changed = rates.replace(last, last.replace("\n\n", f"\n{settled}\n"), 1)
    name = "settings/rates.yaml"
    files = ContentFiles({**bundled_files().files, name: ContentFile(name, changed.encode())})
    record = {**scenario("farming", "farming low"), "settings": settings_from(files, date(2026, 11, 24)).basis}
    pay = pay_sums_of(record)
    assert [(one.next, one.next_since) for one in pay.rates][:2] == [("£13.33", "1 April 2027"), ("", "")]
    text = text_of(copy_html(record, "business"))
    assert "£13.33 from 1 April 2027" in text
    assert "are not settled here yet" not in text


@pytest.mark.parametrize(
    ("day", "change"),
    [("2026-11-24", "2027-04-01"), ("2027-03-31", "2027-04-01"), ("2027-04-01", "2028-04-01")],
)
def test_rates_change_each_first_of_april(day: str, change: str) -> None:
    assert next_change(day) == change


def test_a_failing_sum_stands_with_its_action_in_the_first_three_things() -> None:
    change = {"wash_price": 8, "wash_team": 3, "wash_minutes": 15}
    plan = business_plan(a_record("car_washes", "car_washes medium", change=change))
    [item] = [item for item in plan.first if item.sums]
    assert item.sums[0] == (
        "Check this sum: 3 people × 15 minutes × £12.71 = £9.53 of wages. You charge £8.00. "
        "Each wash loses £1.53 before water and rent."
    )


def test_no_sum_is_printed_whose_action_waits_for_advice() -> None:
    record = scenario("farming", "farming critical")
    assert [one["check"] for one in record["result"]["sums"] if one["fails"]] == ["D4"]
    assert next(action for action in record["actions"] if action["fails"])["held"]
    assert not [one for one in business_record(record)["result"]["sums"] if one["fails"]]
    assert "labour provider £13.80" not in text_of(copy_html(record, "business"))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_no_sum_travels(bank: str, title: str) -> None:
    """The car wash that cannot pay its wages has two, and its files none."""
    record = scenario(bank, title)
    action_list = business_plan(record).action_list
    assert any(item.sums for item in action_list.items) == (title == "car_washes critical")
    assert not any(item.sums for item in action_list.ordinary)
    text = text_of(copy_html(record, "wall"))
    assert "an hour. The legal minimum" not in text


def test_correcting_a_figure_pays_nobody() -> None:
    day = {"wash_pay_basis": "daily_checked", "wash_day_hours": 10, "wash_break_minutes": 0}
    short, fair = (
        a_record("car_washes", "car_washes medium", change={**day, "wash_daily_rate": pay}) for pay in (60, 150)
    )
    assert [one["fails"] for one in short["result"]["sums"] if "daily" in one["inputs"]] == [True]
    assert may_still_be_owed(short, fair)
    assert not may_still_be_owed(fair, fair)
    assert not may_still_be_owed(short, short)


def test_the_page_says_so_after_the_correction(app: Flask, visit: Any, now: datetime) -> None:
    day = {"wash_pay_basis": "daily_checked", "wash_day_hours": 10, "wash_break_minutes": 0}
    short, fair = (
        a_record("car_washes", "car_washes medium", change={**day, "wash_daily_rate": pay}) for pay in (60, 150)
    )
    made = submit_record(app, visit, short, now)
    assert "still owed" not in visit(f"{made.address}/result/pay").text
    with app.app_context(), database().writing() as session:
        reopen_assessment(session, made.id, now)
        submit_assessment(session, made.id, lambda _said: fair, now)
    assert "up to six years back" in visit(f"{made.address}/result/pay").text


def test_a_rate_above_the_least_is_not_said_to_be_enough() -> None:
    given = {"check": "D4", "inputs": {"rate": 16.0}, "value": 16.0, "limit": 15.252, "fails": False}
    says = pay_sum_in_words(given, "£12.71")
    assert says.follows == (
        "This rate is at or above that least. Whether it covers holiday, National Insurance and pension you have to add up."
    )
    assert "can cover legal pay." not in f"{says.says} {says.follows}"

"""The result as one screen of a phone, in a real browser, and what it says after a second submission."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import database
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.plan_page import business_plan
from tests.mobile_browser import faults_of, fits, phone
from tests.plans.conftest import submit_record
from tests.plans.records import SCENARIOS, Record, a_record, engine_1, scenario

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SCREEN = 844
MOST_WORDS = 200
ADVICE_FIRST = {"farming critical", "hospitality critical"}


@pytest.mark.journey
def test_all_that_matters_ends_on_one_screen_of_a_phone(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime
) -> None:
    for bank, title in SCENARIOS:
        record = scenario(bank, title)
        made = submit_record(app, visit, record, now)
        with phone(browser, live, visit) as page:
            page.set_viewport_size({"width": 390, "height": SCREEN})
            page.goto(f"{made.address}/result")
            shown = page.locator("main h1, .plan-risk-chart, .plan-first li, main .assess-phone, main .govuk-button")
            ends = [box["y"] + box["height"] for one in shown.all() if (box := one.bounding_box())]
            assert len(ends) == shown.count()
            assert max(ends) <= SCREEN, (title, ends)
            first = [item.name for item in business_plan(record).first]
            assert [item.split(":")[0] for item in page.locator(".plan-first li").all_inner_texts()] == first
            buttons = page.locator("main .plan-screen .govuk-button").all_inner_texts()
            if title in ADVICE_FIRST:
                assert buttons == ["Call 08000 121 700"]
                assert (
                    page.locator("main").evaluate("main => [...main.querySelectorAll('svg, ol, h2, form')].length") == 0
                )
            else:
                assert buttons == ["Get the plan", "What to do"]
                assert page.locator(".plan-risk-chart").count() == 1
            assert len(page.locator("main").inner_text().split()) <= MOST_WORDS, title
            assert faults_of(page) == ""
            page.set_viewport_size({"width": 320, "height": 640})
            fits(page)


@pytest.mark.journey
def test_where_you_stand_and_every_point_break_no_number_on_a_phone(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime
) -> None:
    made = submit_record(app, visit, scenario("car_washes", "car_washes critical"), now)
    with phone(browser, live, visit) as page:
        for part in ("areas", "keep", "points", "what-if", "duties"):
            page.goto(f"{made.address}/result/{part}")
            fits(page)
            assert faults_of(page) == "", part
            cells = page.locator(".govuk-table__cell--numeric").all()
            wraps = [
                cell.inner_text()
                for cell in cells
                if cell.evaluate(
                    """cell => { const range = document.createRange(); range.selectNodeContents(cell);
                    const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
                    return lines.size > 1 && !/\\s/.test(cell.innerText.trim()) }"""
                )
            ]
            assert wraps == [], part


def submit_twice(app: Flask, visit: Any, now: datetime, first: Record, second: Record, done: int = 0) -> str:
    made = submit_record(app, visit, first, now)
    with app.app_context(), database().writing() as session:
        for item in business_plan(first).action_list.items[:done]:
            change_item(session, made.submission_id, item.key, ItemContent(response="accepted", status="done"), 0, now)
        reopen_assessment(session, made.id, now)
        submit_assessment(session, made.id, lambda _said: second, now)
    return made.address


def test_after_a_second_submission_the_screen_begins_with_what_changed(app: Flask, visit: Any, now: datetime) -> None:
    before, after = (scenario("car_washes", f"car_washes {level}") for level in ("critical", "medium"))
    address = submit_twice(app, visit, now, before, after, done=2)
    screen = visit(f"{address}/result").soup.select_one(".plan-screen")
    said = " ".join(screen.get_text(" ").split())
    assert said.startswith("Since 24 November 2026 From act now to medium. 2 steps done in between. Better now: ")
    assert "On 24 November 2026 it was 93 and 8 of 100" in said


def test_a_band_that_stayed_is_said_to_have_stayed(app: Flask, visit: Any, now: datetime) -> None:
    address = submit_twice(app, visit, now, scenario(), scenario())
    said = visit(f"{address}/result").soup.select_one("#change").parent.get_text(" ")
    assert " ".join(said.split()) == "Since 24 November 2026 Still medium."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (scenario("farming", "farming critical"), scenario()),
        (scenario(), scenario("farming", "farming critical")),
        (engine_1(), scenario()),
    ],
    ids=["advice came first", "advice comes first", "other rules"],
)
def test_nothing_is_compared_where_it_would_not_be_right(
    app: Flask, visit: Any, now: datetime, first: Record, second: Record
) -> None:
    address = submit_twice(app, visit, now, first, second)
    for part in ("", "/areas"):
        page = visit(f"{address}/result{part}")
        assert not page.soup.select("#change")
        assert "On 24 November 2026 it was" not in page.text


def test_an_area_with_a_pay_sum_to_check_says_so_whatever_its_number(app: Flask, visit: Any, now: datetime) -> None:
    record = a_record("car_washes", "car_washes medium", change={"wash_price": 3})
    made = submit_record(app, visit, record, now)
    page = visit(f"{made.address}/result/areas")
    said = {
        bar.select_one(".plan-bar-name").text: note["href"]
        for bar in page.soup.select(".plan-bars li")
        if (note := bar.select_one("a")) is not None
    }
    assert said == {"An open business and a fair price": f"{made.address}/result/pay"}
    fair = submit_record(app, visit, scenario("car_washes", "car_washes medium"), now)
    assert not visit(f"{fair.address}/result/areas").soup.select(".plan-bars a")


def test_a_quick_check_says_on_how_few_answers_a_bar_rests(app: Flask, visit: Any, now: datetime) -> None:
    record = a_record("car_washes", "car_washes medium", quick=True)
    made = submit_record(app, visit, record, now)
    bars = visit(f"{made.address}/result/areas").soup.select(".plan-bars li")
    notes = [bar.select_one(".plan-bar-note").text for bar in bars]
    asked = [area["questions"] for area in record["dimensions"]]
    assert notes == [f"from {number} answer{'s' if number != 1 else ''}" for number in asked]
    full = submit_record(app, visit, scenario(), now)
    assert not visit(f"{full.address}/result/areas").soup.select(".plan-bar-note")


def test_the_things_to_do_first_have_the_numbers_of_the_list(app: Flask, visit: Any, now: datetime) -> None:
    record = scenario("hospitality", "hospitality medium")
    made = submit_record(app, visit, record, now)
    marks = [int(item["value"]) for item in visit(f"{made.address}/result").soup.select(".plan-first li")]
    assert marks == [item.number for item in business_plan(record).first]
    item = visit(f"{made.address}/result/actions/{marks[0]}")
    assert item.heading.startswith(f"{marks[0]}. ")
    assert not item.soup.find(string=re.compile(r"Why: \d"))
    name = item.soup.select_one("[name=owner_text]")
    assert name is None or name.find_parent("details") is None


def test_the_result_leads_to_the_one_list_of_what_is_not_known_yet(app: Flask, visit: Any, now: datetime) -> None:
    record = scenario("hospitality", "hospitality medium")
    (papers,) = [item for item in business_plan(record).action_list.items if item.merged_as == "papers"]
    made = submit_record(app, visit, record, now)
    page = visit(f"{made.address}/result")
    link = page.soup.select_one(f"a[href='{made.address}/result/actions/{papers.number}']")
    assert link.parent.get_text().startswith("Which answers are not known yet, and how to look:")
    said = visit(link["href"]).text
    assert all(part.asked in said for part in papers.parts)


def test_the_table_of_steps_says_what_little_and_nothing_is_and_names_no_band(
    app: Flask, visit: Any, now: datetime
) -> None:
    record = scenario("car_washes", "car_washes medium")
    made = submit_record(app, visit, record, now)
    page = visit(f"{made.address}/result/actions")
    rows = page.soup.select(".plan-brings tbody tr")
    steps = business_plan(record).steps.rows
    assert len(rows) == len(steps)
    said = [row.select("td")[2].text for row in rows]
    assert "under 1" in said
    for words, step in zip(said, steps, strict=True):
        assert words != "0" or float(step.takes_off) == 0
        assert words != "under 1" or 0 < float(step.takes_off) < 1
    assert "By the score alone" not in page.text, "a jump of bands would tell too much"
    assert "Some steps are the law" in page.text

"""The action tracker in a real browser: phone width, by keyboard, with and without scripts."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from assess.plans.action_tracker.presenters import printed_list_of
from assess.plans.plan_page import business_plan
from tests.conftest import Visitor
from tests.mobile_browser import faults_of, fits, has_no_fault, phone
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import scenario

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def press(page: Page, role: Any, name: str, key: str = "Enter") -> None:
    """Go to a control and press a key, as somebody without a mouse does."""
    page.get_by_role(role, name=name, exact=True).focus()
    page.keyboard.press(key)


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_tired_says_yes_to_all_the_rest_and_takes_it_back(
    visit: Any, browser: Browser, live: str, submitted: Submitted, *, scripts: bool
) -> None:
    with phone(browser, live, visit, scripts=scripts) as page:
        page.goto(f"{submitted.address}/result/actions")
        page.get_by_role("link", name="Say “we will do this” to all the rest").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Say “we will do this” to all the rest").wait_for()
        page.locator("main summary").focus()
        page.keyboard.press("Enter")
        assert page.locator("main details li").first.is_visible()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Yes, to all of them").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Your plan is ready").wait_for()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Undo").focus()
        page.keyboard.press("Enter")
        page.get_by_text("are as before.").wait_for()
        has_no_fault(page, scripts=scripts)
        page.goto(page.locator("article a").first.get_attribute("href") or "")
        page.get_by_role("link", name="Earlier changes").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Answered in one go").wait_for()
        has_no_fault(page, scripts=scripts)


@pytest.mark.long
def test_two_people_write_into_one_action_and_what_was_typed_is_put_in_later(
    visit: Any, colleague: Visitor, browser: Browser, live: str, submitted: Submitted
) -> None:
    """With scripts: a journey has two people change one action without."""
    address, number = submitted.item("core_time_records"), submitted.number("core_time_records")
    with (
        phone(browser, live, visit) as mine,
        phone(browser, live, colleague) as hers,
    ):
        mine.goto(address)
        hers.goto(address)
        has_no_fault(mine)
        for page, day in ((hers, "1/3/27"), (mine, "1/4/27")):
            press(page, "radio", "We will do this", "Space")
            page.get_by_label("By when?").focus()
            page.keyboard.press("Control+A")
            page.keyboard.type(day)
            press(page, "button", "Save")
            page.wait_for_url(
                f"{live}{submitted.address}/result/actions?saved={number}#notice" if page is hers else address
            )
        mine.get_by_role("heading", name="This was changed meanwhile").wait_for()
        has_no_fault(mine)
        assert mine.get_by_text("Saved now: 1 March 2027").is_visible()
        assert mine.get_by_text("What you typed: 1 April 2027").is_visible()
        press(mine, "radio", "What is saved now", "Space")
        press(mine, "button", "Save and continue")
        mine.get_by_role("heading", name=re.compile(rf"^{number}\. ")).wait_for()
        hers.goto(address)
        hers.locator("form summary").press("Enter")
        press(hers, "radio", "Under way", "Space")
        press(hers, "button", "Save")
        hers.locator("#notice").wait_for()
        mine.goto(f"{address}/history")
        has_no_fault(mine)
        mine.get_by_role("button", name="Put this in").focus()
        mine.keyboard.press("Enter")
        mine.get_by_role("heading", name=re.compile(rf"^{number}\. ")).wait_for()
        mine.wait_for_load_state()
        assert mine.get_by_label("By when?").input_value() == "1 4 2027"
        assert mine.get_by_role("radio", name="Under way").is_checked()


def is_next(page: Page, selector: str) -> bool:
    """Whether the next press of the Tab key leads to this."""
    page.keyboard.press("Tab")
    return bool(page.evaluate("wanted => document.activeElement.matches(wanted)", selector))


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.long)])
def test_done_and_undo_are_one_press_each_by_keyboard_with_and_without_scripts(
    visit: Any, browser: Browser, live: str, submitted: Submitted, *, scripts: bool
) -> None:
    with phone(browser, live, visit, scripts=scripts) as page:
        page.goto(f"{submitted.address}/result/actions")
        page.locator("article:has(#item-1) button").press("Enter")
        page.wait_for_url("**?ticked=1#notice")
        assert page.locator("#notice").bounding_box()["y"] < 700  # type: ignore[index]  # it is in sight, so it has a box
        has_no_fault(page, scripts=scripts)
        assert is_next(page, "#notice button")
        page.keyboard.press("Enter")
        page.wait_for_url("**?saved=1#notice")
        has_no_fault(page, scripts=scripts)
        assert is_next(page, "article a")
        assert page.locator("article:has(#item-1) button").get_by_text("Done").is_visible()
        page.locator("article:has(#item-1) button").press("Enter")
        page.locator("summary", has_text="Done (1)").press("Enter")
        assert page.locator("details[open] article button").get_by_text("Undo").is_visible()


def visible_words(page: Page) -> int:
    return len(page.locator("main").inner_text().split())


@pytest.mark.parametrize("title", ["farming medium", pytest.param("farming critical", marks=pytest.mark.long)])
def test_ten_steps_take_five_screens_of_a_phone_and_one_page_of_paper(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime, title: str
) -> None:
    record = scenario("farming", title)
    made = submit_record(app, visit, record, now)
    plan = business_plan(record).action_list
    with phone(browser, live, visit) as page:
        page.goto(f"{made.address}/result/actions")
        fits(page)
        assert faults_of(page) == ""
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollHeight") <= 5 * 844
        assert visible_words(page) <= 600
        assert page.locator("h2.plan-group").first.bounding_box()["y"] < 844  # type: ignore[index]
        with pikepdf.open(io.BytesIO(page.pdf(format="A4"))) as pdf:
            assert len(pdf.pages) == 1
        page.emulate_media(media="print")
        printed = page.locator("body").inner_text()
        may_print = {line.name for line in printed_list_of(plan, record, ()).lines}
        assert may_print
        assert {item.name for item in plan.items if item.name in printed} <= may_print
        assert all(name in printed for name in may_print)
        assert "08000" in printed
        assert "advice" not in printed
        page.emulate_media(media="screen")
        page.goto(f"{made.address}/result/actions/2")
        assert visible_words(page) <= 120
        page.set_viewport_size({"width": 320, "height": 700})
        fits(page)
        assert faults_of(page) == ""

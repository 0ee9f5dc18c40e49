"""What if, the steps and the statement of points in a real browser: phone width, by keyboard, and printed.

A journey asks what if without scripts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.phones import has_no_fault, phone
from tests.plans.conftest import submit_record
from tests.plans.records import scenario
from tests.plans.what_if.near import near_record

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.long
def test_somebody_with_a_phone_and_a_keyboard_asks_what_if(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime
) -> None:
    made = submit_record(app, visit, near_record(), now)
    with phone(browser, live, visit) as page:
        page.goto(f"{made.address}/result/actions")
        page.get_by_role("link", name="try what if").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="What if", exact=True).wait_for()
        has_no_fault(page)
        page.get_by_role("button", name="Show what these steps bring").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Please look at this again").wait_for()
        has_no_fault(page)
        page.get_by_role("checkbox").nth(1).focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Show what these steps bring").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="With 1 step done").wait_for()
        has_no_fault(page)
        assert page.get_by_role("checkbox").nth(1).is_checked()
        page.get_by_role("button", name="Show the short way").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Your band would go from medium to low.").wait_for()
        assert page.url == f"{live}{made.address}/result/what-if"


def test_the_statement_of_points_is_printed_on_its_own_with_nothing_cut_off(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime
) -> None:
    made = submit_record(app, visit, scenario("farming", "farming critical"), now)
    cookie = visit.client.get_cookie("assess_visit").value
    with browser.new_context(base_url=live, viewport={"width": 650, "height": 900}) as own:  # A4 less its margins
        own.add_cookies([{"name": "assess_visit", "value": cookie, "url": live}])
        page = own.new_page()
        page.goto(f"{made.address}/result/points")
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 650
        for gone in (".plan-pages", "#files", "#onward", ".govuk-button >> nth=0", ".govuk-service-navigation"):
            assert not page.locator(gone).first.is_visible(), gone
        assert page.locator(".plan-points").count() == 2
        for table in page.locator(".plan-points, .plan-weights, .plan-steps").all():
            assert table.is_visible()
        assert not page.get_by_text("Next:").is_visible()

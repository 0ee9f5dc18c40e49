"""The two pages about the calendar in a real browser: narrow, without scripts, by keyboard, and looked at by a program for access."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.plans.conftest import submit_record
from tests.plans.records import scenario

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_with_a_phone_and_a_keyboard_makes_an_address_and_ends_it(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime, *, scripts: bool
) -> None:
    made = submit_record(app, visit, scenario(), now)
    cookie = visit.client.get_cookie("assess_visit").value
    with browser.new_context(base_url=live, java_script_enabled=scripts, viewport={"width": 320, "height": 700}) as own:
        own.add_cookies([{"name": "assess_visit", "value": cookie, "url": live}])
        page = own.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{made.address}/calendar")
        look_at(page, scripts=scripts)
        page.get_by_role("button", name="Make an address").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#link")
        look_at(page, scripts=scripts)
        address = page.input_value("#link").replace("http://localhost:5000", live)
        assert own.request.get(address).headers["content-type"] == "text/calendar; charset=utf-8"
        page.get_by_role("button", name="Continue").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="End the address now").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Make an address").wait_for()
        assert own.request.get(address).status == 404
        assert said == []


def look_at(page: Page, *, scripts: bool) -> None:
    """Nothing is wider than the phone, and no rule for access is broken."""
    assert page.locator("h1").count() == 1
    assert page.locator("main .govuk-button:not(.govuk-button--secondary)").count() == 1
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

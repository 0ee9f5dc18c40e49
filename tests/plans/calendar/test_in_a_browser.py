"""The two pages about the calendar in a real browser: narrow, by keyboard, and looked at by a program for access.

A journey makes an address and ends it without scripts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.phones import has_no_fault, phone
from tests.plans.conftest import submit_record
from tests.plans.records import scenario

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def test_somebody_with_a_phone_and_a_keyboard_makes_an_address_and_ends_it(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime
) -> None:
    made = submit_record(app, visit, scenario(), now)
    with phone(browser, live, visit) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{made.address}/calendar")
        look_at(page)
        page.get_by_role("button", name="Make an address").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#link")
        look_at(page)
        address = page.input_value("#link").replace("http://localhost:5000", live)
        assert page.request.get(address).headers["content-type"] == "text/calendar; charset=utf-8"
        page.get_by_role("button", name="Continue").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="End the address now").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Make an address").wait_for()
        assert page.request.get(address).status == 404
        assert said == []


def look_at(page: Page) -> None:
    """One thing to press first, and no fault."""
    has_no_fault(page)
    assert page.locator("main .govuk-button:not(.govuk-button--secondary)").count() == 1

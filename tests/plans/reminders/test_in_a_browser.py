"""Reminders in a real browser, from asking to stopping, with a real mail between: on a phone, by keyboard, without scripts too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.mail_servers import MailServer
from tests.mobile_browser import has_no_fault, phone
from tests.plans.conftest import submit_record
from tests.plans.records import scenario
from tests.plans.reminders.conftest import JO, link_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_with_a_phone_asks_confirms_and_stops(
    app: Flask,
    visit: Any,
    browser: Browser,
    live: str,
    postbox: MailServer,
    deliver: Any,
    now: datetime,
    *,
    scripts: bool,
) -> None:
    made = submit_record(app, visit, scenario(), now)
    with phone(browser, live, visit, scripts=scripts) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{made.address}/reminders")
        look_at(page, "Reminders by email", scripts=scripts)
        page.get_by_label("Email address").fill(JO)
        page.keyboard.press("Enter")
        look_at(page, "Check your email", scripts=scripts)
        deliver(now)
        (body,) = postbox.bodies()
        page.goto(link_in(body, "confirm"))
        look_at(page, "Do you want reminders?", scripts=scripts)
        press(page, "Yes, send me reminders")
        look_at(page, "Reminders are on", scripts=scripts)
        page.goto(link_in(body, "stop"))
        look_at(page, "Stop reminders", scripts=scripts)
        press(page, "Stop reminders")
        look_at(page, "Reminders have stopped", scripts=scripts)
        assert said == []


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def look_at(page: Page, heading: str, *, scripts: bool) -> None:
    """This page has come, nothing is wider than the phone, and no rule for access is broken."""
    page.get_by_role("heading", level=1, name=heading).wait_for()
    has_no_fault(page, scripts=scripts)

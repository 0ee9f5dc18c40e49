"""Asking for a sign-off, reading and signing, on a phone: nothing sticks out, a program finds no fault. A journey signs without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.mobile_browser import has_no_fault, phone
from tests.plans.conftest import Submitted

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()
    page.wait_for_load_state()
    has_no_fault(page)


@pytest.mark.long
def test_somebody_senior_reads_and_signs(visit: Any, submitted: Submitted, browser: Browser, live: str) -> None:
    with phone(browser, live, visit) as page:
        page.goto(f"{submitted.address}/sign-off")
        has_no_fault(page)
        page.fill("#note", "director")
        press(page, "Make a link")
        path = page.input_value("#link").removeprefix("http://localhost:5000")
        narrow: Any = {"width": 320, "height": 700}
        with browser.new_context(base_url=live, viewport=narrow) as theirs:
            reader = theirs.new_page()
            reader.goto(path)
            has_no_fault(reader)
            press(reader, "Open the plan")
            press(reader, "Sign it off")  # faults: nothing was filled in
            reader.fill("#words", "Say who does the training.")
            press(reader, "Send it back")
            reader.fill("#name", "Jo Fenn")
            reader.fill("#job", "director")
            reader.check("#read")
            reader.check("#on_paper")
            press(reader, "Sign it off")
            assert "This plan is signed off" in reader.content()
        for place in ("sign-off", "result"):
            page.goto(f"{submitted.address}/{place}")
            assert "Signed off by Jo Fenn" in page.content()
            has_no_fault(page)

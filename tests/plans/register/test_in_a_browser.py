"""A yes to all the rest in a real browser: phone width, by keyboard, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.plans.conftest import Submitted

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("browser"),
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def look_at(page: Page, *, scripts: bool) -> None:
    """Nothing is wider than the phone, and no rule for access is broken."""
    assert page.locator("h1").count() == 1
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_tired_says_yes_to_all_the_rest_and_takes_it_back(
    visit: Any, browser: Browser, live: str, submitted: Submitted, *, scripts: bool
) -> None:
    cookie = visit.client.get_cookie("assess_visit").value
    with browser.new_context(base_url=live, java_script_enabled=scripts, viewport={"width": 320, "height": 700}) as own:
        own.add_cookies([{"name": "assess_visit", "value": cookie, "url": live}])
        page = own.new_page()
        page.goto(f"{submitted.address}/result/actions")
        page.get_by_role("link", name="Say “we will do this” to all the rest").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Say “we will do this” to all the rest").wait_for()
        page.locator("main summary").focus()
        page.keyboard.press("Enter")
        assert page.locator("main details li").first.is_visible()
        look_at(page, scripts=scripts)
        page.get_by_role("button", name="Yes, to all of them").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Your plan is ready").wait_for()
        look_at(page, scripts=scripts)
        page.get_by_role("button", name="Undo").focus()
        page.keyboard.press("Enter")
        page.get_by_text("are as before.").wait_for()
        look_at(page, scripts=scripts)
        page.get_by_role("button", name="Answer this one").wait_for()
        page.goto(page.locator("article a").first.get_attribute("href") or "")
        page.get_by_role("link", name="What was changed here").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Answered in one go").wait_for()
        look_at(page, scripts=scripts)

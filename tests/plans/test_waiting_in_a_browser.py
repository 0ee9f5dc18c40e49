"""Waiting for a file in a real browser, with and without scripts: the words change, the file comes once, and a program finds no fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from assess.assessments.links import make_resume_link
from assess.kit.db import database
from tests.phones import has_no_fault
from tests.plans.conftest import Submitted

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
PHONE = {"width": 320, "height": 640}


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.long)], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, live: str) -> Iterator[Page]:
    viewport: Any = PHONE
    with browser.new_context(base_url=live, viewport=viewport, java_script_enabled=request.param) as context:
        context.set_default_timeout(20_000)
        yield context.new_page()


def test_the_page_tells_when_the_file_is_there_and_hands_it_over_once(
    app: Flask, page: Page, submitted: Submitted, work_off: Callable[[], int], now: datetime, request: Any
) -> None:
    scripts = request.node.callspec.params["page"]
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    page.goto(f"/r/{link.token}")
    page.locator("main form button").first.click()
    said: list[str] = []
    downloads: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("download", lambda found: downloads.append(found.suggested_filename))
    page.goto(f"{submitted.address}/plan-for-the-wall.pdf")
    assert page.locator("h1").inner_text() == "Your file is being made"
    assert page.locator("[role=status]").inner_text() == "It is waiting for its turn."
    if scripts:
        has_no_fault(page)
        page.locator("main").get_by_role("link", name="Look again").focus()
        page.evaluate("document.querySelector('[role=status]').textContent = 'old words'")
        page.locator("[role=status]", has_text="It is waiting for its turn.").wait_for()
        assert page.evaluate("document.activeElement.textContent") == "Look again", "the focus stays where it was"
    else:
        page.wait_for_url("**/making/plan-for-the-wall?look=1")
    assert work_off() == 1
    page.locator("h1", has_text="Your file is ready").wait_for()
    page.wait_for_timeout(1500)
    assert downloads == ["page-for-the-wall-2026-11-24.pdf"]
    assert page.locator("h1").inner_text() == "Your file is ready"
    if scripts:
        has_no_fault(page)
    with page.expect_download():
        page.get_by_text("One page for the wall (PDF)").click()
    assert said == []

"""The list of papers in a real browser: on a phone, with an automatic check for access, and a file that arrives.

Whoever has no scripts waits for a paper on the same page as for a plan: see the test of waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from assess.assessments.links import make_resume_link
from assess.kit.db import database
from assess.plans.papers import print_job  # noqa: F401  # the job is known once it is read
from tests.phones import has_no_fault

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.long
def test_the_list_fits_a_phone_has_no_fault_and_gives_its_files(
    app: Flask, browser: Browser, live: str, submitted: Any, now: datetime
) -> None:
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    with browser.new_context(base_url=live, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"/r/{link.token}")
        page.locator("main button").first.click()
        page.goto(f"{submitted.address}/papers")
        assert page.locator("h1").inner_text() == "Ready papers"
        has_no_fault(page)
        with page.expect_download() as waiting:
            page.locator("a[href$='/papers/job-terms.docx']").click()
        assert waiting.value.suggested_filename == "job-terms.docx"
        assert Path(waiting.value.path()).read_bytes().startswith(b"PK")


@pytest.mark.long
def test_a_pdf_is_waited_for_and_comes_by_itself(
    app: Flask,
    browser: Browser,
    live: str,
    submitted: Any,
    now: datetime,
    work_off: Callable[[], int],
) -> None:
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    with browser.new_context(base_url=live, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"/r/{link.token}")
        page.locator("main button").first.click()
        page.goto(f"{submitted.address}/papers")
        page.locator("a[href$='/papers/job-terms.pdf']").click()
        assert page.locator("h1").inner_text() == "Your file is being made"
        assert page.locator("[role=status]").inner_text() == "It is waiting for its turn."
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        with page.expect_download() as waiting:
            assert work_off() == 1
            page.locator("h1", has_text="Your file is ready").wait_for()
        assert waiting.value.suggested_filename == "job-terms.pdf"
        assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")

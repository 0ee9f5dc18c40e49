"""The pages on which a draft is tried, on a phone: nothing sticks out, and a program finds no fault."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.bank_editor.preview.conftest import Desk
from tests.conftest import Visitor
from tests.content_files import START
from tests.mobile_browser import has_no_fault, phone

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.long
def test_a_change_is_tried_and_its_examples_put_right_on_a_phone(
    desk: Desk, browser: Browser, live: str, visit: Visitor
) -> None:
    desk.change(START, "label: Only family, points: 0", "label: Only family, points: 1")
    desk.change(START, "ask: Who works here?", "ask: Who surely works here?")
    with phone(browser, live, visit) as page:
        page.goto(f"{desk.at}/shop/preview")
        has_no_fault(page)
        page.get_by_role("button", name="Start", exact=True).click()
        page.get_by_label("Others too").check()
        page.get_by_role("button", name="Go on", exact=True).click()
        expect(page.get_by_text("1 more question came up")).to_be_visible()
        page.get_by_label("Number of hours").fill("many")
        page.get_by_role("button", name="Go on", exact=True).click()
        has_no_fault(page)
        page.get_by_label("Number of hours").fill("72")
        page.get_by_role("button", name="See the result now").click()
        has_no_fault(page)
        page.get_by_label("Change an answer on this page").select_option(label="About the organisation")
        page.get_by_role("button", name="Go to the page").click()
        expect(page.get_by_role("heading", name="About the organisation")).to_be_visible()
        page.goto(f"{desk.at}/shop/examples")
        has_no_fault(page)
        page.get_by_role("button", name="These figures are right: write them in").click()
        expect(page.get_by_text("2 of 2 examples hold.")).to_be_visible()
        page.goto(f"{desk.at}/problems")
        has_no_fault(page)
        page.goto(f"{desk.at}/texts/{START}?line=8")
        page.get_by_label("The text").fill("format: [")
        page.get_by_role("button", name="Save the text").click()
        has_no_fault(page)

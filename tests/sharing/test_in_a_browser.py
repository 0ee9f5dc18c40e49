"""Sharing and looking in a real browser at phone width, by hand and with a program that looks for faults.

A journey shares without scripts.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.mobile_browser import has_no_fault, phone
from tests.plans.conftest import Submitted
from tests.plans.records import a_record
from tests.sharing.conftest import COUNCIL, Buyer, an_office, token_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def test_a_business_shares_and_a_buyer_looks(
    app: Flask, visit: Any, council: Buyer, submitted: Submitted, browser: Browser, live: str
) -> None:
    office = an_office(app, "Norfolk County Council", council.person)
    assert office
    with phone(browser, live, visit) as page:
        page.goto(f"{submitted.address}/share")
        has_no_fault(page)
        assert page.get_by_role("button", name="Share with a named buyer").count() == 0, (
            "no mail, so nobody has an account"
        )
        page.goto(f"{submitted.address}/share/new")
        has_no_fault(page)
        page.get_by_role("button", name="Share it").click()
        page.get_by_role("heading", name="There is a problem").wait_for()
        has_no_fault(page)
        page.get_by_label("The buyer’s email address").fill(COUNCIL)
        page.get_by_label("Name of the buyer’s organisation").fill("Norfolk County Council")
        page.get_by_label("The short copy, your plan, some of your answers, and what proof there is").check()
        page.get_by_role("button", name="Share it").click()
        page.get_by_role("heading", name="Shared").wait_for()
        has_no_fault(page)
        token = token_in(page.locator("#link").input_value())
        page.get_by_role("button", name="Continue").click()
        has_no_fault(page)
        with phone(browser, live, council.visit) as theirs:
            theirs.goto(f"/shared/accept/{token}")
            has_no_fault(theirs)
            theirs.get_by_label("Norfolk County Council").check()
            theirs.get_by_role("button", name="Take it up").click()
            theirs.get_by_role("heading", name="Buyer copy for").wait_for()
            has_no_fault(theirs)
            theirs.get_by_role("link", name="Shared with you").click()
            theirs.get_by_role("heading", name="Shared with you").wait_for()
            has_no_fault(theirs)
            shared = theirs.get_by_role("link", name="Fen Edge Growers Ltd").get_attribute("href")
            page.reload()
            page.get_by_text("Looked at on 24 November 2026.").wait_for()
            page.get_by_role("link", name="Change it, or see who looked").click()
            page.get_by_text("looked at the page").wait_for()
            has_no_fault(page)
            page.get_by_role("button", name="End now").click()
            page.get_by_text("You ended it on").wait_for()
            theirs.goto(str(shared))
            theirs.get_by_role("heading", name="This is no longer shared with you").wait_for()
            theirs.goto("/shared")
            theirs.get_by_text("Ended. Ask the business").wait_for()
            has_no_fault(theirs)


@pytest.mark.long
def test_the_pages_seldom_seen_have_no_fault_either(
    visit: Any,
    council: Buyer,
    submitted: Submitted,
    shared_with: Any,
    answer_again: Any,
    browser: Browser,
    live: str,
) -> None:
    given = shared_with(submitted, council)
    with phone(browser, live, visit) as page:
        page.goto(f"{submitted.address}/share/with/{given.id}")
        page.get_by_label("The short copy and your plan").check()
        page.get_by_role("button", name="Change it").click()
        page.get_by_role("heading", name="Show this buyer more?").wait_for()
        has_no_fault(page)
        page.context.clear_cookies()
        page.goto(f"/shared/accept/{given.token}")
        page.get_by_role("heading", name="Sign in to see what was shared with you").wait_for()
        has_no_fault(page)
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    with phone(browser, live, council.visit) as theirs:
        theirs.goto(given.address)
        theirs.get_by_role("heading", name="The business has answered again").wait_for()
        has_no_fault(theirs)

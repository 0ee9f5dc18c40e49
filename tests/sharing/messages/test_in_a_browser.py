"""A talk in a real browser at phone width, from both sides, by hand and with a program that looks for faults.

A journey talks without scripts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.mobile_browser import has_no_fault, phone
from tests.plans.conftest import Submitted
from tests.sharing.conftest import Buyer
from tests.sharing.messages.conftest import FARM, NAME, Shared

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.long
def test_a_buyer_and_a_business_agree_a_date(
    app: Flask,
    visit: Any,
    council: Buyer,
    submitted: Submitted,
    talked: Callable[..., Shared],
    browser: Browser,
    live: str,
) -> None:
    assert app
    shared = talked()
    with (
        phone(browser, live, council.visit) as theirs,
        phone(browser, live, visit) as ours,
    ):
        theirs.goto(f"/shared/{shared.id}")
        has_no_fault(theirs)
        theirs.get_by_role("link", name="Message the business about it").click()
        theirs.get_by_role("heading", name=f"Messages with {FARM}").wait_for()
        has_no_fault(theirs)
        theirs.get_by_role("link", name=shared.step.do).click()
        theirs.get_by_label("Your comment").fill("We can pay half of it.")
        theirs.get_by_label("By when? (if you like)").fill("soon")
        theirs.get_by_role("button", name="Send it").click()
        theirs.get_by_role("heading", name="There is a problem").wait_for()
        has_no_fault(theirs)
        expect(theirs.get_by_label("Your comment")).to_have_value("We can pay half of it.")
        theirs.get_by_label("By when? (if you like)").fill("27 3 2027")
        theirs.get_by_role("button", name="Send it").click()
        expect(theirs.get_by_text("You proposed 27 March 2027.")).to_be_visible()
        has_no_fault(theirs)
        ours.goto(f"{submitted.address}/result")
        expect(ours.get_by_text(f"1 new comment from {NAME}.")).to_be_visible()
        ours.goto(f"{submitted.address}/share")
        has_no_fault(ours)
        ours.get_by_role("link", name="Read what").click()
        ours.get_by_role("heading", name=f"Messages with {NAME}").wait_for()
        has_no_fault(ours)
        ours.get_by_role("link", name=shared.step.do).click()
        has_no_fault(ours)
        ours.get_by_role("button", name="Agree to 27 March 2027").click()
        expect(ours.get_by_text("Agreed: by 27 March 2027.")).to_be_visible()
        has_no_fault(ours)
        ours.get_by_role("button", name="Put 27 March 2027 in your plan").click()
        expect(ours.get_by_role("button", name="Put 27 March 2027 in your plan")).to_have_count(0)
        theirs.reload()
        expect(theirs.get_by_text("Agreed: by 27 March 2027.")).to_be_visible()

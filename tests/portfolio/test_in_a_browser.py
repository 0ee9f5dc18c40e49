"""Whom to call first, the picture and the way to the summary, on a phone: by hand and with a program that looks for faults.

A journey goes there without scripts.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.phones import has_no_fault, phone
from tests.portfolio.conftest import Council
from tests.portfolio.picture.filled_world import fill_world

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.long
def test_an_officer_finds_whom_to_ring_and_what_to_hand_to_the_board(
    council: Council, browser: Browser, live: str
) -> None:
    with council.database.writing() as session:
        fill_world(session, council.organisation)
    with phone(browser, live, council.visit) as page:
        page.goto(f"{council.address}/call-first")
        expect(page.get_by_role("heading", name="1. Never asked")).to_be_visible()
        expect(page.get_by_role("link", name="Note the call with Never asked")).to_be_visible()
        has_no_fault(page)
        page.get_by_text("How the points are counted").click()
        expect(page.get_by_text("This service’s own.").first).to_be_visible()
        has_no_fault(page)
        page.get_by_role("link", name="The picture", exact=True).click()
        expect(page.get_by_role("heading", name="Bands by kind of work")).to_be_visible()
        has_no_fault(page)
        page.get_by_role("link", name="Print a summary for your board").click()
        page.get_by_label("Name the ten to call first").check()
        has_no_fault(page)
        page.get_by_role("button", name="Make the PDF").click()
        expect(page.get_by_role("heading", name="Your file is being made")).to_be_visible()
        page.wait_for_url("**/picture/summary-with-names/making*")
        has_no_fault(page)

"""The page on what suppliers say, in a real browser at phone width."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.portfolio.supplier_feedback import run_monthly_round
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.mobile_browser import has_no_fault, phone
from tests.portfolio.conftest import Council
from tests.portfolio.dashboard.sample_portfolio import fill_world
from tests.portfolio.test_supplier_feedback import DECEMBER, NOVEMBER, five
from tests.suppliers.factories import a_buyer

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.long
def test_it_has_no_fault_with_and_without_a_picture(app: Flask, visit: Any, browser: Browser, live: str) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@council.example")
        council = a_buyer(session, "The Council", buyer=person)
        run_monthly_round(session, council.id, NOVEMBER)
    sign_in(visit, app, person)
    with phone(browser, live, visit) as page:
        page.goto(f"/organisations/{council.id}/suppliers/feedback")
        page.get_by_role("heading", name="Not enough answers yet").wait_for()
        has_no_fault(page)
        with database_of(app).writing() as session:
            five(session, session.merge(council))
            run_monthly_round(session, council.id, DECEMBER)
        page.reload()
        page.get_by_role("heading", name="As of 1 December 2026").wait_for()
        has_no_fault(page)


@pytest.mark.long
def test_an_officer_finds_whom_to_ring_and_what_to_hand_to_the_board(
    council: Council, browser: Browser, live: str
) -> None:
    with council.database.writing() as session:
        fill_world(session, council.organisation)
    with phone(browser, live, council.visit) as page:
        page.goto(f"{council.address}/contact-first")
        expect(page.get_by_role("heading", name="1. Never asked")).to_be_visible()
        expect(page.get_by_role("link", name="Note the call with Never asked")).to_be_visible()
        has_no_fault(page)
        page.get_by_text("How the points are counted").click()
        expect(page.get_by_text("This service’s own.").first).to_be_visible()
        has_no_fault(page)
        page.get_by_role("link", name="Overview", exact=True).click()
        expect(page.get_by_role("heading", name="Bands by kind of work")).to_be_visible()
        has_no_fault(page)
        page.get_by_role("link", name="Print a summary for your board").click()
        page.get_by_label("Name the ten to contact first").check()
        has_no_fault(page)
        page.get_by_role("button", name="Make the PDF").click()
        expect(page.get_by_role("heading", name="Your file is being made")).to_be_visible()
        page.wait_for_url("**/dashboard/summary-with-names/progress*")
        has_no_fault(page)

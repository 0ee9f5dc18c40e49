"""The board and the page of a supplier on a phone: nothing sticks out, a program finds no fault, and all works without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.portfolio.models import BoardRow
from assess.suppliers.models import RiskTier
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import database_of
from tests.mobile_browser import has_no_fault, phone
from tests.portfolio.board.conftest import Council
from tests.suppliers.factories import a_supplier, invited, shared

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_buyer_finds_one_and_does_something_with_it_on_a_phone(
    app: Flask, council: Council, visit: Visitor, live: str, browser: Browser, *, scripts: bool
) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(
            session, council.organisation, "Fen Edge Growers of the Long Drove and Sons", sector="farming"
        )
        shared(session, invited(session, farm))
        session.get_one(BoardRow, farm.id).tier = RiskTier.HIGH
        wash = a_supplier(session, council.organisation, "Acle-Hand-Wash-With-A-Name-That-Has-No-End", spend_gbp=12500)
        invited(session, wash, due=TODAY.date() - timedelta(days=1))
    with phone(browser, live, visit, scripts=scripts) as page:
        page.goto(council.base)
        has_no_fault(page, scripts=scripts)
        page.get_by_text("Filters", exact=True).click()
        has_no_fault(page, scripts=scripts)
        page.get_by_label("Late", exact=True).check()
        page.get_by_role("button", name="Show these").click()
        expect(page.get_by_text("1 supplier of 2")).to_be_visible()
        has_no_fault(page, scripts=scripts)
        page.get_by_label("Tick Acle-Hand-Wash").check()
        page.get_by_label("Move the due date").check()
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("You chose 1 supplier")).to_be_visible()
        has_no_fault(page, scripts=scripts)
        for label, value in (("Day", "31"), ("Month", "1"), ("Year", "2027")):
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_role("button", name="Yes: move the due date").click()
        expect(page.get_by_text("Date moved: 1 supplier")).to_be_visible()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Undo it").click()
        expect(page.get_by_role("heading", name="Undone")).to_be_visible()
        page.goto(f"{council.base}/{farm.id}")
        has_no_fault(page, scripts=scripts)
        assert "Stay and help fix it" in page.content()
        page.get_by_role("link", name="Change these details").click()
        expect(page.get_by_role("heading", name="Details of a supplier")).to_be_visible()
        has_no_fault(page, scripts=scripts)

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.suppliers.contracts.keeping import By, add
from assess.suppliers.contracts.models import Regime
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.phones import has_no_fault, phone
from tests.suppliers.makers import a_buyer, a_supplier

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.long
def test_a_contract_is_graded_on_a_phone(app: Flask, browser: Browser, live: str, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example", name="Ann Lee")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen Edge Growers")
        made = add(session, farm, {"title": "School potatoes", "regime": Regime.OWN}, TODAY, by=By(None, "Ann Lee"))
        home = f"/organisations/{council.id}/suppliers/contracts"
        where = f"{home}/{made.id}"
    sign_in(visit, app, ann)
    with phone(browser, live, visit) as page:
        page.goto(f"{where}/headings")
        has_no_fault(page)
        page.get_by_role("group", name="Industry type").get_by_label("High", exact=True).check()
        page.get_by_role("group", name="Nature of the workforce").get_by_label("Low", exact=True).check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.get_by_role("link", name="Decide the tier").click()
        expect(page.get_by_role("heading", name="Proposed: High")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose a tier.")
        has_no_fault(page)
        page.get_by_role("link", name="Choose a tier.").click()
        expect(page.get_by_label("Low", exact=True)).to_be_focused()
        page.get_by_label("High", exact=True).check()
        page.get_by_label("Why?", exact=True).fill("Pickers from agencies.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Pickers from agencies.").first).to_be_visible()
        has_no_fault(page)
        page.goto(home)
        expect(page.get_by_role("heading", name="Asked for less than the tier asks")).to_be_visible()
        has_no_fault(page)

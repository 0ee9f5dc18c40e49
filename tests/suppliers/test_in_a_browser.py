"""On a phone: two entries put together and, by keyboard, taken apart, the chain, and a call that is noted. A journey does so without scripts."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.identity.models import Membership, Role
from assess.suppliers.contracts import ChangedBy, create_contract
from assess.suppliers.models import Regime
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.mobile_browser import has_no_fault, phone
from tests.suppliers.factories import a_buyer, a_supplier
from tests.suppliers.supply_chain.three_organisations import Three

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.long
def test_a_contract_is_graded_on_a_phone(app: Flask, browser: Browser, live: str, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example", name="Ann Lee")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen Edge Growers")
        made = create_contract(
            session, farm, {"title": "School potatoes", "regime": Regime.OWN}, TODAY, by=ChangedBy(None, "Ann Lee")
        )
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


LONG = "Fen Edge Growers and Packers of the Long Drove by the Thirty Foot Washes"


@pytest.mark.long
def test_put_together_taken_apart_and_the_chain(app: Flask, visit: Visitor, browser: Browser, live: str) -> None:
    with database_of(app).writing() as session:
        three = Three(session)
        three.all_yes()
        ann = a_person(session, "ann@people.example")
        for organisation, role in ((three.council, Role.BUYER), (three.packhouse, Role.MANAGER)):
            session.add(Membership(organisation_id=organisation.id, person_id=ann.id, role=role, made_at=TODAY))
        for name in (LONG, f"{LONG} Ltd"):
            one = a_supplier(session, three.council, name, email=f"{'mail' * 12}@farm.example")
    sign_in(visit, app, ann)
    here = f"/organisations/{three.council.id}/suppliers"
    with phone(browser, live, visit) as page:
        page.goto(f"{here}/duplicates")
        has_no_fault(page)
        page.get_by_role("link", name="Look at both").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Are these two the same business?")
        has_no_fault(page)
        page.get_by_role("button", name="Merge them").click()
        expect(page.get_by_role("status")).to_contain_text("Merged.")
        has_no_fault(page)
        page.get_by_role("button", name="Split").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Split.")
        for address in (f"{here}/supply-chain", f"{here}/{three.entry.id}/supply-chain"):
            page.goto(address)
            expect(page.get_by_text("Nursery of the Fens")).to_be_visible()
            has_no_fault(page)
        page.goto(f"/organisations/{three.packhouse.id}/supply-chain-sharing")
        expect(page.get_by_role("heading", name="What The Council sees just now")).to_be_visible()
        has_no_fault(page)
        page.goto(f"{here}/{one.id}/follow-ups")
        page.get_by_role("button", name="Note it").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose how you followed it up.")
        has_no_fault(page)
        page.get_by_label("A visit").check()
        page.get_by_label("On which day?").fill("24 11 2026")
        page.get_by_label("What was agreed?").fill("They will begin in May")
        page.get_by_role("button", name="Note it").click()
        expect(page.get_by_role("status")).to_contain_text("Noted.")
        has_no_fault(page)
        page.get_by_role("link", name="to print").click()
        expect(page.get_by_text("They will begin in May")).to_be_visible()
        has_no_fault(page)

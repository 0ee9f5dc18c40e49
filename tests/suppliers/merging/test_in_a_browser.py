"""On a phone: two entries put together and, by keyboard, taken apart, the chain, and a call that is noted. A journey does so without scripts."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.people.models import Membership, Role
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.phones import has_no_fault, phone
from tests.suppliers.chain.three import Three
from tests.suppliers.makers import a_supplier

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
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
        page.get_by_role("button", name="Put them together").click()
        expect(page.get_by_role("status")).to_contain_text("Put together.")
        has_no_fault(page)
        page.get_by_role("button", name="Take apart").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Taken apart.")
        for address in (f"{here}/chain", f"{here}/{three.entry.id}/chain"):
            page.goto(address)
            expect(page.get_by_text("Nursery of the Fens")).to_be_visible()
            has_no_fault(page)
        page.goto(f"/organisations/{three.packhouse.id}/chain-sharing")
        expect(page.get_by_role("heading", name="What The Council sees just now")).to_be_visible()
        has_no_fault(page)
        page.goto(f"{here}/{one.id}/calls")
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

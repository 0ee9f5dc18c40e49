"""What was withdrawn is left out of a draft, on a phone of 390 pixels."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.banks.editions import Byline, withdraw
from tests.conftest import TODAY, Visitor
from tests.editor.review.shop import WORDS, a_draft
from tests.editor.review.test_views_withdrawn import HINT, published
from tests.people.persons import a_person, database_of, sign_in
from tests.phones import has_no_fault, phone

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.long
def test_an_edition_is_withdrawn_and_left_out_on_a_phone(
    app: Flask, browser: Browser, live: str, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
    published(app, ann, ben, WORDS)
    with database_of(app).writing() as session:
        withdraw(session, "shop", 2, TODAY, Byline(ben.id, "It is misread."))
        home = f"/banks/drafts/{a_draft(session, ann.id, HINT).id}"
    sign_in(visit, app, ann)
    with phone(browser, live, visit) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto("/banks/history/shop/2")
        has_no_fault(page)
        page.get_by_role("button", name="Confirm that it was right").click()
        expect(page.get_by_text("Ann confirmed on")).to_be_visible()
        page.goto(home)
        has_no_fault(page)
        page.get_by_role("link", name="Choose", exact=True).click()
        page.get_by_role("button", name="Save this choice").click()
        has_no_fault(page)
        page.get_by_label("Leave it out").check()
        page.get_by_role("button", name="Save this choice").click()
        expect(page.get_by_role("status")).to_contain_text("Your choice is saved")

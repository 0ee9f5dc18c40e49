"""What was withdrawn is left out of a draft, on a phone of 390 pixels."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.question_banks.drafts import ask_for_review
from assess.question_banks.editions import Attribution, withdraw_published
from tests.bank_editor.review.shop_bank import WORDS, a_draft
from tests.bank_editor.review.test_views_history import HINT, published
from tests.conftest import TODAY, Visitor
from tests.content_files import CONTACTS, SHOP
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.mobile_browser import has_no_fault, phone

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
FATAL = "Ask the workers who took the phone, search the caravans and dismiss the supervisor today."


@pytest.mark.long
def test_what_touches_a_sign_is_read_and_published_on_a_phone(
    app: Flask, browser: Browser, live: str, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
        action = (SHOP, 'do: "Give them back, or call {helpline} first."', f'do: "{FATAL}"')
        draft = a_draft(session, ann.id, action, (CONTACTS, "who: The helpline", "who: A helpline"))
        ask_for_review(session, draft, ann.id, "Is it clear?", TODAY, note="For clearer words.", proved=True)
    sign_in(another_visit, app, ben)
    with phone(browser, live, another_visit) as page:
        page.goto(f"/question-banks/drafts/{draft.id}/review")
        has_no_fault(page)
        expect(page.get_by_role("button", name="Publish it")).to_have_count(0)
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_role("button", name="Save what I have read").click()
        has_no_fault(page)
        page.get_by_role("alert").get_by_role("link").click()
        page.keyboard.type("It is about a lost phone of the firm.")
        page.get_by_role("button", name="Save what I have read").click()
        expect(page.get_by_role("status")).to_have_text("You have read all of them.")
        has_no_fault(page)
        page.get_by_label("I have read what changes, and it is to be used from now on").check()
        page.get_by_role("button", name="Publish it").click()
        expect(page.get_by_text("This draft is published.")).to_be_visible()
        page.get_by_text("2 texts that touch a sign").first.click()
        has_no_fault(page)


@pytest.mark.long
def test_an_edition_is_withdrawn_and_left_out_on_a_phone(
    app: Flask, browser: Browser, live: str, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann, ben = (a_person(session, f"{name}@desk.example", desk="coordinator", name=name) for name in ("Ann", "Ben"))
    published(app, ann, ben, WORDS)
    with database_of(app).writing() as session:
        withdraw_published(session, "shop", 2, TODAY, Attribution(ben.id, "It is misread."))
        home = f"/question-banks/drafts/{a_draft(session, ann.id, HINT).id}"
    sign_in(visit, app, ann)
    with phone(browser, live, visit) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto("/question-banks/history/shop/2")
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

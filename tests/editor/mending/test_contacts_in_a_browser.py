"""Asking for another helpline, confirming and blanking it, on a phone of 390 pixels."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.conftest import Visitor
from tests.editor.conftest import AtDesk
from tests.people.persons import sign_in
from tests.phones import has_no_fault, phone

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SIZE = {"width": 390, "height": 800}


@pytest.mark.long
def test_a_helpline_is_asked_for_confirmed_and_blanked_on_a_phone(
    app: Flask, browser: Browser, live: str, visit: Visitor, another_visit: Visitor, at_desk: AtDesk
) -> None:
    with phone(browser, live, visit) as page:
        page.set_viewport_size(SIZE)  # type: ignore[arg-type]  # two numbers
        page.goto("/banks/contacts")
        has_no_fault(page)
        page.get_by_role("link", name="Ask for a change of Modern Slavery").click()
        page.get_by_label("Phone number").fill("07700 900 123")
        page.get_by_role("button", name="See it side by side").click()
        has_no_fault(page)
        page.get_by_label("Phone number").fill("0300 123 4567")
        page.get_by_label("On a web page of those who run this line").check()
        page.get_by_label("The address of that page").fill("https://www.modernslaveryhelpline.org/contact")
        page.get_by_label("Why does it have to change?").fill("They moved.")
        page.get_by_role("button", name="See it side by side").click()
        has_no_fault(page)
        old, new = (page.get_by_text(one, exact=True) for one in ("08000 121 700", "0300 123 4567"))
        expect(new).to_be_visible()
        large = [one.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") for one in (old.first, new)]
        assert min(large) >= 30
        page.get_by_role("button", name="Ask a second person to confirm it").click()
        expect(page.get_by_role("status")).to_contain_text("waits for a second person")
    sign_in(another_visit, app, at_desk.ben)
    with phone(browser, live, another_visit) as page:
        page.set_viewport_size(SIZE)  # type: ignore[arg-type]  # the same
        page.goto("/banks/contacts")
        page.locator("a[href^='/banks/contacts/asked/']").first.click()
        has_no_fault(page)
        page.get_by_label("I looked at its own website").check()
        page.get_by_role("button", name="Confirm that it is right").click()
        expect(page.get_by_role("status")).to_be_visible()
        page.goto("/banks/contacts/helpline/blank")
        has_no_fault(page)
        page.get_by_label("What is wrong with it?").fill("A stranger answers.")
        page.get_by_label("Take it away now").check()
        page.get_by_role("button", name="Blank it").click()
        expect(page.get_by_role("status")).to_contain_text("It is blanked now.")
        page.goto("/banks/contacts/acas/blank")
        has_no_fault(page)
        page.goto("/help/call")
        has_no_fault(page)
        expect(page.get_by_role("link", name="999").first).to_be_visible()
        expect(page.get_by_role("link", name="08000 121 700")).to_have_count(0)

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.conftest import Visitor
from tests.editor.conftest import AtDesk
from tests.people.persons import sign_in
from tests.phones import fits, has_no_fault, phone

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.long
def test_a_link_is_mended_on_a_phone(
    app: Flask, browser: Browser, live: str, visit: Visitor, another_visit: Visitor, at_desk: AtDesk
) -> None:
    with phone(browser, live, visit) as page:
        page.goto("/banks/mend")
        page.get_by_text("Websites of those to call").click()
        page.get_by_role("link", name="Norfolk County Council: link").click()
        page.get_by_label("What it should say").fill("www.norfolk.gov.uk")
        page.get_by_role("button", name="See it side by side").click()
        has_no_fault(page)
        page.get_by_label("What it should say").fill("https://www.norfolk.gov.uk/children")
        page.get_by_label("Why, and where you saw it").fill("Their own site")
        page.get_by_role("button", name="See it side by side").click()
        has_no_fault(page)
        page.get_by_role("button", name="Put it in use now").click()
        expect(page.get_by_role("status")).to_contain_text("It is in use now.")
        for place in ("settings/wage", "settings", "things/contacts/acas"):
            page.goto(f"{at_desk.draft}/{place}")
            fits(page)
        has_no_fault(page)
    sign_in(another_visit, app, at_desk.ben)
    with phone(browser, live, another_visit) as page:
        page.goto("/banks/mend")
        has_no_fault(page)
        page.get_by_role("button", name="It is right").click()
        expect(page.get_by_text("Ben Moor found it right")).to_be_visible()

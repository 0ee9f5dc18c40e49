from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Visitor
from tests.editor.drafting import Drafting, drafting
from tests.phones import has_no_fault, phone
from tests.shelves import SHOP

__all__ = ["drafting"]
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.long
def test_a_condition_is_built_on_a_phone_without_scripts(
    drafting: Drafting, browser: Browser, live: str, visit: Visitor
) -> None:
    with phone(browser, live, visit, scripts=False) as page:
        page.goto(f"{drafting.home}/shop/questions/papers/condition")
        page.get_by_role("button", name="Add a line", exact=True).click()
        page.get_by_role("group", name="Line 2").get_by_label("Question").select_option(
            "How many hours does the longest week have?"
        )
        page.get_by_role("button", name="Show its answers for line 2").click()
        page.get_by_label("What has to be true").last.select_option("is more than")
        page.get_by_label("Number").fill("48")
        page.get_by_label("How the lines go together").select_option("At least one of these lines is true")
        page.get_by_label("Number").press("Enter")
        expect(page.locator("#words")).to_contain_text(
            "or “How many hours does the longest week have?” is more than 48"
        )
    assert "show_if: {any: [{staff: {is: hired}}, {hours: {more_than: 48}}]}" in drafting.text(SHOP)


@pytest.mark.long
def test_no_page_has_a_fault_on_a_phone(drafting: Drafting, browser: Browser, live: str, visit: Visitor) -> None:
    with phone(browser, live, visit) as page:
        page.goto(f"{drafting.home}/shop/questions/papers/condition")
        page.get_by_role("button", name="Add a group of lines").click()
        has_no_fault(page)
        page.get_by_role("button", name="Remove line 1").first.click()
        page.get_by_label("Question").select_option("How many hours does the longest week have?")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Press “Show its answers”, then choose the answers.")
        has_no_fault(page)
        for address in ("shop/checks", "shop/checks/D1", "shop/checks/D1/retire", "shop/checks/new", "sectors/new"):
            page.goto(f"{drafting.home}/{address}")
            has_no_fault(page)
        page.get_by_role("button", name="Add the sector").click()
        expect(page.get_by_role("alert")).to_be_visible()
        has_no_fault(page)

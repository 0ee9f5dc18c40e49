from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.conftest import Visitor
from tests.editor.drafts import room_of
from tests.phones import has_no_fault, phone

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.long
def test_a_bank_is_kept_on_a_phone(app: Flask, browser: Browser, live: str, visit: Visitor) -> None:
    room = room_of(app, visit)
    with phone(browser, live, visit) as page:
        page.goto(room.home)
        has_no_fault(page)
        page.get_by_role("link", name="Who keeps the workers’ papers?").click()
        has_no_fault(page)
        page.get_by_role("link", name="Answers and points").click()
        has_no_fault(page)
        page.get_by_role("button", name="Add an answer").click()
        page.get_by_role("button", name="Move up answer 4").click()
        page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Words").fill("Only at weekends")
        page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Points").fill("many")
        page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Points").press("Enter")  # Enter saves
        expect(page.get_by_role("alert")).to_contain_text("Enter a number, such as 2.")
        has_no_fault(page)
        page.get_by_role("link", name="Enter a number, such as 2.").click()
        expect(page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Points")).to_be_focused()
        page.get_by_role("group", name="Answer 3", exact=True).get_by_label("Points").fill("4")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("Saved in this draft.")
        has_no_fault(page)  # with a problem: the new answer brings no action
        page.get_by_role("link", name="Open the page for this").first.click()
        expect(page.get_by_role("group", name="Only at weekends (4 points)")).to_be_visible()
        has_no_fault(page)
        for where in (
            "questions/papers/parts/counts",
            "questions/papers/move",
            "questions/papers/retire",
            "add",
            "title",
        ):
            page.goto(f"{room.home}/{where}")
            has_no_fault(page)

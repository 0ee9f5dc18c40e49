"""A part given, answered, decided, and talked about, on a phone: nothing sticks out, a program finds no fault.

A journey gives a part away without scripts.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.mobile_browser import has_no_fault, phone

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


class Walk:
    """Goes from page to page and looks at each."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, address: str) -> None:
        self.page.goto(address)
        has_no_fault(self.page)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()
        self.page.wait_for_load_state()
        has_no_fault(self.page)


@pytest.mark.long
def test_a_colleague_answers_a_part(visit: Any, another_visit: Any, begin: Any, browser: Browser, live: str) -> None:
    home = begin()
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7777", core_people_peak__sure="7777")
    another_visit("/start")  # has no cookie of a visit yet: the link brings one
    with phone(browser, live, visit) as page:
        owner = Walk(page)
        owner.to(f"{home}delegation")
        owner.to(f"{home}delegation/section/hiring")
        owner.to(f"{home}delegation/question/core_documents")
        owner.press("Make the link")  # a fault: the tick is missing
        owner.to(f"{home}delegation/section/people")
        page.fill("#note", "wages office")
        owner.press("Make the link")
        path = page.input_value("#link").removeprefix("http://localhost:5000")
        owner.to(f"{home}comments/section/people")
        owner.to(f"{home}comments/core_people_peak")
        owner.press("Add the comment")  # a fault: nothing was written
        page.fill("#words", "Count the pickers as well, please.")
        page.check("#for_delegate")
        owner.press("Add the comment")
        with browser.new_context(base_url=live, viewport={"width": 320, "height": 700}) as hers:
            other = Walk(hers.new_page())
            other.to(path)
            other.press("Go on")
            assert "7777" not in other.page.content()
            assert "Count the pickers" in other.page.content()
            other.page.fill("#core_people_peak", "a dozen")
            other.press("Save")  # a fault
            other.page.fill("#core_people_peak", "12")
            other.page.check("input[name=core_housing][value=ours]")
            other.press("Save, and say that I am done")
            assert "You said that you are done" in other.page.content()
            other.press("Leave on this device")
        owner.to(f"{home}delegation/answers")
        owner.press("Save and continue")  # a fault: nothing was chosen
        page.get_by_label("Take your colleague’s answer").check()
        owner.press("Save and continue")
        page.get_by_role("link", name="The people who work for you").first.click()
        has_no_fault(page)
        owner.press("Send it back")  # a fault: no words
        page.fill("#words", "Add the cleaners.")
        owner.press("Send it back")
        owner.press("End this link now")
        assert "You ended it" in page.content()

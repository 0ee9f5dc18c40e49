"""The page in a real browser: phone width, by keyboard, with and without scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import html5lib
import pytest
from flask import Flask
from playwright.sync_api import Browser

from assess.plans.buying.story import buying_of
from tests.phones import has_no_fault, phone
from tests.plans.buying.bought import HOTEL, LONG, UNKNOWN, hotel, sixty
from tests.plans.conftest import submit_record

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
LISTS = {"one": HOTEL[:1], "hotel": HOTEL, "sixty": sixty(), "long": LONG, "unknown": UNKNOWN}


@pytest.mark.parametrize(
    ("name", "scripts"),
    [
        ("long", True),
        *(
            pytest.param(name, scripts, marks=pytest.mark.long)
            for name, scripts in (("one", True), ("hotel", False), ("sixty", True), ("unknown", False))
        ),
    ],
    # what fits and what a program finds depends on what is long, which takes scripts to see; the way is the same for every list
)
def test_somebody_finds_the_page_and_takes_the_questions_with_them(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime, name: str, *, scripts: bool
) -> None:
    record = hotel(LISTS[name])
    made = submit_record(app, visit, record, now)
    with phone(browser, live, visit, scripts=scripts) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])  # one without a window asks for it
        page.goto(f"{made.address}/result")
        page.get_by_role("link", name="What you buy", exact=True).first.focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Your purchases").wait_for()
        page.wait_for_load_state()
        html5lib.HTMLParser(strict=True).parse(page.content())
        assert page.locator("main svg").is_visible()
        found = buying_of(record)
        assert found is not None
        boxes = page.locator("textarea").all()
        texts = [text for group in found.questions for text in group.texts]
        assert [box.input_value() for box in boxes] == texts
        page.get_by_role("link", name="What to ask your suppliers").focus()
        page.keyboard.press("Enter")
        page.locator(".plan-copy summary").first.focus()
        page.keyboard.press("Enter")
        boxes[0].focus()
        page.keyboard.type("x")
        assert boxes[0].input_value() == texts[0], "it can be copied, not changed"
        page.keyboard.press("Control+a")
        if scripts:
            chosen = boxes[0].evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
            assert chosen == texts[0]
            page.locator(".plan-copy").first.get_by_role("button", name="Copy").click()
            page.get_by_text("The text is copied.").wait_for()
        else:
            assert not page.locator(".plan-copy button").first.is_visible()
        has_no_fault(page, scripts=scripts)

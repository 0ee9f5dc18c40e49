"""The register in a real browser: phone width, by keyboard, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Visitor
from tests.mobile_browser import has_no_fault, phone
from tests.plans.conftest import Submitted

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def press(page: Page, role: Any, name: str, key: str = "Enter") -> None:
    """Go to a control and press a key, as somebody without a mouse does."""
    page.get_by_role(role, name=name, exact=True).focus()
    page.keyboard.press(key)


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_tired_says_yes_to_all_the_rest_and_takes_it_back(
    visit: Any, browser: Browser, live: str, submitted: Submitted, *, scripts: bool
) -> None:
    with phone(browser, live, visit, scripts=scripts) as page:
        page.goto(f"{submitted.address}/result/actions")
        page.get_by_role("link", name="Say “we will do this” to all the rest").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Say “we will do this” to all the rest").wait_for()
        page.locator("main summary").focus()
        page.keyboard.press("Enter")
        assert page.locator("main details li").first.is_visible()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Yes, to all of them").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Your plan is ready").wait_for()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Undo").focus()
        page.keyboard.press("Enter")
        page.get_by_text("are as before.").wait_for()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Answer this one").wait_for()
        page.goto(page.locator("article a").first.get_attribute("href") or "")
        page.get_by_role("link", name="What was changed here").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Answered in one go").wait_for()
        has_no_fault(page, scripts=scripts)


@pytest.mark.long
def test_two_people_write_into_one_action_and_what_was_typed_is_put_in_later(
    visit: Any, colleague: Visitor, browser: Browser, live: str, submitted: Submitted
) -> None:
    """With scripts: a journey has two people change one action without."""
    address, number = submitted.item("core_time_records"), submitted.number("core_time_records")
    with (
        phone(browser, live, visit) as mine,
        phone(browser, live, colleague) as hers,
    ):
        mine.goto(address)
        hers.goto(address)
        has_no_fault(mine)
        for page, day in ((hers, "1/3/27"), (mine, "1/4/27")):
            press(page, "radio", "We will do this", "Space")
            page.get_by_label("By when?").focus()
            page.keyboard.press("Control+A")
            page.keyboard.type(day)
            press(page, "button", "Save")
            page.wait_for_url(
                f"{live}{submitted.address}/result/actions?saved={number}#item-{number}" if page is hers else address
            )
        mine.get_by_role("heading", name="Someone else changed this too").wait_for()
        has_no_fault(mine)
        assert mine.get_by_text("Saved now: 1 March 2027").is_visible()
        assert mine.get_by_text("What you typed: 1 April 2027").is_visible()
        press(mine, "radio", "What is saved now", "Space")
        press(mine, "button", "Save and continue")
        mine.get_by_role("heading", name=f"Number {number} of").wait_for()
        hers.goto(address)
        press(hers, "radio", "Under way", "Space")
        press(hers, "button", "Save")
        hers.get_by_role("heading", name="How far you are").wait_for()
        mine.goto(f"{address}/history")
        has_no_fault(mine)
        mine.get_by_role("button", name="Put this in").focus()
        mine.keyboard.press("Enter")
        mine.get_by_role("heading", name=f"Number {number} of").wait_for()
        mine.wait_for_load_state()
        assert mine.get_by_label("By when?").input_value() == "1 4 2027"
        assert mine.get_by_role("radio", name="Under way").is_checked()


def has_focus(page: Page, selector: str) -> bool:
    return bool(page.evaluate("wanted => document.activeElement.matches(wanted)", selector))


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.long)])
def test_somebody_with_a_keyboard_keeps_their_place_after_done_undo_and_saving(
    visit: Any, browser: Browser, live: str, submitted: Submitted, *, scripts: bool
) -> None:
    with phone(browser, live, visit, scripts=scripts) as page:
        page.goto(f"{submitted.address}/result/actions")
        number = page.locator("article").count()
        page.locator("article button").last.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**#item-{number}")
        card = page.locator("article").last
        assert card.get_by_role("status").get_by_text("Saved.").is_visible()
        assert page.locator(f"#item-{number}").bounding_box()["y"] < 700  # type: ignore[index]  # it is in sight, so it has a box
        assert has_focus(page, f"#item-{number}")
        has_no_fault(page, scripts=scripts)
        page.keyboard.press("Tab")
        assert has_focus(page, f"article:has(#item-{number}) button")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**?saved=*#item-{number}")
        assert has_focus(page, f"#item-{number}")
        assert card.get_by_text("Not answered yet").is_visible()
        page.keyboard.press("Tab")
        assert has_focus(page, f"article:has(#item-{number}) a")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=f"Number {number} of").wait_for()
        press(page, "radio", "We will do this", "Space")
        press(page, "button", "Save")
        page.wait_for_url(f"**?saved=*#item-{number}")
        assert has_focus(page, f"#item-{number}")
        assert card.get_by_role("status").get_by_text("Saved.").is_visible()
        assert card.get_by_text("We will do this").is_visible()
        has_no_fault(page, scripts=scripts)

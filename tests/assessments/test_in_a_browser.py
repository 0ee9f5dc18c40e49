"""The questions in a real browser: what is said after saving can be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.assessments.conftest import submit
from tests.mobile_browser import has_no_fault, phone, said_on

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]

COLOURS = """element => {
    const numbers = colour => colour.match(/[0-9.]+/g).map(Number)
    let behind = element
    while (numbers(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement
    return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(numbers)
}"""
ENOUGH = 4.5


def brightness(red: float, green: float, blue: float, *_: float) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = [part / 255 for part in (red, green, blue)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(element: Locator) -> float:
    """Between the letters of an element and what is behind them, as the browser computed both."""
    dark, light = sorted(brightness(*colour) for colour in element.evaluate(COLOURS))
    return (light + 0.05) / (dark + 0.05)


def test_the_notice_that_a_page_is_not_saved_can_be_read(
    visit: Any, begin: Callable[..., str], identify: Callable[[str], None], browser: Browser, live: str
) -> None:
    home = begin()
    identify(home)
    with phone(browser, live, visit) as page:
        page.goto(f"{home}sections/people")
        submit(visit, home)
        page.locator("#core_people_peak").fill("9")
        page.get_by_role("button", name="Save and continue").click()
        title = page.locator("#notice-title")
        assert title.inner_text() == "Not saved"
        for part in (title, page.locator(".govuk-notification-banner__heading"), page.locator("#notice a")):
            assert contrast(part) >= ENOUGH
        has_no_fault(page)


PHONE_WIDTH, PHONE_HEIGHT = 390, 844


def fills_in(page: Page) -> None:
    """The first answer to each question that has none."""
    for group in page.locator(".assess-asked").all():
        ticks = group.locator("input[type=radio], .govuk-checkboxes:not(.govuk-checkboxes--small) input")
        if not ticks.count():
            group.locator("input[type=text]").first.fill("5")
        elif not group.locator("input:checked").count():
            ticks.first.check()
    if page.locator("#name").count():
        page.locator("#name").fill("Fen Edge Hand Wash")
        page.get_by_label("Norfolk").check()


def presses(page: Page, name: str) -> None:
    before = page.url
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(lambda address: address != before)


@pytest.mark.parametrize("scripts", [True, False])
def test_back_on_every_page_loses_no_answer(
    visit: Any, begin: Callable[..., str], browser: Browser, live: str, *, scripts: bool
) -> None:
    home = begin(length="quick")
    with phone(browser, live, visit, scripts=scripts) as page:
        page.set_viewport_size({"width": PHONE_WIDTH, "height": PHONE_HEIGHT})
        page.goto(f"{home}questions/1")
        said: list[list[str]] = []
        while "/questions/" in page.url:
            has_no_fault(page, scripts=scripts)
            fills_in(page)
            said.append(said_on(page))
            here = page.url
            presses(page, "Back")  # saves, and leads to the page before
            if len(said) > 1:
                assert said_on(page) == said[-2]
                presses(page, "Save and continue")
            else:
                page.locator("main a.govuk-button").click()  # the overview goes on at the first open question
                page.goto(here)
            assert page.url == here
            assert said_on(page) == said[-1]
            presses(page, "Save and continue")
        assert page.url.endswith("/check")
        assert page.locator("body").bounding_box()["height"] <= 4 * PHONE_HEIGHT  # type: ignore[index]  # a body has a box
        page.get_by_role("link", name="Back", exact=True).click()
        page.wait_for_url("**/questions/6")
        assert said_on(page) == said[-1]
        for number in range(5, 0, -1):  # the browser's own button shows no error, and what was saved
            presses(page, "Back")
            assert page.url.endswith(f"/questions/{number}")
            assert said_on(page) == said[number - 1]
        for _ in range(5):
            page.go_back()
            assert page.locator("h1").inner_text().startswith("Page ")


def test_what_is_ticked_is_sent_when_the_page_is_left_with_the_browsers_own_button(
    visit: Any, begin: Callable[..., str], browser: Browser, live: str
) -> None:
    home = begin(length="quick")
    with phone(browser, live, visit) as page:
        page.goto(f"{home}questions/1")
        page.goto(f"{home}questions/2")
        page.locator("input[name=core_documents][value=worker]").check()
        page.go_back()
        page.wait_for_url("**/questions/1")
        for _ in range(50):
            page.goto(f"{home}questions/2")
            if page.locator("input[name=core_documents]:checked").count():
                break
            page.wait_for_timeout(100)
        assert page.locator("input[name=core_documents]:checked").get_attribute("value") == "worker"


def test_what_is_typed_takes_back_that_it_is_not_known(
    visit: Any, begin: Callable[..., str], browser: Browser, live: str
) -> None:
    home = begin()
    with phone(browser, live, visit) as page:
        page.goto(f"{home}sections/people")
        tick = page.locator("input[name='core_people_peak.dk']")
        tick.check()
        page.locator("#core_people_peak").fill("9")
        assert not tick.is_checked()
        tick.check()  # ticking it afterwards empties nothing: the page asks which is meant
        assert page.locator("#core_people_peak").input_value() == "9"

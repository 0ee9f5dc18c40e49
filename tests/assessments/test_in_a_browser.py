"""The questions in a real browser: what is said after saving can be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from tests.mobile_browser import has_no_fault, phone

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


def test_the_notice_of_more_questions_can_be_read(
    visit: Any, begin: Callable[..., str], browser: Browser, live: str
) -> None:
    home = begin()
    with phone(browser, live, visit) as page:
        page.goto(f"{home}sections/people")
        for kind in ("employees", "agency"):
            page.locator(f'input[name="core_worker_types"][value="{kind}"]').check()
        page.locator("main button.govuk-button[data-module]").last.click()
        page.wait_for_url("**#notice")
        title = page.locator("#notice-title")
        assert title.inner_text() == "Saved"
        for part in (title, page.locator(".govuk-notification-banner__heading"), page.locator("#notice a")):
            assert contrast(part) >= ENOUGH
        has_no_fault(page)

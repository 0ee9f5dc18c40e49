"""A phone in a test: a real browser that is narrow, and what every page has to keep to on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.conftest import Visitor
from tests.looking import LOOKED

WIDTH, HEIGHT = 320, 700


@contextmanager
def phone(browser: Browser, live: str, visitor: Visitor, *, scripts: bool = True) -> Iterator[Page]:
    """A phone that may open what this visitor may open."""
    held = [visitor.client.get_cookie(name) for name in ("assess_visit", "assess_signed_in")]
    cookies = [(cookie.key, cookie.value) for cookie in held if cookie is not None]
    assert cookies
    with browser.new_context(
        base_url=live, java_script_enabled=scripts, viewport={"width": WIDTH, "height": HEIGHT}
    ) as own:
        own.add_cookies([{"name": name, "value": value, "url": live} for name, value in cookies])
        yield own.new_page()


def fits(page: Page) -> None:
    """Nothing sticks out at the side."""
    size = page.viewport_size
    assert size is not None
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size["width"], f"{page.url} is {wide} wide"


def a_program_finds_no_fault(page: Page) -> None:
    """Nothing against WCAG 2.2 AA, nor against what is good practice."""
    found = LOOKED.faults(page)
    assert not found, f"{page.url}\n{found}"


def has_no_fault(page: Page, *, scripts: bool = True) -> None:
    """It has one title, fits, and a program finds no fault. Without scripts there is nobody to ask but for the title."""
    page.wait_for_load_state()  # a click waits until a page begins to come, not until it is here
    assert page.locator("h1").count() == 1, page.url
    if scripts:
        fits(page)
        a_program_finds_no_fault(page)

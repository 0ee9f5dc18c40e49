"""A phone in a test: a real browser that is narrow, and what every page has to keep to on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page

from tests.conftest import Visitor
from tests.long_runs import IS_LONG

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


def faults_of(page: Page, *, contrast: bool = True) -> str:
    """What axe finds against WCAG 2.2 AA, or against what is good practice. Nothing, if all is well.

    `contrast` of letters takes four fifths of the time, and no page of ours has other colours on another screen.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    violations = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    if not violations:
        return ""
    return f"{page.url}\n{AxeResults({'violations': violations}).generate_report()}"


def said_on(page: Page) -> list[str]:
    """What is ticked and typed in the forms of a page."""
    page.wait_for_load_state()
    ticked = page.locator("main form input:checked").evaluate_all("all => all.map(one => one.name + one.value)")
    typed = page.locator("main form input[type=text]").evaluate_all("all => all.map(one => one.name + one.value)")
    return [*map(str, ticked), *map(str, typed)]


def has_no_fault(page: Page, *, scripts: bool = True) -> None:
    """It has one title and fits; without scripts there is nobody to ask but for the title.

    Axe looks at it in a long run. Each page is looked at in `identity/test_accessibility.py`, every time.
    """
    page.wait_for_load_state()  # a click waits until a page begins to come, not until it is here
    assert page.locator("h1").count() == 1, page.url
    if scripts:
        fits(page)
    if scripts and IS_LONG:
        assert faults_of(page) == ""

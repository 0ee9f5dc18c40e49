"""A page is looked at when all of it is here. A click comes back when a page begins to come: on a busy machine its title is later."""

from __future__ import annotations

from functools import wraps
from typing import Any

from playwright.sync_api import Locator

THAT_LEAD_TO_A_PAGE = ("click", "press", "wait_for")


def wait_for_whole_pages() -> None:
    """Have whatever leads to a page, or waits for one, come back when the page has loaded. A page that is here keeps nobody."""
    for name in THAT_LEAD_TO_A_PAGE:
        setattr(Locator, name, and_wait(getattr(Locator, name)))


def and_wait(act: Any) -> Any:
    """This act, and then the page it leads to."""

    @wraps(act)
    def whole(locator: Locator, *given: Any, **named: Any) -> None:
        act(locator, *given, **named)
        if not locator.page.is_closed():
            locator.page.wait_for_load_state()

    return whole

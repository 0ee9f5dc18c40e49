"""Moving and going back on a phone, with a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.assessments.edition_upgrade.test_views_edition_upgrade import PEOPLE, changed, say
from tests.mobile_browser import has_no_fault, phone


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite"])
def test_on_a_phone(app: Any, visit: Any, browser: Browser, live: str, begin: Any, identify: Any, publish: Any) -> None:
    home = begin()
    identify(home)
    say(app, home, **PEOPLE)
    publish("car_washes", changed)
    with phone(browser, live, visit) as page:
        page.goto(home)
        page.get_by_role("link", name="See what would change").click()
        has_no_fault(page)
        page.get_by_role("button", name="Move to the newer questions").click()
        has_no_fault(page)
        say(app, home, core_people_peak=13)
        page.get_by_role("link", name="go back to the earlier questions").click()
        has_no_fault(page)
        page.get_by_role("button", name="Go back to the earlier questions").click()
        page.wait_for_load_state()
        assert page.get_by_role("link", name="See what would change").is_visible()

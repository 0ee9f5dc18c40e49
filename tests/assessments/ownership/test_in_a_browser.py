"""Keeping, beginning again, help and the list of plans on a phone, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from assess.core.config import Settings
from assess.identity.models import StaffRole
from tests.assessments.ownership.conftest import Firm, keep_with
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.mobile_browser import HEIGHT, WIDTH, has_no_fault

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@contextmanager
def phone_of(browser: Browser, live: str, visitor: Visitor, *, scripts: bool) -> Iterator[Page]:
    """A phone with everything this visitor's browser has, whether a visit, an account or both."""
    kept = [visitor.client.get_cookie(name) for name in ("assess_visit", "assess_signed_in")]
    with browser.new_context(
        base_url=live, java_script_enabled=scripts, viewport={"width": WIDTH, "height": HEIGHT}
    ) as own:
        own.add_cookies([{"name": one.key, "value": one.value, "url": live} for one in kept if one])
        yield own.new_page()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


@pytest.fixture
def mails(app: Flask, settings: Settings) -> None:
    """Accounts are offered."""
    app.extensions["assess.settings"] = replace(
        settings, mail_server="smtp://localhost:25", mail_from="assess@network.example"
    )


@pytest.mark.long
@pytest.mark.usefixtures("mails")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_business_keeps_it_begins_again_and_sees_both(
    app: Flask, visit: Any, begin: Any, identify: Any, firm: Firm, browser: Browser, live: str, *, scripts: bool
) -> None:
    home = begin()
    identify(home)
    visit(f"{home}sections/people")
    visit.send(core_people_peak="12", core_first_language="under25")
    sign_in(visit, app, firm.manager)
    with phone_of(browser, live, visit, scripts=scripts) as page:
        page.goto(home)
        has_no_fault(page, scripts=scripts)
        page.get_by_role("link", name="Keep this with an account").click()
        has_no_fault(page, scripts=scripts)
        press(page, "Continue")
        has_no_fault(page, scripts=scripts)
        page.get_by_label("Fen Edge Group").check()
        press(page, "Continue")
        has_no_fault(page, scripts=scripts)
        press(page, "Keep it with this account")
        page.locator(".govuk-error-summary").wait_for()
        assert page.title().startswith("Error: ")
        has_no_fault(page, scripts=scripts)
        page.get_by_label("North yard").check()
        press(page, "Keep it with this account")
        page.get_by_text("It is kept with Fen Edge Group, North yard.").wait_for()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("link", name="Move this self-check").click()
        has_no_fault(page, scripts=scripts)
        page.goto(home)
        page.get_by_role("link", name="Start another place").click()
        has_no_fault(page, scripts=scripts)
        page.get_by_label("South yard").check()
        page.get_by_label("Farming", exact=False).first.check()
        press(page, "Start it")
        page.get_by_role("heading", name="Fen Edge Hand Wash").wait_for()
        second = page.url
        page.goto(f"{second}sections/people")
        assert page.locator(".assess-again").count() == 2
        has_no_fault(page, scripts=scripts)
        page.goto(f"{second}check")
        page.locator("#confirm").wait_for()
        has_no_fault(page, scripts=scripts)
        page.goto(second)
        page.get_by_role("link", name="All plans of Fen Edge Group").click()
        has_no_fault(page, scripts=scripts)
        assert page.locator("main .assess-panel").count() == 2
        page.get_by_role("link", name="One index page for all current plans").click()
        has_no_fault(page, scripts=scripts)
        page.goto(f"/organisations/{firm.organisation.id}/start")
        has_no_fault(page, scripts=scripts)


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_coordinator_helps_until_the_business_ends_it(
    app: Flask, visit: Any, begin: Any, browser: Browser, live: str, *, scripts: bool
) -> None:
    home = begin()
    with database_of(app).writing() as session:
        cora = a_person(session, "cora@network.example", desk=StaffRole.COORDINATOR)
    desk = Visitor(app.test_client())
    sign_in(desk, app, cora)
    with (
        phone_of(browser, live, visit, scripts=scripts) as mine,
        phone_of(browser, live, desk, scripts=scripts) as theirs,
    ):
        mine.goto(home)
        mine.get_by_role("link", name="Fill it in with a coordinator").click()
        has_no_fault(mine, scripts=scripts)
        press(mine, "Make a code")
        has_no_fault(mine, scripts=scripts)
        mine.get_by_label("By phone").check()
        press(mine, "Make a code")
        has_no_fault(mine, scripts=scripts)
        mine.locator("#code").wait_for()
        code = mine.locator("#code").inner_text()
        theirs.goto("/staff/assistance")
        has_no_fault(theirs, scripts=scripts)
        theirs.get_by_label("Code of the business").fill(code)
        press(theirs, "Open it")
        theirs.get_by_text("You are helping with this by phone").wait_for()
        has_no_fault(theirs, scripts=scripts)
        theirs.goto(f"{home}sections/people")
        theirs.locator("#core_people_peak").fill("9")
        press(theirs, "Save and continue")
        theirs.wait_for_url("**/sections/people/2")
        theirs.goto("/staff/assistance")
        has_no_fault(theirs, scripts=scripts)
        mine.goto(f"{home}sections/people")
        assert mine.locator("#core_people_peak").input_value() == "9"
        has_no_fault(mine, scripts=scripts)
        mine.get_by_role("link", name="See or end this").click()
        has_no_fault(mine, scripts=scripts)
        press(mine, "End it now")
        mine.get_by_text("A coordinator can open this").wait_for(state="detached")
        theirs.goto(home)
        assert theirs.locator("h1").inner_text() != "Your self-check"
        assert theirs.get_by_text("You are helping").count() == 0


@pytest.mark.long
def test_what_is_kept_already_says_so(
    app: Flask, visit: Any, begin: Any, firm: Firm, browser: Browser, live: str
) -> None:
    home = begin()
    keep_with(app, home, firm)
    sign_in(visit, app, firm.manager)
    with phone_of(browser, live, visit, scripts=True) as page:
        page.goto(f"{home}save-to-account")
        has_no_fault(page)

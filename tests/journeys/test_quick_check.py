"""A quick check of each trade, by keyboard on a narrow phone: from the first page to the plan and a step that is done.

From the first question on it presses Back on every page, and finds what it said.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import BrowserContext, Page

from assess.engine.bank import AnswerValue
from tests.journeys.person import Keyboard, Person, answers_of, begins, runs_scripts, starts_answering
from tests.mobile_browser import faults_of, fits, said_on

pytestmark = pytest.mark.journey

SCREENS = (390, 320)
GO_ON = "main form button.govuk-button:not(.govuk-button--secondary):not([tabindex])"
BACK = 'main button[name="go"][value="back"]'


@pytest.mark.parametrize(
    ("trade", "example"),
    [
        ("Farming", "farming medium"),
        ("Car washes", "car_washes medium"),
        ("Hospitality", "hospitality medium"),
    ],
)
def test_a_quick_check_leads_to_a_plan_and_a_step_that_is_done(
    context: BrowserContext, site: str, tmp_path: Path, trade: str, example: str
) -> None:
    scripts = runs_scripts(context)
    person = Person(context.new_page(), site)
    keys = Keyboard(person)
    begins(person, trade, "quick check", scripts=scripts)
    starts_answering(person)
    answers_with_the_keyboard(keys, answers_of(example), scripts=scripts)
    submits(keys, scripts=scripts)
    does_a_step_and_takes_it_back(keys, scripts=scripts)
    takes_the_plan(keys, tmp_path)
    assert person.elsewhere == []
    assert person.said == []


def sound(page: Page, *, scripts: bool) -> None:
    """It has one title, fits both phones, and axe finds no fault: colours are looked at elsewhere. Without scripts nothing can look."""
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1, page.url
    if not scripts:
        return
    for width in SCREENS:
        page.set_viewport_size({"width": width, "height": 800})
        fits(page)
    assert faults_of(page, contrast=False) == ""


def goes_to(keys: Keyboard, selector: str) -> None:
    """Tab to a link or a button, and press it."""
    keys.tab_to(selector)
    with keys.person.page.expect_navigation():
        keys.press("Enter")


def comes_back_with_the_browser(page: Page, *, scripts: bool) -> None:
    """The browser’s own Back leads to a whole page, whatever was sent since, and from there forward again."""
    here = page.url
    answer = page.go_back()
    assert answer is None or answer.ok
    sound(page, scripts=scripts)
    page.goto(here)


def answers_with_the_keyboard(keys: Keyboard, answers: Mapping[str, AnswerValue], *, scripts: bool) -> None:
    page = keys.person.page
    before = None
    while "/questions/" in page.url:
        sound(page, scripts=scripts)
        keys.answers_page(answers)
        if page.locator("#name").count():
            keys.tab_to("#name")
            keys.type("Fen Edge")
            keys.chooses("area", "norfolk")
        said, here = said_on(page), page.url
        goes_to(keys, BACK)
        if before is None:
            sound(page, scripts=scripts)
            goes_to(keys, "main a.govuk-button")  # it goes on at the first open question
            page.goto(here)
        else:
            assert said_on(page) == before
            goes_to(keys, GO_ON)
        assert page.url == here
        assert said_on(page) == said
        before = said
        goes_to(keys, GO_ON)
    assert page.url.endswith("/check")
    sound(page, scripts=scripts)
    goes_to(keys, ".govuk-back-link")
    assert said_on(page) == before
    goes_to(keys, GO_ON)


def submits(keys: Keyboard, *, scripts: bool) -> None:
    page = keys.person.page
    keys.ticks('input[name="reread"]')
    goes_to(keys, 'main form[action$="/submit"] button')
    assert page.url.endswith("/result")
    sound(page, scripts=scripts)
    comes_back_with_the_browser(page, scripts=scripts)


def does_a_step_and_takes_it_back(keys: Keyboard, *, scripts: bool) -> None:
    person, page = keys.person, keys.person.page
    result = page.url
    goes_to(keys, 'main a[href$="/result/actions"]')
    sound(page, scripts=scripts)
    assert "0 of " in person.words
    goes_to(keys, "article button")
    sound(page, scripts=scripts)
    assert "1 of " in person.words
    comes_back_with_the_browser(page, scripts=scripts)
    goes_to(keys, "#notice button")
    sound(page, scripts=scripts)
    assert "0 of " in person.words
    goes_to(keys, ".govuk-back-link")
    sound(page, scripts=scripts)
    page.goto(result)


def takes_the_plan(keys: Keyboard, folder: Path) -> None:
    page = keys.person.page
    keys.tab_to('main a[href$="/plan.pdf"]')
    with page.expect_download(timeout=60_000) as download:
        keys.press("Enter")
    download.value.save_as(folder / "plan.pdf")
    with pikepdf.open(folder / "plan.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked

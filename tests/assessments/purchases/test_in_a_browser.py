"""The pages “What you buy” in a real browser: nothing sticks out on a phone, a program finds no fault, Enter saves, two windows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import mobile_browser

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
NARROW, WIDE = 320, 1280
SAVE = "Save and show the risks"


@pytest.fixture
def context(request: pytest.FixtureRequest, browser: Browser, live: str) -> Iterator[BrowserContext]:
    """A phone, or as wide as a test asks for."""
    viewport: Any = {"width": getattr(request, "param", NARROW), "height": 800}
    with browser.new_context(base_url=live, viewport=viewport) as opened:
        opened.set_default_timeout(20_000)
        yield opened


@pytest.fixture
def home(context: BrowserContext) -> str:
    """The address of a hotel's assessment that was just begun in this browser."""
    page = context.new_page()
    page.goto("/start?bank=hospitality")
    page.get_by_label("full assessment").check()
    page.locator("main form button").first.click()
    address = page.url.rstrip("/")
    page.close()
    return address


def has_no_fault(page: Page) -> None:
    """As everywhere, once the scripts of the page have run."""
    page.wait_for_selector("body.govuk-frontend-supported")
    mobile_browser.has_no_fault(page)


def a_list(page: Page, home: str, *things: str) -> None:
    page.goto(f"{home}/purchases/choose")
    page.fill("#own", "\n".join(things))
    page.get_by_role("button", name="Add to the list").click()
    page.wait_for_selector("fieldset.assess-buys")


@pytest.mark.long
@pytest.mark.parametrize("context", [NARROW, WIDE], indirect=True)
def test_every_page_fits_and_a_program_finds_no_fault(context: BrowserContext, home: str) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{home}/purchases")
    has_no_fault(page)
    page.get_by_role("button", name="Add to the list").click()
    has_no_fault(page)
    page.goto(f"{home}/purchases/choose?q=bed+linen")
    has_no_fault(page)
    a_list(page, home, "prawns", "bed linen", "cleaning", "salad bar things", "x" * 120, "qqzx")
    page.fill("#country-1", "Ecuador")
    page.fill("#share-1", "20")
    page.fill("#supplier-1", "y" * 120)
    page.get_by_role("button", name=SAVE).click()
    for summary in page.locator("summary").all():
        summary.click()
    has_no_fault(page)
    for line in page.locator("fieldset.assess-buys").all():  # a name of several lines cuts no frame
        frame, name = line.bounding_box(), line.locator("legend").bounding_box()
        assert frame is not None
        assert name is not None
        assert name["y"] > frame["y"]
    page.fill("#country-1", "Ecuadr")
    page.fill("#share-2", "90")
    page.get_by_role("button", name=SAVE).click()
    page.wait_for_selector(".govuk-error-summary")
    has_no_fault(page)
    page.goto(f"{home}/purchases")
    page.locator("button[name=remove]").nth(2).click()
    page.get_by_role("button", name="Put it back").wait_for()
    has_no_fault(page)
    page.goto(f"{home}/")
    has_no_fault(page)
    assert [words for words in said if "422" not in words] == []


def test_two_windows_lose_nothing(context: BrowserContext, home: str) -> None:
    mine, theirs = context.new_page(), context.new_page()
    a_list(mine, home, "rice", "tea")
    theirs.goto(f"{home}/purchases")
    theirs.fill("#country-1", "India")
    theirs.get_by_role("button", name=SAVE).click()
    theirs.get_by_text("Your list is saved").wait_for()
    mine.bring_to_front()  # a window behind another draws nothing, and whoever looks at it waits
    mine.fill("#country-1", "Pakistan")
    mine.fill("#country-2", "Kenya")
    mine.get_by_role("button", name=SAVE).click()
    mine.get_by_role("heading", name="This line was changed meanwhile").wait_for()
    has_no_fault(mine)
    mine.get_by_label("Put in what you typed: Rice, Pakistan").check()
    mine.get_by_role("button", name="Save and continue").click()
    mine.get_by_text("Your list is saved").wait_for()
    assert [mine.input_value(f"#country-{number}") for number in (1, 2)] == ["Pakistan", "Kenya"]


def test_after_adding_the_first_country_can_be_typed_at_once_and_enter_saves(
    context: BrowserContext, home: str
) -> None:
    page = context.new_page()
    a_list(page, home, "rice", "tea")
    page.locator("#country-1:focus").wait_for()
    assert page.locator("#line-1 legend").bounding_box()["y"] >= 0, "one sees which line this is"  # type: ignore[index]
    page.keyboard.type("India")
    page.keyboard.press("Enter")
    page.get_by_text("Your list is saved").wait_for()
    page.wait_for_load_state()
    assert page.input_value("#country-1") == "India"
    assert page.locator("fieldset.assess-buys").count() == 2, "Enter presses no button that takes a line off"


def test_the_field_offers_the_countries_by_name(context: BrowserContext, home: str) -> None:
    page = context.new_page()
    a_list(page, home, "rice")

    def offered(name: str) -> int:
        return page.locator(f'#countries option[value="{name}"]').count()

    assert [offered(name) for name in ("Ecuador", "United Kingdom", "Côte d’Ivoire", "Norwich")] == [1, 1, 1, 0]
    assert page.locator("#country-1").get_attribute("list") == "countries"

"""The public pages in a real browser: the quick exit, the content security policy, and an automatic check for access."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from assess.core.pages import FOOTER_LINKS
from tests.mobile_browser import fits, has_no_fault

WAY_IN = ["/", "/before-you-start", "/start", "/start?bank=farming", "/questions", "/questions/farming"]
PAGES = [
    *WAY_IN,
    "/help",
    *(path for path, _ in FOOTER_LINKS[1:]),
]
NARROW, WIDE = 320, 1280
ONE_OF_EACH = {*WAY_IN, "/help", "/privacy"}
"""One page of each build. The others have the same frame and other words: wide, a program would find in them what it finds narrow."""
EXIT = "https://www.bbc.co.uk/weather"

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.fixture
def page(browser: Browser, live: str) -> Iterator[Page]:
    with browser.new_context(base_url=live) as context:
        # nothing leaves this machine: the site the exit leads to is played here
        context.route(f"{EXIT}**", lambda route: route.fulfill(body="<title>Weather</title>Rain"))
        yield context.new_page()


@pytest.mark.long
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_public_pages_fit_keep_to_the_policy_and_have_no_fault_a_program_finds(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES:
        page.goto(path)
        page.wait_for_selector("body.govuk-frontend-supported")
        if width == NARROW or path in ONE_OF_EACH:
            has_no_fault(page)
        else:
            fits(page)
    assert said == []


@pytest.mark.parametrize("path", ["/", "/help", "/questions/farming"])
def test_a_first_visit_weighs_little_on_the_wire(page: Page, path: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert len(weights) >= 5
    assert sum(weights) < 100_000


def open_parts(page: Page) -> None:
    for words in ("If it is about you", "What to do", "Who to call"):
        page.click(f"summary:has-text('{words}') >> nth=0")
    assert page.locator("main details[open]").count() == 3


@pytest.mark.parametrize("scripts", [True, False])
def test_one_back_leaves_the_help_page_whatever_was_opened_there(browser: Browser, live: str, *, scripts: bool) -> None:
    with browser.new_context(base_url=live, java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto("/privacy")
        page.click("main a[href='/help']")
        page.wait_for_load_state("load")
        open_parts(page)
        page.click("footer a[href='/help']")
        page.wait_for_load_state("load")
        open_parts(page)
        page.go_back()
        page.wait_for_url("**/privacy")


@pytest.mark.parametrize("touch", [True, False])
def test_a_link_to_a_part_opens_it_without_a_step_and_a_phone_is_told_of_no_keys(
    browser: Browser, live: str, *, touch: bool
) -> None:
    with browser.new_context(base_url=live, is_mobile=touch, has_touch=touch) as context:
        page = context.new_page()
        page.goto("/privacy")
        page.click("main a[href='/help']")
        page.wait_for_load_state("load")
        assert page.is_visible(".assess-scripts") is not touch
        open_parts(page)
        page.click("#part-1 a[href='/help#part-6']")
        page.click("main a[href='/help#part-7']")
        assert page.is_visible("#part-7 h3 >> nth=0")
        page.go_back()
        page.wait_for_url("**/privacy")


@pytest.mark.parametrize("way", ["button", "skip link", "keys"])
def test_the_exit_leaves_at_once_and_back_does_not_return(page: Page, way: str) -> None:
    page.goto("/privacy")
    page.click("main a[href='/help']")
    page.wait_for_selector("h1:text('Help and advice')")
    page.wait_for_load_state("load")
    open_parts(page)
    if way == "button":
        page.click("[data-exit]")
    elif way == "skip link":
        page.focus("[data-exit-skip]")
        page.keyboard.press("Enter")
    else:
        for left in (2, 1):
            page.keyboard.press("Escape")
            assert f"{left} more" in page.inner_text("[data-exit-notice]")
        page.keyboard.press("Escape")
    page.wait_for_url(EXIT)
    page.go_back()
    page.wait_for_url("**/privacy")
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_the_exit_of_the_pay_calculator_takes_the_figures_out_of_what_back_shows(page: Page) -> None:
    page.goto("/pay-calculator")
    page.fill("[name=hours_1]", "66")
    page.fill("[name=pay_1]", "271")
    page.click("main button:text('Work it out')")
    page.wait_for_selector("text=£4.1")
    page.click("[data-exit]")
    page.wait_for_url(EXIT)
    page.go_back()
    page.wait_for_url("**/pay-calculator")
    assert page.input_value("[name=pay_1]") == ""
    assert "£4.1" not in page.inner_text("main")


def test_two_presses_that_are_not_followed_by_a_third_leave_nothing(page: Page) -> None:
    page.clock.install()
    page.goto("/help")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.clock.run_for(6000)
    page.keyboard.press("Escape")
    assert "2 more" in page.inner_text("[data-exit-notice]")
    assert page.url.endswith("/help")


def test_without_scripts_the_exit_is_a_link_that_works(browser: Browser, live: str) -> None:
    with browser.new_context(base_url=live, java_script_enabled=False) as context:
        context.route(f"{EXIT}**", lambda route: route.fulfill(body="Rain"))
        page = context.new_page()
        page.goto("/help")
        assert not page.is_visible(".assess-scripts")
        page.click("[data-exit]")
        page.wait_for_url(EXIT)


def test_the_menu_opens_on_a_phone_and_is_open_without_scripts(browser: Browser, live: str) -> None:
    narrow = {"width": NARROW, "height": 700}
    for scripts in (True, False):
        with browser.new_context(base_url=live, java_script_enabled=scripts, viewport=narrow) as context:  # type: ignore[arg-type]
            page = context.new_page()
            page.goto("/privacy")
            if scripts:
                page.wait_for_selector("button:text('Menu')")
                assert page.locator("header").bounding_box()["height"] <= 55  # type: ignore[index]  # it is seen
                page.click("button:text('Menu')")
            assert page.is_visible("nav a:text('See every question')")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached on {page.url}")


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.long)])
def test_an_assessment_can_be_begun_by_keyboard_with_and_without_scripts(
    browser: Browser, live: str, *, scripts: bool
) -> None:
    way = [
        ("/before-you-start", ""),
        ("/start", ""),
        ("/assessments/*/questions/1", "#bank, #length"),
    ]
    with browser.new_context(base_url=live) as context:
        if not scripts:
            context.route("**/*.js", lambda route: route.abort())
        page = context.new_page()
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
        for following, choice in way:
            for one in filter(None, choice.split(", ")):
                tab_to(page, one)
                page.keyboard.press("Space")
            tab_to(page, "main .govuk-button")
            page.keyboard.press("Enter")
            page.wait_for_url(f"**{following}")

"""The page in a real browser: phone width, by keyboard, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

import assess.plans.document_templates  # noqa: F401
from assess.assessments.links import make_resume_link
from assess.core.db import database
from assess.plans.purchases import purchases_of
from tests.mobile_browser import has_no_fault, phone
from tests.plans.conftest import Submitted, submit_record
from tests.plans.near_record import near_record
from tests.plans.purchases.purchase_records import HOTEL, LONG, UNKNOWN, hotel, sixty
from tests.plans.records import scenario

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
LISTS = {"one": HOTEL[:1], "hotel": HOTEL, "sixty": sixty(), "long": LONG, "unknown": UNKNOWN}


@pytest.mark.parametrize(
    ("name", "scripts"),
    [
        ("long", True),
        *(
            pytest.param(name, scripts, marks=pytest.mark.long)
            for name, scripts in (("one", True), ("hotel", False), ("sixty", True), ("unknown", False))
        ),
    ],
    # what fits and what a program finds depends on what is long, which takes scripts to see; the way is the same for every list
)
def test_somebody_finds_the_page_and_takes_the_questions_with_them(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime, name: str, *, scripts: bool
) -> None:
    record = hotel(LISTS[name])
    made = submit_record(app, visit, record, now)
    with phone(browser, live, visit, scripts=scripts) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])  # one without a window asks for it
        page.goto(f"{made.address}/result")
        page.get_by_role("link", name="What you buy", exact=True).first.focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="What you buy", level=1).wait_for()
        page.wait_for_load_state()
        html5lib.HTMLParser(strict=True).parse(page.content())
        assert page.locator("main svg").is_visible()
        found = purchases_of(record)
        assert found is not None
        boxes = page.locator("textarea").all()
        texts = [text for group in found.questions for text in group.texts]
        assert [box.input_value() for box in boxes] == texts
        page.get_by_role("link", name="What to ask your suppliers").focus()
        page.keyboard.press("Enter")
        page.locator(".plan-copy summary").first.focus()
        page.keyboard.press("Enter")
        boxes[0].focus()
        page.keyboard.type("x")
        assert boxes[0].input_value() == texts[0], "it can be copied, not changed"
        page.keyboard.press("Control+a")
        if scripts:
            chosen = boxes[0].evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
            assert chosen == texts[0]
            page.locator(".plan-copy").first.get_by_role("button", name="Copy").click()
            page.get_by_text("The text is copied.").wait_for()
        else:
            assert not page.locator(".plan-copy button").first.is_visible()
        has_no_fault(page, scripts=scripts)


def test_somebody_with_a_phone_and_a_keyboard_makes_an_address_and_ends_it(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime
) -> None:
    made = submit_record(app, visit, scenario(), now)
    with phone(browser, live, visit) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{made.address}/calendar")
        look_at(page)
        page.get_by_role("button", name="Make an address").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#link")
        look_at(page)
        address = page.input_value("#link").replace("http://localhost:5000", live)
        assert page.request.get(address).headers["content-type"] == "text/calendar; charset=utf-8"
        page.get_by_role("button", name="Continue").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="End the address now").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Make an address").wait_for()
        assert page.request.get(address).status == 404
        assert said == []


def look_at(page: Page) -> None:
    """One thing to press first, and no fault."""
    has_no_fault(page)
    assert page.locator("main .govuk-button:not(.govuk-button--secondary)").count() == 1


@pytest.mark.long
def test_the_list_fits_a_phone_has_no_fault_and_gives_its_files(
    app: Flask, browser: Browser, live: str, submitted: Any, now: datetime
) -> None:
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    with browser.new_context(base_url=live, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"/r/{link.token}")
        page.locator("main button").first.click()
        page.goto(f"{submitted.address}/document-templates")
        assert page.locator("h1").inner_text() == "Document templates"
        has_no_fault(page)
        with page.expect_download() as waiting:
            page.locator("a[href$='/document-templates/job-terms.docx']").click()
        assert waiting.value.suggested_filename == "job-terms.docx"
        assert Path(waiting.value.path()).read_bytes().startswith(b"PK")


@pytest.mark.long
def test_a_pdf_is_waited_for_and_comes_by_itself(
    app: Flask,
    browser: Browser,
    live: str,
    submitted: Any,
    now: datetime,
    work_off: Callable[[], int],
) -> None:
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    with browser.new_context(base_url=live, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(f"/r/{link.token}")
        page.locator("main button").first.click()
        page.goto(f"{submitted.address}/document-templates")
        page.locator("a[href$='/document-templates/job-terms.pdf']").click()
        assert page.locator("h1").inner_text() == "Your file is being made"
        assert page.locator("[role=status]").inner_text() == "It is waiting for its turn."
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        with page.expect_download() as waiting:
            assert work_off() == 1
            page.locator("h1", has_text="Your file is ready").wait_for()
        assert waiting.value.suggested_filename == "job-terms.pdf"
        assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")


PHONE = {"width": 320, "height": 640}


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.long)], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, live: str) -> Iterator[Page]:
    viewport: Any = PHONE
    with browser.new_context(base_url=live, viewport=viewport, java_script_enabled=request.param) as context:
        context.set_default_timeout(20_000)
        yield context.new_page()


def test_the_page_tells_when_the_file_is_there_and_hands_it_over_once(
    app: Flask, page: Page, submitted: Submitted, work_off: Callable[[], int], now: datetime, request: Any
) -> None:
    scripts = request.node.callspec.params["page"]
    with app.app_context(), database().writing() as session:
        link = make_resume_link(session, submitted.id, now)
    page.goto(f"/r/{link.token}")
    page.locator("main form button").first.click()
    said: list[str] = []
    downloads: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("download", lambda found: downloads.append(found.suggested_filename))
    page.goto(f"{submitted.address}/plan-for-the-wall.pdf")
    assert page.locator("h1").inner_text() == "Your file is being made"
    assert page.locator("[role=status]").inner_text() == "It is waiting for its turn."
    if scripts:
        has_no_fault(page)
        page.locator("main").get_by_role("link", name="Look again").focus()
        page.evaluate("document.querySelector('[role=status]').textContent = 'old words'")
        page.locator("[role=status]", has_text="It is waiting for its turn.").wait_for()
        assert page.evaluate("document.activeElement.textContent") == "Look again", "the focus stays where it was"
    else:
        page.wait_for_url("**/pdf-progress/plan-for-the-wall?poll=1")
    assert work_off() == 1
    page.locator("h1", has_text="Your file is ready").wait_for()
    page.wait_for_timeout(1500)
    assert downloads == ["page-for-the-wall-2026-11-24.pdf"]
    assert page.locator("h1").inner_text() == "Your file is ready"
    if scripts:
        has_no_fault(page)
    with page.expect_download():
        page.get_by_text("One page for the wall (PDF)").click()
    assert said == []


@pytest.mark.long
def test_somebody_with_a_phone_and_a_keyboard_asks_what_if(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime
) -> None:
    made = submit_record(app, visit, near_record(), now)
    with phone(browser, live, visit) as page:
        page.goto(f"{made.address}/result/actions")
        page.get_by_role("link", name="try what if").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="What if", exact=True).wait_for()
        has_no_fault(page)
        page.get_by_role("button", name="Show what these steps bring").focus()
        page.keyboard.press("Enter")
        page.get_by_text("There is a problem").wait_for()
        has_no_fault(page)
        page.get_by_role("checkbox").nth(1).focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Show what these steps bring").focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="With 1 step done").wait_for()
        has_no_fault(page)
        assert page.get_by_role("checkbox").nth(1).is_checked()
        page.get_by_role("button", name="Show the short way").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Your result would go from medium to low.").wait_for()
        assert page.url == f"{live}{made.address}/result/what-if"


LINES_OF_NUMBERS = """() => [...document.querySelectorAll(".plan-every td:last-child, .plan-weights td:nth-child(2)")].map(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map(one => one.top)).size;
})"""


def test_no_number_of_the_points_is_cut_on_a_narrow_phone(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime
) -> None:
    made = submit_record(app, visit, scenario("car_washes", "car_washes critical"), now)
    cookie = visit.client.get_cookie("assess_visit").value
    with browser.new_context(base_url=live, viewport={"width": 320, "height": 844}) as own:
        own.add_cookies([{"name": "assess_visit", "value": cookie, "url": live}])
        page = own.new_page()
        page.goto(f"{made.address}/result/points")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        lines = page.evaluate(LINES_OF_NUMBERS)
        assert len(lines) > 80
        assert max(lines) == 1


def test_the_statement_of_points_is_printed_on_its_own_with_nothing_cut_off(
    app: Flask, visit: Any, browser: Browser, live: str, now: datetime
) -> None:
    made = submit_record(app, visit, scenario("farming", "farming critical"), now)
    cookie = visit.client.get_cookie("assess_visit").value
    with browser.new_context(base_url=live, viewport={"width": 650, "height": 900}) as own:  # A4 less its margins
        own.add_cookies([{"name": "assess_visit", "value": cookie, "url": live}])
        page = own.new_page()
        page.goto(f"{made.address}/result/points")
        page.emulate_media(media="print")
        assert page.evaluate("document.documentElement.scrollWidth") <= 650
        for gone in (
            ".plan-pages",
            "#files",
            "#onward",
            ".govuk-button >> nth=0",
            ".govuk-service-navigation__wrapper",
        ):
            assert not page.locator(gone).first.is_visible(), gone
        assert page.locator(".plan-every").count() == 1
        for table in page.locator(".plan-every, .plan-weights, .plan-steps").all():
            assert table.is_visible()
        assert not page.get_by_text("Next:").is_visible()

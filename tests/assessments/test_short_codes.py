"""The short code of a link: what it opens, for how long, how tries are counted, and that all failures are alike."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import text

from assess.assessments import short_codes
from assess.core import security
from assess.core.encryption import Keyring
from assess.core.rate_limits import Limit
from tests.assessments.test_views_submission import made
from tests.conftest import TODAY
from tests.mobile_browser import HEIGHT, WIDTH, has_no_fault

WORDS = "This code and PIN open nothing"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The PINs that were hashed."""
    done: list[str] = []
    scrypt = security._scrypt
    monkeypatch.setattr(security, "_scrypt", lambda pin, salt: done.append(pin) or scrypt(pin, salt))
    return done


def code_of(visit: Any, home: str, pin: str = "") -> str:
    made(visit, home, pin)
    return str(visit.page.soup.select_one(".assess-card__address").text)


def go(visit: Any, code: str, pin: str = "") -> Any:
    visit("/go")
    return visit.send(code=code, pin=pin)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "changed", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code.replace('-', '–')}. "]
)
def test_a_code_opens_what_its_link_opens(visit: Any, another_visit: Any, begin: Any, changed: Any) -> None:
    home = begin()
    assert go(another_visit, changed(code_of(visit, home))).address == home


def test_a_code_is_stored_nowhere_and_hangs_on_a_key_outside(app: Flask, visit: Any, begin: Any) -> None:
    code = code_of(visit, begin()).replace("-", "")
    with app.extensions["assess.database"].reading() as session:
        stored = session.execute(text("SELECT code_hash FROM resume_link")).scalar_one()
    one, other = Keyring(b"1" * 32), Keyring(b"2" * 32, [b"1" * 32])
    assert one.hashes(code, "x") != other.hashes(code, "x")[:1]
    assert one.hashes(code, "x")[0] == other.hashes(code, "x")[1]
    assert one.hashes(code, "x") != one.hashes(code, "y")
    assert len(stored) == 64


def test_whatever_fails_reads_the_same_and_hashes_once(
    visit: Any, another_visit: Any, begin: Any, hashed: list[str]
) -> None:
    home = begin()
    ended = code_of(visit, home)
    visit(f"{home}link")
    visit.send("/end")
    code = code_of(visit, home, "4711")
    pages = []
    for typed, pin in (
        (code, "0000"),
        (code, ""),
        ("K7QF-2M9D-XR4T", "4711"),
        ("K7QF-2M9D-XR4T", ""),
        ("no", "4711"),
        (ended, ""),
    ):
        hashed.clear()
        page = go(another_visit, typed, pin)
        pages.append((page.status, page.text))
        assert len(hashed) == 1, (typed, pin)
    assert len(set(pages)) == 1
    assert WORDS in pages[0][1]
    assert go(another_visit, code, "٤٧١١").address == home


def test_ten_tries_in_a_quarter_of_an_hour_whatever_they_are(
    app: Flask, visit: Any, another_visit: Any, begin: Any
) -> None:
    code = code_of(visit, begin())
    for _ in range(10):
        assert go(another_visit, "K7QF-2M9D-XR4T").status == 422
    page = go(another_visit, code)
    assert page.status == 429
    assert "A link still works" in page.text
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=15, seconds=1)
    assert go(another_visit, code).status == 200


def test_many_failures_of_everybody_make_codes_wait_and_not_links(
    visit: Any,
    another_visit: Any,
    begin: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(short_codes, "FAILED_CODES_LIMIT", Limit("link-code-any", 3, 900, sliding=True))
    home = begin()
    path = made(visit, home).removeprefix("http://localhost:5000")
    code = str(visit.page.soup.select_one(".assess-card__address").text)
    for number in range(3):
        another_visit.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert go(another_visit, code).address == home, "a code that opens is no failure"
        assert go(another_visit, "K7QF-2M9D-XR4T").status == 422
    another_visit.client.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert go(another_visit, code).status == 429
    assert "codes_wait" in capsys.readouterr().out
    another_visit(path)
    assert another_visit.send().address == home


def test_five_wrong_pins_from_one_address_hold_that_address_back_alone(
    visit: Any, another_visit: Any, begin: Any
) -> None:
    home = begin()
    code = code_of(visit, home, "4711")
    for number in range(5):
        assert go(another_visit, code, f"000{number}").status == 422
    assert go(another_visit, code, "4711").status == 422, "and nothing tells that the PIN is right"
    another_visit.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert go(another_visit, code, "4711").address == home


def test_wrong_pins_count_through_both_doors_and_right_ones_do_not(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    path = made(visit, home, "4711").removeprefix("http://localhost:5000")
    for _ in range(6):
        another_visit(path)
        assert another_visit.send(pin="4711").address == home
    for number in range(20):
        another_visit.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        another_visit(path)
        assert another_visit.send(pin="0000").status == 422
    another_visit.client.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    another_visit(path)
    page = another_visit.send(pin="4711")
    assert page.status == 429
    assert "Too many wrong PINs were tried with this link. Wait 24 hours" in page.text
    assert "Forgotten the PIN?" in page.text


@pytest.mark.parametrize(("days", "status"), [(89, 200), (90, 422)])
def test_a_code_opens_for_ninety_days_and_the_link_goes_on(
    app: Flask, visit: Any, another_visit: Any, begin: Any, days: int, status: int
) -> None:
    home = begin()
    path = made(visit, home).removeprefix("http://localhost:5000")
    code = str(visit.page.soup.select_one(".assess-card__address").text)
    app.config["CLOCK"] = lambda: TODAY + timedelta(days=days)
    assert go(another_visit, code).status == status
    another_visit(path)
    assert another_visit.send().address == home
    app.config["CLOCK"] = lambda: TODAY + timedelta(days=days + 1)
    assert go(another_visit, code).status == status, "what is over does not begin again"


def test_a_card_asks_for_a_pin_which_link_and_code_ask_for_from_then_on(
    visit: Any, another_visit: Any, begin: Any
) -> None:
    home = begin()
    path = made(visit, home).removeprefix("http://localhost:5000")
    assert not visit.page.soup.select(".assess-card")
    assert visit.send("/card", pin="12").status == 422
    page = visit.send("/card", pin="4711")
    assert "Whoever has it and the PIN can open your answers" in page.soup.select_one(".assess-card").text
    code = page.soup.select_one(".assess-card .assess-card__address").text
    assert go(another_visit, code).status == 422
    assert go(another_visit, code, "4711").address == home
    another_visit(path)
    assert "Your PIN" in another_visit.page.text


def test_nobody_puts_a_pin_on_the_link_of_another(visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    made(visit, home)
    fields = visit.page.fields("/card")
    token = fields["token"]
    theirs = f"/assessments/{uuid.uuid4()}/link/card"
    assert another_visit.client.post(theirs, data=fields | {"pin": ["4711"]}).status_code in {400, 404}
    assert token


@pytest.mark.parametrize("end", [".", "”", "'", ").", '"'])
def test_a_link_is_cut_where_a_mail_program_went_on(visit: Any, another_visit: Any, begin: Any, end: str) -> None:
    home = begin()
    path = made(visit, home).removeprefix("http://localhost:5000")
    page = another_visit(path + end)
    assert (page.status, page.address) == (200, path)


def test_the_pin_cannot_be_read_over_a_shoulder(visit: Any, begin: Any) -> None:
    home = begin()
    for address in (f"{home}link", "/go"):
        field = visit(address).soup.select_one("#pin")
        assert (field["type"], field["inputmode"], field["autocomplete"]) == ("password", "numeric", "off")


@pytest.mark.parametrize("scripts", [True, False])
def test_she_goes_on_at_the_very_page_on_another_phone(browser: Browser, live: str, *, scripts: bool) -> None:
    def a_phone() -> BrowserContext:
        return browser.new_context(
            base_url=live, java_script_enabled=scripts, viewport={"width": WIDTH, "height": HEIGHT}
        )

    with a_phone() as hers, a_phone() as another:
        page = hers.new_page()
        page.goto("/start?bank=car_washes")
        page.locator("input[value=quick]").check()
        page.get_by_role("button", name="Continue").click()
        for box in page.locator("main input[value=dk]").all():
            box.check()
        page.get_by_role("button", name="Save and continue").click()
        page.wait_for_url("**/questions/2")
        here = page.url
        page.locator("main input[type=radio]").first.check()
        page.get_by_role("button", name="Save and make my link").click()
        code = page.locator(".assess-card__address").inner_text()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Continue").or_(page.get_by_role("link", name="Continue")).click()
        page.wait_for_url(here)
        assert page.locator("main input:checked").count() == 1, "what she ticked was saved with it"
        assert page.get_by_text("Keep a way back").count() == 0

        other = another.new_page()
        other.goto("/")
        other.get_by_role("link", name="Enter your code").click()
        other.locator("#code").fill(code.lower())
        other.get_by_role("button", name="Go on").click()
        other.wait_for_url(here)
        has_no_fault(other, scripts=scripts)
        assert other.locator("main input:checked").count() == 1

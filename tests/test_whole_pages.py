"""A test that reads a page reads all of it, however slowly it comes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.conftest import served_here
from tests.page_loading import THAT_LEAD_TO_A_PAGE

FORM = b"<!doctype html><title>First</title><form method=post><button>Go</button></form>"
BEGINS = b"<!doctype html>" + b"<!-- what is read before anything is shown -->" * 200
ENDS = b"<title>Second</title><h1>Here</h1>"
A_WHILE = 0.4


class Slow(BaseHTTPRequestHandler):
    """A site that answers late, and ends its page later still."""

    def do_GET(self) -> None:
        self.answer(FORM)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        time.sleep(A_WHILE)
        self.answer(BEGINS, ENDS)

    def answer(self, *parts: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(A_WHILE)

    def log_message(self, *said: object) -> None:
        """Keep quiet."""


@pytest.fixture
def slow_site() -> Iterator[str]:
    with served_here(ThreadingHTTPServer(("127.0.0.1", 0), Slow)) as address:
        yield address


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("act", THAT_LEAD_TO_A_PAGE)
def test_a_page_that_comes_slowly_is_read_when_it_is_whole(
    browser: Browser, slow_site: str, act: str, *, scripts: bool
) -> None:
    with browser.new_context(java_script_enabled=scripts) as own:
        page = own.new_page()
        page.goto(slow_site)
        button = page.get_by_role("button", name="Go")
        if act == "press":
            button.press("Enter")
        elif act == "wait_for":
            button.focus()
            page.keyboard.press("Enter")
            button.wait_for(state="detached")
        else:
            button.click()
        assert (page.title(), page.locator("h1").count()) == ("Second", 1)

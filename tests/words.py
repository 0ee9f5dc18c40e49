"""How much there is to read: words, reading grade and phone screens of every page, words and pages of every PDF, of three fixed firms.

`make words` prints the table; test_words.py holds the limits. The firms are three of `assess demo`, one a sector, so from worked examples.
"""

from __future__ import annotations

import contextlib
import io
import logging
import math
import re
import shutil
import subprocess
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from flask import Flask
from lxml.html import document_fromstring
from playwright.sync_api import ViewportSize, sync_playwright
from werkzeug.serving import make_server

from assess.app import create_app, prepare
from assess.cli.demo import FirmSummary, fill_database
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.worker import run_due_jobs
from assess.core.pages import FOOTER_LINKS
from assess.engine.author_checks import reading_age
from tests.conftest import CHROMIUM_FLAGS, TODAY, Visitor, served_here
from tests.page_words import shown_words

FIRMS = ("Saltwater Lane Salads", "Station Yard Valeting", "Pier Parade Hotel")
SCREEN: ViewportSize = {"width": 390, "height": 844}
PAGES_OF_A_KIND = 6
"""So many of the pages of one address rule are looked at: the forms of thirty actions are alike. All sections are."""
ALL_OF = "answers.answer_section"
PUBLIC = ("/", "/before-you-start", "/start", *(address for address, _ in FOOTER_LINKS))
_KINDS = " or ".join(
    f"self::{tag}" for tag in ["p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "label", "legend", "summary"]
)
BLOCKS = f"//main//*[{_KINDS}][not(.//p or .//li or .//label)]"
"""What begins a line of its own: a heading and the sentence after it are two."""


@dataclass(frozen=True)
class Reading:
    """What one page asks of its reader. `rule` is its address with names in the places of numbers."""

    address: str
    rule: str
    words: int
    grade: float


def firms(database: Database, settings: Settings) -> list[FirmSummary]:
    """The three, each submitted, in a database that has the banks and nothing else."""
    told = {one.firm.name: one for one in fill_database(database, settings, TODAY)}
    return [told[name] for name in FIRMS]


def let_in(app: Flask, firm: FirmSummary) -> tuple[Visitor, str]:
    """A browser that came by the link of this firm, and the address of its assessment."""
    visit = Visitor(app.test_client())
    visit(f"/r/{firm.resume}")
    page = visit.send(pin=firm.firm.pin) if firm.firm.pin else visit.send()
    return visit, re.match(r"/assessments/[0-9a-f-]{36}", page.address)[0]  # type: ignore[index]  # it led there


def read_pages(app: Flask, visit: Visitor, home: str) -> Iterator[Reading]:
    """Every page that links lead to from the list of tasks and the result, and the public ones; files are left out."""
    seen, of_a_kind = set[str](), Counter[str]()
    waiting = deque([*PUBLIC, f"{home}/", f"{home}/result", f"{home}/check"])
    urls = app.url_map.bind("localhost")
    while waiting:
        address = re.split("[?#]", waiting.popleft())[0]
        if address in seen or not (address in PUBLIC or address.startswith(home)):
            continue
        seen.add(address)
        rule, _ = urls.match(address, return_rule=True)
        of_a_kind[rule.rule] += 1
        if of_a_kind[rule.rule] > PAGES_OF_A_KIND and rule.endpoint != ALL_OF:
            continue
        answer = visit.client.get(address)
        if answer.status_code != 200 or answer.mimetype != "text/html":  # a page that is shown
            continue
        tree = document_fromstring(answer.text)
        waiting.extend(link for link in tree.xpath("//main//a/@href") if link.startswith("/"))
        text = "\n".join(" ".join(block.text_content().split()) for block in tree.xpath(BLOCKS))
        grade = max(reading_age(text) - 5, 0.0)
        yield Reading(address, rule.rule, len(shown_words(answer.text)), grade)


def read_files(app: Flask, visit: Visitor, home: str, settings: Settings) -> Iterator[tuple[str, int, int]]:
    """Name, pages and words of each PDF that the result offers."""
    tree = document_fromstring(visit.client.get(f"{home}/result").text)
    for address in sorted({link for link in tree.xpath("//main//a/@href") if link.endswith(".pdf")}):
        visit(address)  # and so to the page that orders it
        run_due_jobs(app.extensions["assess.database"], settings, lambda: TODAY)
        answer = visit.client.get(address)
        if answer.mimetype == "application/pdf":
            with pikepdf.open(io.BytesIO(answer.data)) as file:
                pages = len(file.pages)
            text = subprocess.run(["pdftotext", "-", "-"], input=answer.data, capture_output=True, check=True).stdout
            yield address.rpartition("/")[2], pages, len(text.split())


def phone_screens(app: Flask, visit: Visitor, addresses: list[str]) -> dict[str, int]:
    """How many screens of 390 by 844 each page is long."""
    chromium = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))))
    cookie = visit.client.get_cookie("assess_visit")
    assert cookie is not None
    found = {}
    with served_here(make_server("127.0.0.1", 0, app, threaded=True)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        phone = browser.new_context(base_url=site, viewport=SCREEN)
        phone.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        page = phone.new_page()
        for address in addresses:
            page.goto(address)
            found[address] = math.ceil(page.evaluate("document.documentElement.scrollHeight") / SCREEN["height"])
        browser.close()
    return found


def table(app: Flask, settings: Settings) -> Iterator[str]:
    """The lines of what `make words` prints."""
    for number, firm in enumerate(firms(app.extensions["assess.database"], settings)):
        visit, home = let_in(app, firm)
        read = read_pages(app, visit, home)
        pages = [page for page in read if number == 0 or page.address not in PUBLIC]
        screens = phone_screens(app, visit, [page.address for page in pages])
        yield f"\n{firm.firm.name}\n words grade screens page"
        for page in sorted(pages, key=lambda one: -one.words):
            shown = page.address.removeprefix(home)
            yield f"{page.words:6} {page.grade:5.1f} {screens[page.address]:7} {shown}"
        yield " words pages file"
        for name, length, words in read_files(app, visit, home, settings):
            yield f"{words:6} {length:5} {name}"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="assess-words-") as folder:
        settings = Settings(
            env="development",
            data_folder=Path(folder),
            operator_name="Example Network",
            operator_contact="01603 000000",
        )
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        with contextlib.redirect_stdout(io.StringIO()):  # a line of the log for each page
            prepare(settings, clock=lambda: TODAY)
            app = create_app(settings, prepared=True)
            app.config["CLOCK"] = lambda: TODAY
            lines = list(table(app, settings))
            app.extensions["assess.database"].close()
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()

"""The owner of a hand car wash, on a phone after work: from the first page to both PDFs, to a correction and to deleting it all."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.person import (
    Person,
    answers_all,
    answers_of,
    begins,
    home_of,
    runs_scripts,
    says_who_it_is,
    starts_answering,
)

pytestmark = pytest.mark.journey


def test_she_answers_leaves_comes_back_submits_and_takes_both_copies(
    context: BrowserContext, browser: Browser, site: str, tmp_path: Path
) -> None:
    scripts = runs_scripts(context)
    how_long = "full assessment" if scripts else "quick check"
    answers = answers_of("car_washes medium")
    person = Person(context.new_page(), site)
    link = begins(person, "Car washes", how_long, scripts=scripts)
    says_who_it_is(person, "Sparkle Hand Car Wash", scripts=scripts)
    tasks = home_of(person)
    starts_answering(person)
    answers_all(person, answers, stop_after=2, scripts=scripts)

    # she loses the phone, and comes back with another by the link
    with browser.new_context(
        base_url=site, viewport=person.page.viewport_size, java_script_enabled=scripts, accept_downloads=True
    ) as another:
        other = Person(another.new_page(), site)
        other.opens(link)
        other.looks(scripts=scripts)
        other.presses("Go on")
        if scripts:
            other.follows("Continue where you stopped")
        assert re.search("/sections/people/3|/questions/3", other.page.url), "the page of the first open question"
        other.presses("Back")
        assert other.page.locator("input:checked").count() > 0, "what she answered before she left is still there"
        answers_all(other, answers, stop_after=None, scripts=scripts)
        other.opens(f"{tasks}/check")
        other.looks(scripts=scripts)
        other.chooses("I have read these twice")
        other.presses("Submit")
        other.looks(scripts=scripts)
        assert "/result" in other.page.url
        sees_her_result(other, tmp_path, scripts=scripts)
        shares_and_ends_it(other, browser, site, tasks, scripts=scripts)
        corrects_and_deletes(other, tasks, scripts=scripts)
        assert other.elsewhere == []
        # the one page that is gone when all is deleted is the only one the browser may remark on, and that it forgot the rest
        assert [words for words in other.said if "404 (NOT FOUND)" not in words and "Cleared data" not in words] == []
    assert person.elsewhere == []


def sees_her_result(person: Person, tmp_path: Path, *, scripts: bool) -> None:
    """Help on the one screen, and her copies. Printing takes longest: without scripts she takes the buyer’s alone; the farm takes its plan so."""
    text = person.page.locator("main").inner_text()
    assert text.index("Danger: ") < text.index("Where you stand"), "help comes before the way to the points"
    assert not re.search(r"\d\.\d", text), "the score stands with the points alone"
    for name in ("plan.pdf", "buyer-copy.pdf") if scripts else ("buyer-copy.pdf",):
        person.page.locator('main a[href$="/result/keep"]').first.click()
        person.looks(scripts=scripts)
        link = person.page.locator(f'a[href$="/{name}"]').first
        with person.page.expect_download(timeout=60_000) as download:
            link.click()
        download.value.save_as(tmp_path / name)
        with pikepdf.open(tmp_path / name) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert len(pdf.pages) > 0
        if "/pdf-progress/" in person.page.url:  # it was not there at once, so she waited on a page of its own
            person.page.locator(".govuk-back-link").click()


def shares_and_ends_it(person: Person, browser: Browser, site: str, tasks: str, *, scripts: bool) -> None:
    person.opens(f"{tasks}/share")
    person.looks(scripts=scripts)
    person.page.locator('main form button[type="submit"]').first.click()
    person.looks(scripts=scripts)
    link = person.page.locator('main input[value*="/b/"]').first.input_value()
    with browser.new_context(base_url=site, java_script_enabled=scripts) as elsewhere:
        buyer = Person(elsewhere.new_page(), site)
        buyer.opens(link)
        buyer.looks(scripts=scripts)
        buyer.page.locator('main form button[type="submit"]').first.click()
        buyer.looks(scripts=scripts)
        assert "own answers" in buyer.page.locator("main").inner_text()
        inside = buyer.page.url
        person.opens(f"{tasks}/share")
        person.presses("End")
        gone = buyer.page.goto(inside)
        assert gone is not None
        assert gone.status == 404, "an ended link ends at the next request"


def corrects_and_deletes(person: Person, tasks: str, *, scripts: bool) -> None:
    person.opens(f"{tasks}/")
    person.looks(scripts=scripts)
    person.presses("Correct an answer")
    person.looks(scripts=scripts)
    person.opens(f"{tasks}/check")
    person.page.locator('a[href*="#core_documents--group"]').first.click()
    person.answers_page({"core_documents": "employer"})
    person.presses("Save and go back to your answers")
    person.chooses("I have read these twice")
    person.presses("Submit")
    assert "/result" in person.page.url
    person.looks(scripts=scripts)
    sees_advice_alone(person)
    person.opens(f"{tasks}/delete")
    person.looks(scripts=scripts)
    person.page.locator('main input[type="checkbox"]').first.check()
    person.presses("Delete")
    person.looks(scripts=scripts)
    gone = person.page.goto(f"{tasks}/")
    assert gone is not None
    assert gone.status == 404


def sees_advice_alone(person: Person) -> None:
    """Where somebody is to be called first, the result holds whom, and neither points nor steps. It does not say which answer it was."""
    assert "need advice today" in person.words
    assert str(person.page.locator("main a.govuk-button").first.get_attribute("href")).startswith("tel:")
    for held_back in ("By points", "to do first", "Get the plan", "passport"):
        assert held_back not in person.words

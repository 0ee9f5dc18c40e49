"""How everybody begins: from the first page to the last question."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import BrowserContext

from assess.engine.bank import Value
from tests.engine.real_banks import examples_of
from tests.journeys.people import LONGEST_WAY, Person


def answers_of(title: str) -> Mapping[str, Value]:
    bank = title.rsplit(" ", 1)[0]
    return next(example.answers for example in examples_of(bank) if example.title == title)


def runs_scripts(context: BrowserContext) -> bool:
    page = context.new_page()
    page.goto("/")
    ran = page.locator("body.js-enabled").count() > 0
    page.close()
    return ran


def begins(person: Person, sector: str, how_long: str, *, scripts: bool) -> str:
    """From the first page to the task list. Returns the link that brings her back."""
    person.opens("/")
    person.looks(scripts=scripts)
    person.follows("Start")
    person.looks(scripts=scripts)
    person.follows("Continue")
    person.looks(scripts=scripts)
    person.chooses(sector)
    person.presses("Continue")
    person.looks(scripts=scripts)
    person.chooses(how_long)
    person.presses("Continue")
    person.looks(scripts=scripts)
    person.presses("Make my link")
    person.looks(scripts=scripts)
    link = person.page.locator(".assess-card__address").inner_text()
    person.follows("Continue")
    return link


def says_who_it_is(person: Person, name: str, *, scripts: bool) -> None:
    person.follows("Name and place")
    person.page.get_by_label("Name of the business").fill(name)
    person.chooses("Norfolk")
    person.looks(scripts=scripts)
    person.presses("Save and continue")


def answers_all(person: Person, answers: Mapping[str, Value], *, stop_after: int | None, scripts: bool) -> None:
    """Section after section until the check page, or until she has enough for today."""
    for number in range(LONGEST_WAY):
        if number == stop_after or "/sections/" not in person.page.url:
            return
        person.looks(scripts=scripts)
        person.answers_page(answers)
        person.page.locator("main form button.govuk-button:not(.govuk-button--secondary)").last.click()
    raise AssertionError("the sections never end")

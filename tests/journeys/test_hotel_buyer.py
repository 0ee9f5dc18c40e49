"""Who buys for a hotel: lists fifteen things by keyboard alone, sees what is risky, mends a slip, submits, and corrects it later."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.journeys.person import Keyboard, Person, begins, home_of, runs_scripts, says_who_it_is

pytestmark = pytest.mark.journey

BUYS = {
    "prawns": "Ecuador",
    "bed linen": "Pakistan",
    "uniforms": "Bangladesh",
    "rice": "India",
    "chocolate": "Ivory Coast",
    "coffee": "Brazil",
    "tinned tomatoes": "Italy",
    "tea": "Kenya",
    "beef": "UK",
    "salad bar things": "Spain",
    "furniture": "",
    "cleaning": "",
    "laundry": "",
    "agency staff": "",
}
SEARCHED = "security"
ADD = "main form button.govuk-button:not(.govuk-button--secondary)"
KEYS_IN_FIVE_MINUTES = 600
"""Two keys a second, which somebody who types with two fingers keeps up."""


def test_she_lists_fifteen_things_by_keyboard_alone(context: BrowserContext, site: str) -> None:
    scripts = runs_scripts(context)
    buyer = Person(context.new_page(), site)
    begins(buyer, "Hospitality", "full assessment", scripts=scripts)
    says_who_it_is(buyer, "The Fen Edge Hotel", scripts=scripts)
    home = home_of(buyer)
    buyer.opens(f"{home}/")
    keys = Keyboard(buyer)
    keys.tab_to('a[href$="/purchases"]')
    keys.press("Enter")
    buyer.page.locator("#own").wait_for()
    buyer.looks(scripts=scripts)
    puts_things_on_the_list(buyer, keys, scripts=scripts)
    says_where_they_come_from(buyer, keys, scripts=scripts)
    assert keys.keys < KEYS_IN_FIVE_MINUTES
    mends_a_slip(buyer, keys, scripts=scripts)
    says_what_she_means(buyer, scripts=scripts)
    submits_and_corrects(buyer, home, scripts=scripts)
    assert buyer.elsewhere == []
    assert [words for words in buyer.said if "422" not in words] == []


def puts_things_on_the_list(buyer: Person, keys: Keyboard, *, scripts: bool) -> None:
    keys.tab_to("#q")
    keys.type(SEARCHED)
    keys.press("Enter")
    buyer.page.get_by_text("What we found").wait_for()
    buyer.looks(scripts=scripts)
    keys.tab_to("#offer-1")
    keys.press("Space")
    keys.tab_to(ADD)
    keys.press("Enter")
    buyer.page.locator("#country-1").wait_for()
    keys.tab_to('button[name="next"][value="add"]')
    keys.press("Enter")
    buyer.page.get_by_role("heading", name="Add to your list").wait_for()
    buyer.looks(scripts=scripts)
    keys.tab_to("#own")
    keys.type("\n".join(BUYS))
    keys.tab_to(ADD)
    keys.press("Enter")
    buyer.page.locator("#country-15").wait_for()
    buyer.looks(scripts=scripts)


def says_where_they_come_from(buyer: Person, keys: Keyboard, *, scripts: bool) -> None:
    for number, country in enumerate(BUYS.values(), 2):
        if country:
            keys.tab_to(f"#country-{number}")
            keys.type(country)
    keys.press("Enter")
    buyer.page.get_by_text("Your list is saved. 15 lines:").wait_for()
    buyer.looks(scripts=scripts)
    assert buyer.page.locator("#line-5 .assess-buys__band").inner_text() == "High risk"
    assert buyer.page.locator("#country-6").input_value() == "Côte d’Ivoire"
    assert buyer.page.locator("#country-10").input_value() == "United Kingdom"
    for number in range(1, 16):
        line = buyer.page.locator(f"#line-{number}").inner_text()
        assert "not this firm" in line
        assert "From: " in line
    unknown = buyer.page.locator("#line-12").inner_text()
    assert "Lower" not in unknown, "not known never reads as safe"


def mends_a_slip(buyer: Person, keys: Keyboard, *, scripts: bool) -> None:
    keys.tab_to("#country-12")
    keys.type("Vietnm")
    keys.tab_to("#share-12")
    keys.type("12,5")
    keys.press("Enter")
    buyer.page.locator(".govuk-error-summary").wait_for()
    buyer.looks(scripts=scripts)
    assert "Did you mean “Vietnam”?" in buyer.words
    assert buyer.page.locator("#share-12").input_value() == "12.5", "what could be read is saved"
    keys.tab_to(".govuk-error-summary a")
    keys.press("Enter")
    keys.tab_to("#country-12")
    keys.press("Control+a")
    keys.type("Vietnam")
    keys.press("Enter")
    buyer.page.get_by_text("Your list is saved").wait_for()
    assert buyer.page.locator("#country-12").input_value() == "Vietnam"


def says_what_she_means(buyer: Person, *, scripts: bool) -> None:
    line = buyer.page.locator("#line-11")
    assert "Is it one of these?" in line.inner_text()
    line.get_by_role("button", name="Lettuce and salad").click()
    assert "Lettuce and salad" in buyer.page.locator("#line-11 legend").inner_text()
    buyer.page.locator("#line-15 button[name=remove]").click()
    buyer.page.get_by_text("is off the list").wait_for()
    buyer.looks(scripts=scripts)
    buyer.presses("Put it back")
    assert buyer.page.locator("fieldset.assess-buys").count() == 15


def submits_and_corrects(buyer: Person, home: str, *, scripts: bool) -> None:
    buyer.presses("Save and go to your tasks")
    assert "15 lines" in buyer.words
    buyer.opens(f"{home}/check")
    buyer.looks(scripts=scripts)
    buyer.chooses("I have read these twice")
    buyer.presses("Submit")
    assert "/result" in buyer.page.url
    buyer.opens(f"{home}/")
    buyer.presses("Correct an answer")
    buyer.opens(f"{home}/purchases")
    assert buyer.page.locator("fieldset.assess-buys").count() == 15
    assert buyer.page.locator("#country-2").input_value() == "Ecuador"

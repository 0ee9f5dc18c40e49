"""What people with an account do: sign up by mail, set up a second step, and sign out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pyotp
from playwright.sync_api import Browser

from tests.journeys.letters import Letters
from tests.journeys.people import Person

PASSWORD = "seven quiet herons by the sluice"


@contextmanager
def somebody(browser: Browser, like: Person, *, scripts: bool) -> Iterator[Person]:
    """Somebody else with the same kind of device and a browser of their own."""
    with browser.new_context(
        base_url=like.site, viewport=like.page.viewport_size, java_script_enabled=scripts, accept_downloads=True
    ) as own:
        own.set_default_timeout(15_000)
        yield Person(own.new_page(), like.site)


def signs_up(person: Person, letters: Letters, email: str, name: str, *, scripts: bool) -> None:
    """From the page that asks for an address to the page behind the button in the mail."""
    person.looks(scripts=scripts)
    assert person.heading == "Make an account"
    person.page.get_by_label("E-mail address").fill(email)
    person.presses("Send me the mail")
    person.looks(scripts=scripts)
    assert person.heading == "Look at your mail"
    person.opens(letters.link_to(email))
    person.looks(scripts=scripts)
    assert f"The account will be for {email}." in person.words
    says_name_and_password(person, name)
    person.looks(scripts=scripts)


def says_name_and_password(person: Person, name: str) -> None:
    person.page.get_by_label("Your name").fill(name)
    person.page.locator("#password").fill(PASSWORD)
    person.presses("Make my account")


def sets_up_an_app(person: Person, *, scripts: bool) -> list[str]:
    """A second step with the key that is shown, typed into an app. Returns the recovery codes."""
    person.looks(scripts=scripts)
    person.presses("Set up an app")
    person.looks(scripts=scripts)
    seed = person.page.locator("main code").inner_text().replace(" ", "")
    person.page.get_by_label("Code").fill(pyotp.TOTP(seed).at(datetime.now(UTC)))
    person.presses("Go on")
    person.looks(scripts=scripts)
    assert person.heading == "Keep these codes"
    codes = person.page.locator("main ol code").all_inner_texts()
    person.follows("I have kept them")
    person.looks(scripts=scripts)
    return codes


def signs_in_with_both_steps(person: Person, email: str, code: str, *, scripts: bool) -> None:
    person.opens("/sign-in")
    person.page.get_by_label("E-mail address").fill(email)
    person.page.locator("#password").fill(PASSWORD)
    person.presses("Sign in", exact=True)
    person.looks(scripts=scripts)
    assert person.heading == "One more step"
    person.page.get_by_label("Code").fill(code)
    person.presses("Go on")
    person.looks(scripts=scripts)


def signs_out(person: Person, *, scripts: bool) -> None:
    person.opens("/account")
    person.looks(scripts=scripts)
    person.presses("Sign out", exact=True)
    person.looks(scripts=scripts)
    assert person.heading == "You are signed out"

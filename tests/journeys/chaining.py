"""What a business does between its customers and its own suppliers: ask one, be named by one, show the chain, and take it back."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.journeys.buying import in_days
from tests.journeys.people import Person

NUMBERS_AND_NAMES, NOTHING = "names", "off"


def asks_one_supplier(person: Person, board: str, name: str, email: str, *, scripts: bool) -> None:
    """From the board: one new supplier, a look at its letter, and the letter goes."""
    person.opens(board)
    person.follows("One new supplier")
    person.looks(scripts=scripts)
    assert person.heading == "One new supplier"
    person.page.get_by_label("Name of the business").fill(name)
    person.page.get_by_label("E-mail address (if you know it)").fill(email)
    person.chooses("Car washes")
    person.chooses("The quick check")
    day, month, year = in_days(30).split()
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        person.page.get_by_label(label, exact=True).fill(value)
    person.presses("Look at the letter")
    person.looks(scripts=scripts)
    assert person.heading == f"Ask {name}?"
    person.presses("Ask them")
    person.looks(scripts=scripts)


def may_be_named(person: Person, asker: str, name: str, *, scripts: bool) -> None:
    """From the page of a request: say yes to being named, and come back."""
    person.follows("Say whether it may name you")
    person.looks(scripts=scripts)
    assert person.heading == f"May {asker} say that you supply it?"
    person.chooses("Yes")
    person.page.get_by_label("By which name?").fill(name)
    person.presses("Save")
    person.looks(scripts=scripts)
    assert "Your name may be shown from now on" in person.words
    person.page.get_by_role("link", name="Back to the request").click()
    person.looks(scripts=scripts)


def says_no(person: Person, asker: str, *, scripts: bool) -> None:
    """From the page of a request: no, with a reason from the list."""
    person.follows("Say no")
    person.looks(scripts=scripts)
    assert person.heading == f"Say no to {asker}"
    person.chooses("We have no time just now")
    person.presses("Say no")
    person.looks(scripts=scripts)
    assert "You said no on" in person.words


def shows_the_chain(person: Person, organisation: str, customer: str, shows: str, *, scripts: bool) -> Locator:
    """From the page of one’s organisation: what this customer sees. Returns the part of the page about it."""
    person.opens(organisation)
    person.follows("What your customers see of your suppliers")
    person.looks(scripts=scripts)
    about = person.page.locator("main section", has_text=customer)
    about.locator(f'input[name="shows"][value="{shows}"]').check()
    about.get_by_role("button").click()
    person.looks(scripts=scripts)
    assert "Saved." in person.words
    return about

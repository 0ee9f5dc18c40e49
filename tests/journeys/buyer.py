"""What people at a supplier do with the letter of a buyer: open it, answer, look at what would be seen, and share it."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from playwright.sync_api import Download, Locator, expect

from tests.journeys.conftest import ASSESS, Installation
from tests.journeys.person import (
    Person,
    answers_all,
    answers_of,
    home_of,
    in_days,
    says_who_it_is,
    sets_up_an_app,
    signs_up,
    starts_answering,
)
from tests.journeys.received_mail import ReceivedMail, link_in


def opens_the_letter(person: Person, letters: ReceivedMail, email: str, asker: str, *, scripts: bool) -> str:
    """Read the letter and go on from the page it leads to. Returns the address of the page of the request."""
    subject, body = letters.next_to(email)
    assert asker in body
    assert "Slavery" not in subject, "whoever sees the list of mails learns nothing"
    person.opens(link_in(body))
    person.looks(scripts=scripts)
    assert person.heading == f"{asker} asks how work is done in your business"
    assert "You may say no." in person.words
    person.presses("Go on")
    person.looks(scripts=scripts)
    return person.page.url


def answers_what_was_asked(person: Person, asker: str, name: str, title: str, *, scripts: bool) -> str:
    """From the page of the request to the result. Returns the address of the assessment."""
    person.follows("Begin")
    person.looks(scripts=scripts)
    assert f"{asker} can see that you began." in person.words
    person.presses("Begin")
    person.looks(scripts=scripts)
    person.presses("Make my link")
    person.looks(scripts=scripts)
    person.follows("Continue")
    person.looks(scripts=scripts)
    home = home_of(person)
    says_who_it_is(person, name, scripts=scripts)
    starts_answering(person)
    answers_all(person, answers_of(title), stop_after=None, scripts=False)  # other journeys look at each question
    person.opens(f"{home}/check")
    person.looks(scripts=scripts)
    person.chooses("I have read these twice")
    person.presses("Submit")
    person.looks(scripts=scripts)
    assert person.page.url.endswith("/result")
    return home


def shares_it(person: Person, asker: str, *, scripts: bool) -> None:
    """From the result: the short copy and the plan, after a look at all that is seen."""
    assert f"{asker} asked for this." in person.words
    person.follows("Share it")
    person.looks(scripts=scripts)
    assert person.heading == f"Share with {asker}"
    person.page.get_by_label("The short copy and your plan").check()
    person.presses("Look at what they will see")
    person.looks(scripts=scripts)
    assert person.heading == f"What {asker} will see"
    person.presses(f"Share it with {asker}")
    person.looks(scripts=scripts)
    assert f"You shared it with {asker}." in person.words


LONGEST_WAIT_SECONDS = 45
HONEST = "The business’s own answers. Not a finding. Not for selection or exclusion."


def begins_as_buyer(
    person: Person,
    installation: Installation,
    letters: ReceivedMail,
    email: str,
    name: str,
    organisation: str,
    *,
    scripts: bool,
) -> str:
    """An account, a second step and an organisation that buys, with its name confirmed. Returns the address of its board."""
    person.opens("/")
    if scripts:
        person.presses("Menu")
    person.page.get_by_role("link", name="Your account").click()
    person.looks(scripts=scripts)
    person.follows("Make an account")
    signs_up(person, letters, email, name, scripts=False)  # other journeys look at the pages of an account
    begins_an_organisation(person, organisation, scripts=scripts)
    return may_buy(person, installation, name, scripts=scripts)


def begins_an_organisation(person: Person, organisation: str, *, scripts: bool) -> None:
    person.opens("/account")
    person.looks(scripts=scripts)
    person.follows("Your organisations")
    person.looks(scripts=scripts)
    person.follows("Begin an organisation")
    person.looks(scripts=scripts)
    person.page.get_by_label("Name", exact=True).fill(organisation)
    person.presses("Begin")
    person.looks(scripts=scripts)
    assert person.heading == organisation


def may_buy(person: Person, installation: Installation, name: str, *, scripts: bool) -> str:
    """From the page of an organisation: the role, a second step if there is none, and its name. Returns the address of the board."""
    home = person.page.url
    assert "Name not confirmed" in person.words
    person.follows(f"Change what {name} may do")
    person.looks(scripts=scripts)
    person.chooses("Buyer")
    person.presses("Save")
    person.looks(scripts=scripts)
    assert person.heading == "Second step", "who buys opens nothing without one"
    sets_up_an_app(person, scripts=False)
    assert person.page.url == home, "she is where she was"
    person.follows("Have the name confirmed")
    person.looks(scripts=scripts)
    person.chooses("This is our domain")
    person.presses("Ask to have the name confirmed")
    person.looks(scripts=scripts)
    assert "Waiting" in person.words
    subprocess.run(
        [ASSESS, "organisations", "confirm", home.rsplit("/", 1)[-1], "--reason", "We know them."],
        env=installation.environment,
        check=True,
    )
    person.opens(home)
    assert "ame not confirmed" not in person.words
    person.follows("Your suppliers")
    person.looks(scripts=scripts)
    assert person.heading == "Your suppliers"
    assert "You have no supplier on your list yet." in person.words
    return person.page.url


def sends_a_list(person: Person, file: Path, *, scripts: bool) -> None:
    """Choose a file of suppliers and have it read."""
    person.looks(scripts=scripts)
    assert person.heading == "Add suppliers from a file"
    person.page.get_by_label("The file").set_input_files(file)
    person.chooses("Put them on my list and ask them now")
    person.chooses("The quick check")
    day, month, year = in_days(30).split()
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        person.page.get_by_label(label).fill(value)
    person.page.get_by_label("Your message to the suppliers").fill("Ring Ada Marsh at Fleet with any question.")
    person.chooses("Send even in the busy season")
    person.presses("Read the file")
    person.looks(scripts=scripts)


def waits_for(person: Person, heading: str, *, scripts: bool) -> None:
    """Wait until the page says that something is done: it does so by itself with scripts; without them one looks again."""
    if scripts:
        expect(person.page.locator("h1")).to_have_text(heading, timeout=LONGEST_WAIT_SECONDS * 1000)
        return
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while person.heading != heading:
        assert time.monotonic() < until, person.words
        time.sleep(0.5)
        person.follows("Look again")


def takes(person: Person, words: str) -> Download:
    """What comes by a link or a button that gives a file."""
    with person.page.expect_download(timeout=60_000) as download:
        person.page.locator("main a, main button", has_text=words).first.click()
    return download.value


def enters_a_contract(buyer: Person, business: str, *, scripts: bool) -> None:
    """From the page of a supplier: a contract, its six headings, the tier and what was done."""
    buyer.page.locator("main section").get_by_role("link", name="Contracts", exact=True).click()
    buyer.looks(scripts=scripts)
    assert buyer.heading == f"Contracts of {business}"
    buyer.follows("Put a contract on the register")
    buyer.looks(scripts=scripts)
    buyer.page.get_by_label("Title of the contract").fill("Washing the vans")
    buyer.page.get_by_label("Value, if you want to note it").fill("12500")
    buyer.page.locator('input[name="regime"]').first.check()
    buyer.presses("Save and go on to the six headings")
    buyer.looks(scripts=scripts)
    for heading in buyer.page.locator(".assess-asked").all():
        heading.locator('input[type="radio"]').nth(1).check()
    buyer.presses("Save and go on")
    buyer.looks(scripts=scripts)
    assert "Proposed: " in buyer.words
    buyer.page.locator('input[name="tier"]').nth(1).check()
    buyer.page.get_by_label("Why?", exact=True).fill("Cash work, and many people come and go.")
    buyer.presses("Save and go on")
    buyer.looks(scripts=scripts)
    buyer.page.get_by_label("In management").fill("We ring every quarter.")
    buyer.presses("Save", exact=True)
    buyer.looks(scripts=scripts)
    assert buyer.heading == "Washing the vans"
    assert "Decided by" in buyer.words
    assert "We ring every quarter." in buyer.words


def notes_a_call(buyer: Person, *, scripts: bool) -> None:
    """From the list of whom to contact first, or from the page of a supplier, to its trail."""
    buyer.looks(scripts=scripts)
    assert buyer.heading == "Note a call or a visit"
    buyer.chooses("A phone call")
    buyer.page.get_by_label("On which day?").fill(in_days(0))
    buyer.page.get_by_label("What was agreed?").fill("They answer before Christmas.")
    buyer.presses("Note it")
    buyer.looks(scripts=scripts)
    assert "They answer before Christmas." in buyer.words


NUMBERS_AND_NAMES, NOTHING = "names", "off"


def asks_one_supplier(person: Person, board: str, name: str, email: str, *, scripts: bool) -> None:
    """From the board: one new supplier, a look at its letter, and the letter goes."""
    person.opens(board)
    person.follows("One new supplier")
    person.looks(scripts=scripts)
    assert person.heading == "One new supplier"
    person.page.get_by_label("Name of the business").fill(name)
    person.page.get_by_label("Email address (if you know it)").fill(email)
    person.chooses("Car washes")
    person.chooses("The quick check")
    day, month, year = in_days(30).split()
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        person.page.get_by_label(label, exact=True).fill(value)
    person.presses("Preview the email")
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

"""What people with an account do: sign up by mail, set up a second step, and sign out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from assess.assessments.services import start_assessment
from assess.core.db import Database
from assess.core.security import LOGIN_COOKIE, cookie_name
from assess.engine.bank import AnswerValue
from assess.question_banks.editions import current_edition
from assess.question_banks.settings import settings_from
from tests.bank_editor.review.shop_bank import submitted_here
from tests.conftest import TODAY, Copies, with_banks
from tests.engine.real_banks import TODAY as DAY
from tests.engine.real_banks import bank_files, examples_of
from tests.identity.accounts_factory import a_browser_of, a_person
from tests.journeys.conftest import Installation, served
from tests.journeys.received_mail import ReceivedMail
from tests.mobile_browser import fits

PASSWORD = "seven quiet herons by the sluice"


@contextmanager
def somebody(browser: Browser, like: Person, *, scripts: bool) -> Iterator[Person]:
    """Somebody else with the same kind of device and a browser of their own."""
    with browser.new_context(
        base_url=like.site, viewport=like.page.viewport_size, java_script_enabled=scripts, accept_downloads=True
    ) as own:
        own.set_default_timeout(15_000)
        yield Person(own.new_page(), like.site)


def signs_up(person: Person, letters: ReceivedMail, email: str, name: str, *, scripts: bool) -> None:
    """From the page that asks for an address to the page behind the button in the mail."""
    person.looks(scripts=scripts)
    assert person.heading == "Make an account"
    person.page.get_by_label("Email address").fill(email)
    person.presses("Send me the email")
    person.looks(scripts=scripts)
    assert person.heading == "Check your email"
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
    person.page.get_by_label("Email address").fill(email)
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


def answers_of(title: str) -> Mapping[str, AnswerValue]:
    bank = title.rsplit(" ", 1)[0]
    return next(example.answers for example in examples_of(bank) if example.title == title)


def runs_scripts(context: BrowserContext) -> bool:
    page = context.new_page()
    page.goto("/")
    ran = page.locator("body.js-enabled").count() > 0
    page.close()
    return ran


def begins(person: Person, sector: str, how_long: str, *, scripts: bool) -> str:
    """From the first page to the task list, or to the questions of a quick check. Returns the link that brings her back."""
    person.opens("/")
    person.looks(scripts=scripts)
    person.follows("Start")
    person.looks(scripts=scripts)
    person.follows("Continue")
    person.looks(scripts=scripts)
    person.chooses(sector)
    person.chooses(how_long)
    person.presses("Continue")
    person.looks(scripts=scripts)
    person.opens(f"{home_of(person)}/link")
    person.looks(scripts=scripts)
    person.presses("Make my link")
    person.looks(scripts=scripts)
    link = person.page.locator("#link").input_value()
    person.follows("Continue")
    return link


def home_of(person: Person) -> str:
    """The address of the assessment that is open."""
    return "/".join(person.page.url.split("/")[:5])


def starts_answering(person: Person) -> None:
    """Open the first question page. A quick check leads there by itself."""
    person.opens(f"{home_of(person)}/")
    sections = person.page.locator('a.govuk-task-list__link[href*="/sections/"]')
    if sections.count():
        sections.first.click()


def says_who_it_is(person: Person, name: str, *, scripts: bool) -> None:
    person.opens(f"{home_of(person)}/business")
    person.page.get_by_label("Name of the business").fill(name)
    person.chooses("Norfolk")
    person.looks(scripts=scripts)
    person.presses("Save and continue")


def answers_all(person: Person, answers: Mapping[str, AnswerValue], *, stop_after: int | None, scripts: bool) -> None:
    """Section after section until the check page, or until she has enough for today."""
    for number in range(LONGEST_WAY):
        if number == stop_after or not re.search("/(sections|questions)/", person.page.url):
            return
        person.looks(scripts=scripts)
        person.answers_page(answers)
        person.page.locator("main form button.govuk-button:not(.govuk-button--secondary)").last.click()
        person.page.wait_for_load_state()
    raise AssertionError("the sections never end")


SUBMITTED = 25
"""Businesses that submitted before: with fewer no rehearsal shows a figure."""


@dataclass(frozen=True)
class Desk:
    """A site of its own. `tokens`: what the browser of each coordinator shows, by name."""

    installation: Installation
    tokens: Mapping[str, str]
    letters: ReceivedMail

    @contextmanager
    def coordinator(self, name: str, browser: Browser, like: Person, *, scripts: bool) -> Iterator[Person]:
        """Somebody of the desk, signed in with both steps, with the same kind of device as `like`."""
        with somebody(browser, like, scripts=scripts) as person:
            cookie = {"name": cookie_name(LOGIN_COOKIE, secure=False), "value": self.tokens[name], "url": like.site}
            person.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain mapping will do
            yield person

    def draft_in_letter(self, email: str) -> str:
        """The address of a draft in the next letter to this person that is about one: the diary may come before."""
        while True:
            _, body = self.letters.next_to(email)
            found = re.search(r"http://localhost:\d+/question-banks/drafts/\S+", body)
            if found:
                return found[0]


@contextmanager
def desk_of_its_own(copies: Copies, folder: Path) -> Iterator[Desk]:
    """Serve a new site: what is published on it disturbs no other journey."""
    url = copies.fresh("sqlite", with_banks, folder)
    database = Database(url)
    tokens = {}
    with database.writing() as session:
        for name in ("Ann", "Ben"):
            person = a_person(session, f"{name.lower()}@desk.example", desk="coordinator", name=name)
            row, tokens[name] = a_browser_of(person, datetime.now(UTC))
            session.add(row)
        number = current_edition(session, "farming").id
        assert number is not None
        settings = settings_from(bank_files(), DAY)
        for _ in range(SUBMITTED):
            begun = start_assessment(session, number, quick=False, now=TODAY)
            submitted_here(session, begun, answers_of("farming medium"), settings)
    database.close()
    with served(folder, url) as installation:
        yield Desk(installation, tokens, ReceivedMail(installation.postbox))


LONGEST_WAY = 60


class Person:
    """Somebody with one page open. Every page they see fits their screen, where scripts run to measure it."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.elsewhere: list[str] = []
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        page.context.on("request", lambda request: self.note(request.url))

    def note(self, address: str) -> None:
        if not address.startswith((self.site, "data:", "about:")):
            self.elsewhere.append(address)

    def opens(self, address: str) -> None:
        self.page.goto(address)

    def presses(self, name: str, *, exact: bool = False) -> None:
        # by its words: to work out the name of every element of a long page takes longer than all else of a click
        words = re.compile(rf"^\s*{re.escape(name)}\s*$") if exact else name
        self.page.locator("button:visible", has_text=words).first.click()
        self.page.wait_for_load_state()

    def follows(self, name: str) -> None:
        # a link that looks like a button says that it is one
        self.page.locator("main a", has_text=name).first.click()
        self.page.wait_for_load_state()

    def chooses(self, label: str) -> None:
        self.page.get_by_label(label).first.check()

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())

    @property
    def words(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def looks(self, *, scripts: bool = True) -> None:
        """See that nothing of the page sticks out."""
        self.page.wait_for_load_state()
        if scripts:
            fits(self.page)

    def answers_page(self, answers: Mapping[str, AnswerValue]) -> None:
        """Answer every question on the page for which there is an answer."""
        for group in self.page.locator(".assess-asked").all():
            name = str(group.get_attribute("id")).removesuffix("--group")
            if name in answers:
                answer_one(group, name, answers[name])


@dataclass
class Keyboard:
    """A person without a mouse. Every key is counted."""

    person: Person
    keys: int = 0

    def press(self, key: str) -> None:
        self.person.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        self.person.page.keyboard.type(text)
        self.keys += len(text)

    def tab_to(self, selector: str) -> None:
        """Tab until this has the focus. Asked of the page in a way that works without scripts."""
        wanted = self.person.page.locator(f"{selector}:focus")
        for _ in range(LONGEST_WAY * 5):
            if wanted.count():
                return
            self.press("Tab")
        raise AssertionError(f"Tab never comes to {selector} on {self.person.page.url}")

    def chooses(self, name: str, value: str) -> None:
        """Radio buttons of which none is chosen are reached as one: the first has the focus, and arrows lead on."""
        values = [one.get_attribute("value") for one in self.person.page.locator(f'input[name="{name}"]').all()]
        self.tab_to(f'input[name="{name}"]')
        if values.index(value) == 0:
            self.press("Space")
        for _ in range(values.index(value)):
            self.press("ArrowDown")

    def ticks(self, selector: str) -> None:
        self.tab_to(selector)
        self.press("Space")

    def answers_page(self, answers: Mapping[str, AnswerValue]) -> None:
        """Answer every question on the page for which there is an answer."""
        for group in self.person.page.locator(".assess-asked").all():
            name = str(group.get_attribute("id")).removesuffix("--group")
            value = answers.get(name)
            if isinstance(value, list):
                for option in value:
                    self.ticks(f'input[name="{name}"][value="{option}"]')
                if not value:
                    self.ticks(f'input[name="{name}.none"]')
            elif value is not None and group.locator(f'input[name="{name}"][type="radio"]').count():
                self.chooses(name, str(value))
            elif value == "dk":
                self.ticks(f'input[name="{name}.dk"]')
            elif value is not None:
                self.tab_to(f'input[name="{name}"]')
                self.type(str(value))


def answer_one(group: Locator, name: str, value: AnswerValue) -> None:
    if isinstance(value, list) and not value:
        group.locator(f'input[name="{name}.none"]').check()
        return
    if isinstance(value, list):
        for option in value:
            group.locator(f'input[name="{name}"][value="{option}"]').check()
        return
    ticks = group.locator(f'input[name="{name}"][type="radio"]')
    if ticks.count():
        group.locator(f'input[name="{name}"][value="{value}"]').check()
    elif value == "dk":
        group.locator(f'input[name="{name}.dk"]').check()
    else:
        group.locator(f'input[name="{name}"]').fill(str(value))


ASKS, ANSWERS = "We can pay within 14 days from now on. Does that help?", "It does. We begin on Monday."


def proposes_a_date(buyer: Person, business: str, *, scripts: bool) -> None:
    """From a copy: one comment and one date for its first step."""
    buyer.follows("Message the business about it")
    buyer.looks(scripts=scripts)
    assert buyer.heading == f"Messages with {business}"
    assert "Stay and help fix it" in buyer.words
    buyer.page.locator('main a[href*="?step="]').first.click()
    buyer.looks(scripts=scripts)
    buyer.page.get_by_label("Your comment").fill(ASKS)
    buyer.page.get_by_label("By when?").fill(in_days(45))
    buyer.presses("Send it")
    buyer.looks(scripts=scripts)
    assert ASKS in buyer.words
    assert "It waits for an answer." in buyer.words


def answers_and_agrees(owner: Person, home: str, asker: str, *, scripts: bool) -> None:
    """From the result: read what the buyer wrote, say yes to its date, and write back."""
    owner.opens(f"{home}/result")
    owner.looks(scripts=scripts)
    assert f"1 new comment from {asker}." in owner.words
    owner.follows(f"Read what {asker} wrote")
    owner.looks(scripts=scripts)
    assert "Nobody has written anything yet." not in owner.words
    assert "your turn" in owner.words
    owner.page.locator('main a[href*="?step="]').first.click()
    owner.looks(scripts=scripts)
    assert ASKS in owner.words
    owner.presses("Agree to")
    owner.looks(scripts=scripts)
    assert "Agreed: by" in owner.words
    owner.page.get_by_label("Your comment").fill(ANSWERS)
    owner.presses("Send it")
    owner.looks(scripts=scripts)
    assert ANSWERS in owner.words


def in_days(days: int) -> str:
    """A day from today on, as people type it."""
    day = datetime.now(UTC) + timedelta(days=days)
    return f"{day.day} {day.month} {day.year}"

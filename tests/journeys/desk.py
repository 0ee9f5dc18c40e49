"""A site with two coordinators and with businesses that submitted before: for journeys that change what everybody is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser

from assess.assessments.answering import start
from assess.banks.editions import latest
from assess.banks.settings import settings_from
from assess.kit.cookies import SIGNED_IN, cookie_name
from assess.kit.db import Database
from tests.conftest import TODAY, Copies, with_banks
from tests.editor.review.shop import submitted_here
from tests.engine.real_banks import TODAY as DAY
from tests.engine.real_banks import shelf
from tests.journeys.accounts import somebody
from tests.journeys.beginnings import answers_of
from tests.journeys.conftest import Installation, served
from tests.journeys.letters import Letters
from tests.journeys.people import Person
from tests.people.persons import a_browser_of, a_person

SUBMITTED = 25
"""Businesses that submitted before: with fewer no rehearsal shows a figure."""


@dataclass(frozen=True)
class Desk:
    """A site of its own. `tokens`: what the browser of each coordinator shows, by name."""

    installation: Installation
    tokens: Mapping[str, str]
    letters: Letters

    @contextmanager
    def coordinator(self, name: str, browser: Browser, like: Person, *, scripts: bool) -> Iterator[Person]:
        """Somebody of the desk, signed in with both steps, with the same kind of device as `like`."""
        with somebody(browser, like, scripts=scripts) as person:
            cookie = {"name": cookie_name(SIGNED_IN, secure=False), "value": self.tokens[name], "url": like.site}
            person.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain mapping will do
            yield person

    def draft_in_letter(self, email: str) -> str:
        """The address of a draft in the next letter to this person that is about one: the diary may come before."""
        while True:
            _, body = self.letters.next_to(email)
            found = re.search(r"http://localhost:\d+/banks/drafts/\S+", body)
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
        number = latest(session, "farming").id
        assert number is not None
        settings = settings_from(shelf(), DAY)
        for _ in range(SUBMITTED):
            begun = start(session, number, quick=False, now=TODAY)
            submitted_here(session, begun, answers_of("farming medium"), settings)
    database.close()
    with served(folder, url) as installation:
        yield Desk(installation, tokens, Letters(installation.postbox))

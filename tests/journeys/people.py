"""What a person does with the pages: answers, looks for faults, weighs a page."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page

from assess.engine.bank import Value
from tests.phones import fits

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

    def tabs_to(self, selector: str) -> None:
        """Press Tab until this has the focus, as somebody without a mouse does."""
        for _ in range(LONGEST_WAY * 5):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"Tab never comes to {selector} on {self.page.url}")

    @property
    def words(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def looks(self, *, scripts: bool = True) -> None:
        """See that nothing of the page sticks out."""
        self.page.wait_for_load_state()
        if scripts:
            fits(self.page)

    def answers_page(self, answers: Mapping[str, Value]) -> None:
        """Answer every question on the page for which there is an answer."""
        for group in self.page.locator(".assess-asked").all():
            name = str(group.get_attribute("id")).removesuffix("--group")
            if name in answers:
                answer_one(group, name, answers[name])


def answer_one(group: Locator, name: str, value: Value) -> None:
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

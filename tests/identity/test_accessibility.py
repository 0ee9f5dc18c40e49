"""Every page of the site in a real browser, on a narrow phone and on a wide screen: it fits, and axe finds no fault.

Each page is looked at once, by somebody who may see it, in the world of the table of access; and once more on the phone, with the errors
it shows when its form comes back empty. In a short run no other test has axe look: what is tried elsewhere is what a page does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.serving import make_server

from tests.conftest import served_here
from tests.identity.access_roles import AccessWorld, Kind
from tests.identity.test_access_matrix import BY_TOKEN, KINDS, Case, address_of, ask, cases, is_allowed
from tests.identity.test_access_matrix import app as app  # noqa: PLC0414
from tests.identity.test_access_matrix import world as world  # noqa: PLC0414
from tests.long_runs import IS_LONG
from tests.mobile_browser import faults_of, fits

pytestmark = pytest.mark.journey
NARROW: ViewportSize = {"width": 320, "height": 700}
WIDE: ViewportSize = {"width": 1280, "height": 900}
REFUSED = 422
SEND_EMPTY = """([address, token]) => {
    const form = Object.assign(document.createElement('form'), {method: 'post', action: address})
    form.append(Object.assign(document.createElement('input'), {name: 'csrf_token', value: token}))
    document.body.append(form)
    form.submit()
}"""


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The address of the app, served from this process."""
    with served_here(make_server("127.0.0.1", 0, app, threaded=True)) as found:
        yield found


def who_looks(app: Flask, world: AccessWorld) -> list[tuple[Case, Kind | None]]:
    """Each page with the first kind of person who may see it. Whoever has something sees more than a stranger."""
    kinds = sorted(world.kinds, key=lambda kind: not kind.stands)
    return [(case, next((kind for kind in kinds if is_allowed(kind, case)), None)) for case in cases(app)]


def faults(page: Page, screens: Sequence[ViewportSize] = (NARROW, WIDE), *, contrast: bool = True) -> Iterator[str]:
    """What is wrong with the page that is open, on each of these screens."""
    titles = page.locator("h1").count()
    if titles != 1:
        yield f"{page.url}: it has {titles} titles"
    for screen in screens:
        page.set_viewport_size(screen)
        fits(page)
        if screen is WIDE and not IS_LONG:  # the same page: what axe finds on a wide screen alone is for a long run
            continue
        found = faults_of(page, contrast=contrast and screen is NARROW)
        if found:
            yield f"{screen['width']} wide: {found}"


@contextmanager
def opened_by(client: FlaskClient, browser: Browser, address: str) -> Iterator[Page]:
    """A page in a browser that may open what this client may. Nothing is refused by the policy of the site."""
    said: list[str] = []
    with browser.new_context(base_url=address) as context:
        for (_, _, name), cookie in client._cookies.items():
            context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        page.goto("/privacy")
        yield page
    assert [words for words in said if f"{REFUSED} (" not in words] == []


@pytest.mark.parametrize("name", KINDS)
def test_every_page_is_sound_with_and_without_errors(
    app: Flask, world: AccessWorld, browser: Browser, address: str, name: str
) -> None:
    kind = next(kind for kind in world.kinds if kind.name == name)
    mine = [case for case, who in who_looks(app, world) if who is kind]
    if not mine:
        return
    entered = world.entered_by(kind)
    wrong: list[str] = []
    looked_at = errors = 0
    with opened_by(entered.client, browser, address) as page:
        for case in (case for case in mine if case.method == "GET"):
            world.forget_counters()
            answer = entered.client.get(address_of(case, world.arguments))
            if answer.status_code == 200 and answer.mimetype == "text/html":
                page.goto(address_of(case, world.arguments))
                wrong += faults(page)
                looked_at += 1
        for case in (case for case in mine if case.method == "POST"):
            world.forget_counters()
            if ask(entered, case, world.arguments).status_code != REFUSED:
                entered.reset()
                continue
            with page.expect_navigation():
                page.evaluate(SEND_EMPTY, [address_of(case, world.arguments), entered.form_token])
            wrong += faults(page, [NARROW], contrast=errors == 0)  # errors have the same colours everywhere
            errors += 1
    assert not wrong, "\n".join(wrong)
    assert looked_at or all(case.method == "POST" for case in mine), f"{name}: no page was looked at"


def test_every_page_has_somebody_who_looks_at_it(app: Flask, world: AccessWorld) -> None:
    left = [case for case, who in who_looks(app, world) if who is None]
    left = [case for case in left if case.action not in BY_TOKEN and "token" not in case.rule.arguments]
    # what the world is about belongs to an organisation already: that page is looked at in a long run, in `assessments/ownership`
    assert {case.action for case in left} == {"assessment.claim"}


def test_where_a_link_leads_is_sound(world: AccessWorld, browser: Browser, address: str) -> None:
    wrong: list[str] = []
    world.put_back(world.built)
    with opened_by(world.app.test_client(), browser, address) as page:
        for link in world.links.values():
            answer = page.goto(link)
            assert answer is not None
            assert answer.status == 200, link
            wrong += faults(page)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<p><img src='data:,'></p>", "image-alt"),
        ("<p style='color: #bbb'>Pale words.</p>", "color-contrast"),
        ("<h1>Another title</h1>", "it has 2 titles"),
    ],
)
def test_a_fault_is_seen(browser: Browser, body: str, rule: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(
            f"<!DOCTYPE html><html lang='en'><title>A page</title><main><h1>A page</h1>{body}</main></html>"
        )
        assert rule in "\n".join(faults(page))

"""Accounts in a real browser: passkeys by a virtual authenticator, and every page on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import AuditEvent
from assess.core.route_permissions import route_permission, route_verb
from tests.identity.accounts.conftest import JO, PASSWORD, link_in, rows_of
from tests.mail_servers import MailServer
from tests.mobile_browser import HEIGHT, WIDTH, has_no_fault

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("backend", ["sqlite"], indirect=True)]


@pytest.fixture
def settings(banks_url: str, tmp_path: Any, postbox: MailServer, free_port: int) -> Settings:
    return Settings(
        env="development",
        database_url=banks_url,
        data_folder=tmp_path,
        operator_name="Norfolk test desk",
        mail_server=postbox.address,
        mail_from="desk@network.example",
        public_url=f"http://localhost:{free_port}",
    )


@pytest.fixture
def site(app: Flask, live_on: Any, free_port: int) -> str:
    """The site under the name its passkeys are for."""
    app.config["CLOCK"] = lambda: datetime.now(UTC)
    live_on(app, free_port)
    return f"http://localhost:{free_port}"


@contextmanager
def a_phone(browser: Browser, site: str, *, scripts: bool = True) -> Iterator[Page]:
    size = {"width": WIDTH, "height": HEIGHT}
    with browser.new_context(base_url=site, viewport=size, java_script_enabled=scripts) as context:  # type: ignore[arg-type]  # a size
        yield context.new_page()


def with_authenticator(page: Page) -> Any:
    """Give the browser a passkey store of its own, as a phone with a finger sensor has one."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return wire, wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def events_of(app: Flask) -> list[str]:
    with app.extensions["assess.database"].reading() as session:
        return list(session.scalars(select(AuditEvent.action)))


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def mailed(app: Flask, settings: Settings, postbox: MailServer) -> str:
    run_due_jobs(app.extensions["assess.database"], settings, lambda: datetime.now(UTC))
    body = postbox.bodies()[-1].replace(settings.base_url, "http://localhost:5000")
    return link_in(body)


def sign_up(page: Page, app: Flask, settings: Settings, postbox: MailServer, *, session: bool) -> None:
    def seen(*, scripts: bool = True) -> None:
        if session:
            has_no_fault(page, scripts=scripts)

    page.goto("/sign-up")
    press(page, "Send me the email")
    seen()
    page.fill("#email", JO)
    press(page, "Send me the email")
    page.wait_for_url("**/sign-up/sent")
    seen()
    page.goto(mailed(app, settings, postbox))
    seen()
    page.fill("#password", "short")
    press(page, "Make my account")
    seen()
    page.fill("#name", "Jo")
    page.fill("#password", PASSWORD)
    press(page, "Make my account")
    page.wait_for_url("**/account")
    seen()


def test_a_passkey_is_a_second_step_and_signs_in_by_itself(
    app: Flask, browser: Browser, site: str, settings: Settings, postbox: MailServer
) -> None:
    with a_phone(browser, site) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        wire, authenticator = with_authenticator(page)
        sign_up(page, app, settings, postbox, session=False)
        page.goto("/account/second-steps")
        has_no_fault(page)
        page.fill("#passkey-name", "my phone")
        press(page, "Add a passkey")
        page.wait_for_selector("h1:has-text('Keep these codes')")
        has_no_fault(page)
        page.goto("/account/second-steps")
        assert page.locator("main li strong").all_inner_texts() == ["my phone"]
        has_no_fault(page)
        before = page.context.cookies()

        page.goto("/account")
        press(page, "Sign out")
        page.wait_for_url("**/signed-out")
        page.goto("/sign-in")
        page.fill("#email", JO)
        page.fill("#password", PASSWORD)
        press(page, "Sign in")
        page.wait_for_url("**/sign-in/second-step")
        has_no_fault(page)
        press(page, "Use a passkey")
        page.wait_for_url("**/account")
        assert page.context.cookies() != before

        press(page, "Sign out")
        page.goto("/sign-in")
        press(page, "Sign in with a passkey")
        page.wait_for_url("**/account")
        assert [row.second_step for row in rows_of(app)] == [True]
        # what only a browser can do leaves its one event too
        # the passkey signed in twice: once as the second step, once by itself
        for endpoint, number in {"account.add_passkey": 1, "sign_in.sign_in_by_passkey": 2}.items():
            action = route_permission(app, endpoint, "POST")
            assert events_of(app).count(f"{action}: {route_verb(app, endpoint)}") == number, endpoint
        press(page, "Sign out")

        # a device that did not check who holds it is not both steps
        wire.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
        page.goto("/sign-in")
        press(page, "Sign in with a passkey")
        page.get_by_text("That did not work. Try again, or use another way.").wait_for()
        assert rows_of(app) == []
        assert not [line for line in said if "Content Security Policy" in line or "TrustedHTML" in line]


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_every_page_of_accounts_on_a_phone(
    app: Flask, browser: Browser, site: str, settings: Settings, postbox: MailServer, *, scripts: bool
) -> None:
    with a_phone(browser, site, scripts=scripts) as page:

        def see(path: str) -> None:
            page.goto(path)
            assert urlsplit(page.url).path == path.split("?", maxsplit=1)[0]
            has_no_fault(page, scripts=scripts)

        for path in ("/sign-in", "/sign-up", "/sign-in/link", "/forgotten", "/signed-out", "/new-password"):
            see(path)
        page.goto("/forgotten")
        press(page, "Send me a link")
        has_no_fault(page, scripts=scripts)
        page.goto("/sign-in")
        press(page, "Sign in")
        has_no_fault(page, scripts=scripts)
        sign_up(page, app, settings, postbox, session=scripts)
        for path in ("/account/name", "/account/email", "/account/password", "/account/delete", "/prove"):
            see(path)
        for path in ("/account/email/sent", "/prove/link/sent", "/account-deleted", "/account/email-changed"):
            see(path)
        see("/account/second-steps")
        press(page, "Set up an app")
        has_no_fault(page, scripts=scripts)
        picture = page.locator("svg.assess-qr").bounding_box()
        assert picture is not None
        assert picture["width"] > 100
        seed = page.locator("code").inner_text().replace(" ", "")
        page.fill("#code", pyotp.TOTP(seed).at(datetime.now(UTC)))
        press(page, "Go on")
        page.wait_for_selector("h1:has-text('Keep these codes')")
        codes = page.locator("ol code").all_inner_texts()
        with page.expect_download() as begun:
            page.get_by_text("Download them as a text file").click()
        assert begun.value.path().read_text().split() == codes
        see("/account/second-steps")
        page.goto("/account")
        press(page, "Sign out")
        page.wait_for_url("**/signed-out")
        page.goto("/sign-in/link")
        page.fill("#email", JO)
        press(page, "Send me a link")
        page.wait_for_url("**/sign-in/link/sent")
        page.goto(mailed(app, settings, postbox))
        has_no_fault(page, scripts=scripts)
        press(page, "Sign in")
        page.wait_for_url("**/sign-in/second-step")
        page.fill("#code", codes[0])
        press(page, "Go on")
        page.wait_for_url("**/account")
        has_no_fault(page, scripts=scripts)
        page.goto("/confirm/" + "x" * 43)
        has_no_fault(page, scripts=scripts)

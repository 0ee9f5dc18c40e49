"""A small farm is asked by letter, on a phone: it begins, shares, or says no and wants no more mail. A journey does so without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

import assess.suppliers.reminders  # noqa: F401
from assess.assessments.submissions import submit_assessment
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.sharing.models import ShareGrant
from assess.suppliers.emails import is_unsubscribed
from assess.suppliers.models import InvitationStatus, Supplier, SupplierInvitation
from tests.conftest import TODAY
from tests.identity.accounts_factory import database_of
from tests.mail_servers import MailServer, settings_that_mail
from tests.mobile_browser import has_no_fault
from tests.plans.records import scenario
from tests.suppliers.factories import a_buyer, a_supplier, invited

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def letter(app: Flask, settings: Settings, postbox: MailServer) -> str:
    """The letter, as it came out of the postbox."""
    with database_of(app).writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Farm", sector="farming", email="a@b.example")
        invited(session, farm, settings=settings)
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    (body,) = postbox.bodies()
    return body


def path_in(letter: str, way: str) -> str:
    found = re.search(rf"^http://localhost:5000({way}/[\w-]{{43}})$", letter, re.MULTILINE)
    assert found is not None
    return found[1]


@contextmanager
def empty_phone(browser: Browser, live: str) -> Iterator[Page]:
    """A phone that may open nothing yet."""
    narrow: Any = {"width": 320, "height": 700}
    with browser.new_context(base_url=live, viewport=narrow) as own:
        yield own.new_page()


def press(page: Page, words: str, heading: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()
    expect(page.locator("h1")).to_have_text(heading)
    has_no_fault(page)


@pytest.mark.long
def test_it_begins_finishes_and_shares(app: Flask, browser: Browser, live: str, letter: str) -> None:
    asks = "The Council asks how work is done in your business"
    with empty_phone(browser, live) as page:
        page.goto(path_in(letter, "/supplier-invitations"))
        has_no_fault(page)
        press(page, "Go on", asks)
        press(page, "Begin", "Before you start")
        press(page, "Begin", "Keep a link to come back with")
        with database_of(app).writing() as session:
            of = session.scalars(select(SupplierInvitation.assessment_id)).one()
            assert of is not None
            submit_assessment(session, of, lambda _said: scenario(), TODAY)
        page.goto(f"/assessments/{of}/result")
        page.get_by_role("link", name="Share it with The Council").click()
        expect(page.locator("h1")).to_have_text("Share with The Council")
        has_no_fault(page)
        page.check("input[name=scope][value=plan]")
        press(page, "Look at what they will see", "What The Council will see")
        press(page, "Share it with The Council", "Who asked you")
        expect(page.get_by_text("You shared it with The Council.")).to_be_visible()
    with database_of(app).reading() as session:
        grant = session.scalars(select(ShareGrant)).one()
        supplier = session.scalars(select(Supplier)).one()
        assert (grant.organisation_id, grant.supplier_id) == (supplier.buyer_id, supplier.id)
        assert session.scalars(select(SupplierInvitation.status)).one() is InvitationStatus.SHARED


@pytest.mark.long
def test_it_says_no_and_wants_no_more_mail(
    app: Flask, settings: Settings, browser: Browser, live: str, letter: str
) -> None:
    asks = "The Council asks how work is done in your business"
    with empty_phone(browser, live) as page:
        page.goto(path_in(letter, "/supplier-invitations"))
        press(page, "Go on", asks)
        page.get_by_role("link", name="Say no").click()
        expect(page.locator("h1")).to_have_text("Say no to The Council")
        press(page, "Say no", "Say no to The Council")  # nothing was chosen
        page.get_by_label("We have no time just now").check()
        press(page, "Say no", asks)
        expect(page.get_by_text("You said no on 24 November 2026.")).to_be_visible()
        page.goto(path_in(letter, "/supplier-invitations/unsubscribe"))
        press(page, "No more emails", "No more emails come")
    with database_of(app).reading() as session:
        supplier = session.scalars(select(Supplier)).one()
        assert is_unsubscribed(session, supplier.buyer_id, supplier.email, (settings.key,))
        assert session.scalars(select(SupplierInvitation.status)).one() is InvitationStatus.DECLINED

"""Every page of organisations and of the desk on a narrow phone in a real browser: it fits and a program finds no fault.

A journey walks an organisation and the desk without scripts.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from assess.core.config import Settings
from assess.identity import one_time_tokens
from assess.identity.models import Role, StaffRole
from assess.identity.organisations.services import INVITATION_KIND, INVITATION_LIFETIME, add_site, invite_member
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.mobile_browser import has_no_fault, phone

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("backend", ["sqlite"], indirect=True)]
LONG = "a.very.long.address.of.somebody.who.works.at.the.office@a-rather-long-name-of-a-farm.example"


@pytest.fixture
def settings(banks_url: str, tmp_path: Path) -> Settings:
    """An installation that sends mail; nothing is sent here."""
    return Settings(
        env="development",
        database_url=banks_url,
        data_folder=tmp_path,
        operator_name="Norfolk test desk",
        mail_server="smtp://127.0.0.1:25",
        mail_from="desk@network.example",
    )


@pytest.mark.long
def test_every_page_of_an_organisation_and_of_the_staff_area_is_sound_on_a_phone(
    app: Flask, visit: Visitor, another_visit: Visitor, browser: Browser, live: str
) -> None:
    with database_of(app).writing() as session:
        ann, long = a_person(session, "ann@fenedge.example", name="Ann"), a_person(session, LONG)
        ada = a_person(session, "ada@desk.example", desk=StaffRole.ADMINISTRATOR)
        farm = an_organisation(
            session,
            "Fen Edge Growers of Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
            manager=ann,
            respondent=[ann, long],
        )
        farm.company_number = "01234567"
        site = add_site(session, farm.id, "North field and the old packhouse", TODAY)
        invite_member(session, farm, f"new.{LONG}"[:90], frozenset(Role), "https://x", TODAY, secret="secret")
        token = one_time_tokens.issue_token(
            session, INVITATION_KIND, f"new.{LONG}"[:90], TODAY, lasts=INVITATION_LIFETIME, about=farm.id
        )
    here, desk = f"/organisations/{farm.id}", "/staff"
    sign_in(visit, app, ann)
    sign_in(another_visit, app, ada)
    own = [
        "/organisations", "/organisations/new", here, f"{here}/details", f"{here}/name", f"{here}/sites/new", f"{here}/sites/{site.id}",
        f"{here}/people/{long.id}", f"{here}/people/{ann.id}", f"{here}/leave", f"{here}/invitations/new",
        f"{here}/invitations/sent", f"{here}/delete", f"{here}/export", f"/join/{token}",
    ]  # fmt: skip
    ours = [
        desk, f"{desk}/people", f"{desk}/people?q=nobody-at-all", f"{desk}/people/{long.id}", f"{desk}/people/{ada.id}",
        f"{desk}/people/{long.id}/staff", f"{desk}/organisations", f"{desk}/organisations/{farm.id}",
        f"{desk}/organisations/{farm.id}/delete", f"{desk}/invitations", f"{desk}/names", f"{desk}/names/{farm.id}",
        f"{desk}/names/{farm.id}/decide",
    ]  # fmt: skip
    for visitor, addresses in ((visit, own), (another_visit, ours)):
        with phone(browser, live, visitor) as page:
            for number, address in enumerate(addresses):
                answer = page.goto(address)
                assert answer is not None
                assert answer.status == 200, address
                look_at(page, f"{visitor is visit}-{number}")
                has_no_fault(page)
            if visitor is visit:  # an error is a page too
                page.goto(f"{here}/invitations/new")
                page.get_by_label("Email address").fill("no address")
                page.get_by_role("button", name="Send the invitation").click()
                assert page.title().startswith("Error: ")
                look_at(page, "error")
                has_no_fault(page)


def look_at(page: object, name: str) -> None:
    """For a person who wants to see with their own eyes what the test sees: `ASSESS_TEST_PICTURES=folder`."""
    folder = os.environ.get("ASSESS_TEST_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)  # type: ignore[attr-defined]

"""The pages of the business about the sign-off, and the way of a member who signs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from assess.assessments.submitting import reopen, submit
from assess.kit.db import database
from assess.people.models import Role
from tests.members import claim, sign_in
from tests.plans.conftest import Submitted
from tests.plans.records import scenario

JO = {"name": "Jo Fenn", "job": "director", "read": "yes"}


def test_before_the_first_submission_there_is_nothing_to_sign(visit: Any) -> None:
    visit("/start/farming")
    home = visit.send(length="full").address.removesuffix("/link")
    assert visit(f"{home}/sign-off").address == f"{home}/"
    assert "sign it off" not in visit(f"{home}/").text


def test_the_link_is_shown_once_and_neutral(visit: Any, ask: Any, submitted: Submitted) -> None:
    assert visit(f"{submitted.address}/").soup.select_one("a[href$='/sign-off']")
    path = ask(note="director")
    for link in visit.page.soup.select("a[href^='sms:'], a[href^='mailto:']"):
        assert path in unquote(link["href"])
        assert "slavery" not in link["href"].lower()
    page = visit(f"{submitted.address}/sign-off")
    assert path not in page.html
    assert "Works until 8 December 2026" in page.text


def test_a_sign_off_by_the_wrong_person_is_taken_back(
    visit: Any, another_visit: Any, reader: Any, submitted: Submitted
) -> None:
    here = reader().address
    another_visit.send(here.rsplit("/", 1)[1], **JO)
    page = visit(f"{submitted.address}/sign-off")
    assert "say only “a senior person”" in page.text
    page = visit.send("/take-back")
    assert "Nobody has signed it off yet." in page.text
    assert "You took the sign-off back" in page.text
    assert another_visit(here).soup.select("input[name=name]")


def test_a_member_with_that_role_reads_and_signs(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    sign_in(app, another_visit, claim(app, submitted.id, now), Role.SIGNER, now)
    page = another_visit(f"{submitted.address}/sign-off")
    assert not page.soup.select("input[name=note]"), "asking is for those who answer"
    here = f"{submitted.address}/sign-off/read"
    assert page.soup.select_one(f"a[href='{here}']")
    another_visit(here)
    assert "You have sent it back." in another_visit.send("/back", words="Say who does the training.").text
    for path in ("/sign-off", "/"):
        page = visit(f"{submitted.address}{path}")
        assert "sent back on 24 November 2026" in page.soup.select_one("main .govuk-inset-text").text
        assert "Say who does the training." in page.soup.select_one("main .govuk-inset-text").text
    another_visit(here)
    page = another_visit.send("/read", **JO)
    assert "was sent back on" not in visit(f"{submitted.address}/").text
    assert "This plan is signed off: Jo Fenn, director" in page.text
    assert "Signed off by Jo Fenn" in visit(f"{submitted.address}/sign-off").text


def test_whoever_only_signs_is_offered_nothing_that_is_refused(
    app: Flask, visit: Any, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    sign_in(app, another_visit, claim(app, submitted.id, now), Role.SIGNER, now)
    plan = f"{submitted.address}/result/actions"
    item = visit(plan).soup.select_one(".plan-card a[href*='/actions/']")["href"]
    for address in (f"{submitted.address}/", f"{submitted.address}/result", plan, item, f"{item}/history"):
        page = another_visit(address)
        assert page.status == 200, address
        forms = [form.get("action", address) for form in page.soup.select("main form[method=post]")]
        assert forms == [], address
        inside = {link["href"].split("#")[0] for link in page.soup.select(f"main a[href^='{submitted.address}']")}
        refused = [link for link in sorted(inside) if ".pdf" not in link and another_visit(link).status == 404]
        assert refused == [], address


def test_a_member_signs_only_what_was_on_the_page(
    app: Flask, another_visit: Any, submitted: Submitted, now: datetime
) -> None:
    sign_in(app, another_visit, claim(app, submitted.id, now), Role.SIGNER, now)
    here = f"{submitted.address}/sign-off/read"
    fields = another_visit(here).fields("/read") | {key: [value] for key, value in JO.items()}
    with app.app_context(), database().writing() as session:
        reopen(session, submitted.id, now)
        submit(session, submitted.id, lambda _said: scenario(), now)
    assert another_visit.client.post(here, data=fields).status_code == 303
    assert "number 2" in another_visit(here).text
    assert "Nobody has signed it off yet." in another_visit(f"{submitted.address}/sign-off").text


@pytest.mark.parametrize("role", [Role.BUYER, Role.RESPONDENT, Role.MANAGER])
def test_nobody_else_signs(app: Flask, another_visit: Any, submitted: Submitted, now: datetime, role: Role) -> None:
    sign_in(app, another_visit, claim(app, submitted.id, now), role, now)
    assert another_visit(f"{submitted.address}/sign-off/read").status == 404
    assert another_visit(f"{submitted.address}/sign-off").status == (404 if role is Role.BUYER else 200)


def test_the_business_itself_does_not_sign_without_the_link(visit: Any, submitted: Submitted) -> None:
    assert visit(f"{submitted.address}/sign-off/read").status == 404

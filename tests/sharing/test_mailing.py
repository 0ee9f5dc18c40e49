"""The mail to a recipient, sent by a real server: neutral, and nothing of the business."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.mail import services as mail_services
from tests.identity.accounts_factory import database_of
from tests.mail_servers import MailServer, settings_that_mail
from tests.plans.conftest import submit_record
from tests.plans.records import a_record
from tests.sharing.conftest import COUNCIL, Buyer, token_in

assert mail_services  # it defines the job that sends
TELLING = ("fen edge", "slavery", "exploit", "farm", "medium", "low", "act now", "urgent", "sector", "score")


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    """Settings of an installation that sends mail."""
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def deliver(app: Flask, settings: Settings, now: datetime) -> Callable[[], int]:
    return lambda: run_due_jobs(database_of(app), settings, lambda: now)


def test_the_recipient_gets_a_neutral_mail_whose_link_works_for_them(
    app: Flask, visit: Any, council: Buyer, postbox: MailServer, deliver: Callable[[], int], now: datetime
) -> None:
    made = submit_record(app, visit, a_record(change={"core_documents": "employer"}), now)
    visit(f"{made.address}/share/new")
    page = visit.send(email=COUNCIL, buyer="Council", scope="plan")
    assert f"We write to {COUNCIL}, unless" in page.text
    assert "/shared/accept/" not in page.html
    deliver()
    (mail,) = [mail for mail in postbox.mails if mail["To"] == COUNCIL]
    (body,) = [body for body in postbox.bodies() if "/shared/accept/" in body]
    assert mail["Subject"] == "A business wants to share something with you"
    assert body.startswith("Name not confirmed.")
    said = f"{mail['Subject']} {body}".lower()
    assert [word for word in TELLING if word in said] == []
    council.visit(f"/shared/accept/{token_in(body)}")
    assert council.visit.send().status == 200


def test_ended_before_it_left_the_mail_stays_here(
    app: Flask, visit: Any, postbox: MailServer, deliver: Callable[[], int], now: datetime
) -> None:
    made = submit_record(app, visit, a_record(), now)
    visit(f"{made.address}/share/new")
    visit.send(email=COUNCIL)
    page = visit(f"{made.address}/share")
    (action,) = [form["action"] for form in page.soup.select("form") if "/with/" in form.get("action", "")]
    visit.send(action)
    deliver()
    assert [mail for mail in postbox.mails if mail["To"] == COUNCIL] == []

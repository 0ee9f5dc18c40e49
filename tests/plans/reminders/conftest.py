"""An installation that sends mail, the server it sends to, and a morning for its worker."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.mail import services as mail_services
from assess.plans.reminders import send_all_due
from tests.mail_servers import MailServer, settings_that_mail
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import scenario

assert mail_services  # it defines the job that sends
JO = "jo.canary@farm.example"


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    """Settings of an installation that sends mail."""
    return settings_that_mail(banks_url, tmp_path, postbox, "reminders@network.example")


@pytest.fixture
def deliver(app: Flask, settings: Settings) -> Callable[[datetime], int]:
    """`deliver(moment)`: the worker sends what waits."""
    return lambda now: run_due_jobs(app.extensions["assess.database"], settings, lambda: now)


@pytest.fixture
def morning(
    app: Flask, settings: Settings, deliver: Callable[[datetime], int], postbox: MailServer
) -> Callable[[str], list[EmailMessage]]:
    """`morning("2026-12-01")`: the round of that day, and the mails that came of it."""

    def pass_one(iso: str) -> list[EmailMessage]:
        before = len(postbox.raw)
        now = datetime.fromisoformat(f"{iso}T07:30:00").replace(tzinfo=UTC)
        send_all_due(app.extensions["assess.database"], settings, now)
        deliver(now)
        return postbox.mails[before:]

    return pass_one


@pytest.fixture
def submitted(app: Flask, visit: Any, now: datetime) -> Submitted:
    """A medium farm one of whose ordinary dates comes near in the first days."""
    record = scenario()
    record["buyer_view"]["actions"][0].update(days=7, due="2026-12-01")
    return submit_record(app, visit, record, now)


@pytest.fixture
def reminded(submitted: Submitted, visit: Any, deliver: Any, postbox: MailServer, now: datetime) -> Submitted:
    """A business whose address was confirmed. Its first mail is in the postbox."""
    visit(f"{submitted.address}/reminders")
    visit.send("", email=JO)
    deliver(now)
    visit(link_in(postbox.bodies()[-1], "confirm"))
    visit.send()
    return submitted


def link_in(body: str, what: str) -> str:
    """The path of the page a mail leads to: "confirm" or "stop"."""
    found = re.search(rf"^http://localhost:5000(/reminders/{what}/\S{{43}})$", body, re.MULTILINE)
    assert found, body
    return found[1]

"""One mail a week to each coordinator while something is due, over a real mail server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assess.app import load_jobs
from assess.bank_editor.recheck_dates import send_recheck_emails
from assess.bank_editor.urgent_fixes.services import find_fix_target, make_fix
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.services import all_schedules
from assess.core.jobs.worker import run_due_jobs
from assess.core.mail import services as mail_services
from assess.question_banks.content_versions import files_in_force, seed_from_release
from tests.conftest import TODAY
from tests.content_files import SOUND, UK
from tests.identity.accounts_factory import a_person
from tests.mail_servers import MailServer, settings_that_mail

assert mail_services  # it defines the job that sends
MONDAY = datetime(2027, 3, 15, 8, 10, tzinfo=UTC)
"""The helpline of the sound folder is due on 1 April 2027."""


@pytest.fixture
def settings(database_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(database_url, tmp_path, postbox, "desk@network.example")


@pytest.fixture
def told(database: Database) -> Database:
    """The sound folder in force, two coordinators, and others who get no mail."""
    with database.writing() as session:
        seed_from_release(session, SOUND, TODAY)
        for name in ("ann", "ben"):
            a_person(session, f"{name}@desk.example", desk="coordinator")
        a_person(session, "gone@desk.example", desk="coordinator").disabled_at = TODAY
        a_person(session, "new@desk.example", desk="coordinator", confirmed=False)
        a_person(session, "admin@desk.example", desk="administrator")
        a_person(session, "farm@people.example")
    return database


def test_each_coordinator_gets_one_mail_a_week_while_something_is_due(
    told: Database, settings: Settings, postbox: MailServer
) -> None:
    assert send_recheck_emails(told, settings, TODAY) == 0, "nothing is due"
    assert send_recheck_emails(told, settings, MONDAY) == 2
    assert send_recheck_emails(told, settings, MONDAY + timedelta(days=1)) == 0
    run_due_jobs(told, settings, lambda: MONDAY)
    assert {mail["To"] for mail in postbox.mails} == {"ann@desk.example", "ben@desk.example"}
    assert "1 April 2027: Contact, The helpline" in postbox.bodies()[0]
    assert f"{settings.base_url}/question-banks/due-for-checking" in postbox.bodies()[0]
    assert send_recheck_emails(told, settings, MONDAY + timedelta(days=7)) == 2


def test_an_urgent_fix_nobody_reviewed_is_in_the_email_after_seven_days(
    told: Database, settings: Settings, postbox: MailServer
) -> None:
    with told.writing() as session:
        number = find_fix_target(files_in_force(session), f"{UK}:duties:payslips:url", TODAY.date())
        assert number
        make_fix(session, number, "https://example.org/other", "x", a_person(session, "eve@desk.example").id, TODAY)
    assert send_recheck_emails(told, settings, TODAY + timedelta(days=6)) == 0
    assert send_recheck_emails(told, settings, TODAY + timedelta(days=8)) == 2
    run_due_jobs(told, settings, lambda: TODAY + timedelta(days=8))
    assert "the link of “" in postbox.bodies()[0]


def test_without_a_mail_server_nothing_is_written(told: Database, tmp_path: Path) -> None:
    assert send_recheck_emails(told, Settings(env="development", data_folder=tmp_path), MONDAY) == 0


def test_the_worker_sends_recheck_emails_each_morning() -> None:
    load_jobs()
    assert str({table.name: table.at for table in all_schedules()}["tell_reviews"]) == "08:10:00"

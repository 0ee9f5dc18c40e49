"""One mail a week to each coordinator while something is due, over a real mail server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assess import load_jobs
from assess.banks.shelves import plant
from assess.editor.diary.weekly import tell_all
from assess.editor.mending.keeping import mend, shelf_in_force
from assess.editor.mending.targets import target
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.registry import timetables
from assess.kit.jobs.running import run_waiting
from assess.kit.mail import sending
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.postboxes import Postbox, settings_that_mail
from tests.shelves import SOUND, UK

assert sending  # it defines the job that sends
MONDAY = datetime(2027, 3, 15, 8, 10, tzinfo=UTC)
"""The helpline of the sound folder is due on 1 April 2027."""


@pytest.fixture
def settings(database_url: str, tmp_path: Path, postbox: Postbox) -> Settings:
    return settings_that_mail(database_url, tmp_path, postbox, "desk@network.example")


@pytest.fixture
def told(database: Database) -> Database:
    """The sound folder in force, two coordinators, and others who get no mail."""
    with database.writing() as session:
        plant(session, SOUND, TODAY)
        for name in ("ann", "ben"):
            a_person(session, f"{name}@desk.example", desk="coordinator")
        a_person(session, "gone@desk.example", desk="coordinator").disabled_at = TODAY
        a_person(session, "new@desk.example", desk="coordinator", confirmed=False)
        a_person(session, "admin@desk.example", desk="administrator")
        a_person(session, "farm@people.example")
    return database


def test_each_coordinator_gets_one_mail_a_week_while_something_is_due(
    told: Database, settings: Settings, postbox: Postbox
) -> None:
    assert tell_all(told, settings, TODAY) == 0, "nothing is due"
    assert tell_all(told, settings, MONDAY) == 2
    assert tell_all(told, settings, MONDAY + timedelta(days=1)) == 0
    run_waiting(told, settings, lambda: MONDAY)
    assert {mail["To"] for mail in postbox.mails} == {"ann@desk.example", "ben@desk.example"}
    assert "1 April 2027: Whom to call, The helpline" in postbox.bodies()[0]
    assert f"{settings.base_url}/banks/diary" in postbox.bodies()[0]
    assert tell_all(told, settings, MONDAY + timedelta(days=7)) == 2


def test_a_mend_nobody_looked_at_is_told_after_seven_days(told: Database, settings: Settings, postbox: Postbox) -> None:
    with told.writing() as session:
        number = target(shelf_in_force(session), f"{UK}:duties:payslips:url", TODAY.date())
        assert number
        mend(session, number, "https://example.org/other", "x", a_person(session, "eve@desk.example").id, TODAY)
    assert tell_all(told, settings, TODAY + timedelta(days=6)) == 0
    assert tell_all(told, settings, TODAY + timedelta(days=8)) == 2
    run_waiting(told, settings, lambda: TODAY + timedelta(days=8))
    assert "the link of “" in postbox.bodies()[0]


def test_without_a_mail_server_nothing_is_written(told: Database, tmp_path: Path) -> None:
    assert tell_all(told, Settings(env="development", data_folder=tmp_path), MONDAY) == 0


def test_the_worker_looks_each_morning() -> None:
    load_jobs()
    assert str({table.name: table.at for table in timetables()}["tell_reviews"]) == "08:10:00"

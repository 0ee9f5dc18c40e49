from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess import load_jobs
from assess.assessments.answering import start
from assess.assessments.models import Assessment
from assess.assessments.tidying import tidy
from assess.banks.models import Edition
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.registry import kind_of, timetables
from assess.kit.jobs.running import run_waiting
from assess.kit.jobs.ticking import tick
from assess.kit.limits import RateCounter

pytestmark = pytest.mark.both_databases


@pytest.fixture
def stored(app: Flask) -> Database:
    found: Database = app.extensions["assess.database"]
    return found


def number_of(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_worker_tidies_up_each_day(stored: Database, settings: Settings, now: datetime) -> None:
    load_jobs()
    tidying = [table for table in timetables() if table.name == "tidy"]
    assert tidying
    with stored.writing() as session:
        start(session, session.scalars(select(Edition.id)).first() or 0, quick=False, now=now)
        session.add(RateCounter(key="x", count=1, until=now))
    later = now + timedelta(days=30.5 * 19)
    for moment, left in ((now, 1), (later, 0)):
        with stored.writing() as session:
            tick(session, tidying, moment)  # what else is due each day is not its business
        assert run_waiting(stored, settings, lambda moment=moment: moment) == 1
        assert number_of(stored, Assessment) == left
    assert number_of(stored, RateCounter) == 0
    assert kind_of("tidy").seconds > 0


def test_what_was_removed_is_logged_as_a_number(
    stored: Database, settings: Settings, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    with stored.writing() as session:
        start(session, session.scalars(select(Edition.id)).first() or 0, quick=False, now=now)
    with stored.writing() as session:
        tidy(session, now, settings)
    assert capsys.readouterr().out == ""
    with stored.writing() as session:
        tidy(session, now + timedelta(days=600), settings)
    assert '"event": "outdated_removed", "number": 1' in capsys.readouterr().out

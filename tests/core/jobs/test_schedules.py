from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.services import all_schedules
from assess.core.jobs.worker import enqueue_due, mark_worker_alive, run_due_jobs, worker_seen_at
from assess.core.models import Job
from tests.core.jobs.job_types import job

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def tidy() -> None:
    job("tidy", at="03:15")(lambda _work: None)


def enqueue_all_due(session: Session, now: datetime) -> list[int]:
    return enqueue_due(session, all_schedules(), now)


def test_each_day_once_and_a_missed_one_is_made_up_for(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    ordered = []
    for hours in (0, 1, 17, 18, 24, 24 * 6):
        moment = now + timedelta(hours=hours)
        with database.writing() as session:
            ordered.append(len(enqueue_all_due(session, moment)))
        run_due_jobs(database, plain_settings, lambda now=moment: now)
    assert ordered == [1, 0, 0, 1, 0, 1]


def test_while_one_still_waits_no_second_is_ordered(session: Session, now: datetime) -> None:
    first = enqueue_all_due(session, now)
    assert enqueue_all_due(session, now + timedelta(days=1)) == first
    assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_many_who_look_at_the_clock_at_once_order_once(database: Database, now: datetime) -> None:
    gate = threading.Barrier(5)
    ordered: list[int] = []

    def look() -> None:
        gate.wait()
        with database.writing() as session:
            ordered.extend(enqueue_all_due(session, now))

    threads = [threading.Thread(target=look) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ordered) == 1


def test_clocks_that_differ_a_little_order_one_time_once(session: Session, now: datetime) -> None:
    three_fifteen = now.replace(hour=3, minute=15)
    enqueue_all_due(session, three_fifteen)
    session.query(Job).delete()
    assert enqueue_all_due(session, three_fifteen - timedelta(minutes=5)) == []


def test_a_clock_that_was_set_back_for_long_keeps_nothing_from_being_ordered(session: Session, now: datetime) -> None:
    mark_worker_alive(session, now)
    enqueue_all_due(session, now)
    session.query(Job).delete()
    before = now - timedelta(days=300)
    assert [len(enqueue_all_due(session, before)) for _ in range(2)] == [1, 0], "and once it was, all is as ever"
    assert session.scalar(select(func.count()).select_from(Job)) == 1
    mark_worker_alive(session, before)
    assert worker_seen_at(session) == before


def test_a_sign_of_life_is_the_latest_of_any_worker(session: Session, now: datetime) -> None:
    assert worker_seen_at(session) is None
    for moment in (now, now + timedelta(seconds=9), now):
        mark_worker_alive(session, moment)
    assert worker_seen_at(session) == now + timedelta(seconds=9)

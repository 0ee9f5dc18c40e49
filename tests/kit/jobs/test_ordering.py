from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.models import Job
from assess.kit.jobs.ordering import defer, latest_with_key, status_of
from assess.kit.jobs.registry import Work
from assess.kit.jobs.running import run_waiting
from tests.kit.jobs.jobs_of_a_test import job

pytestmark = pytest.mark.both_databases


def test_what_was_ordered_in_a_transaction_that_was_undone_never_runs(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    ran: list[int] = []
    job("note")(lambda _work, *, number: ran.append(number))
    with database.new_session(writes=True) as session:
        defer(session, "note", now=now, number=1)
        session.rollback()
    with database.writing() as session:
        defer(session, "note", now=now, number=2)
    assert run_waiting(database, plain_settings, lambda: now) == 1
    assert ran == [2]


def test_the_same_key_twice_is_one_job_until_that_has_ended(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    job("note")(lambda _work: None)
    with database.writing() as session:
        first = defer(session, "note", key="n:1", now=now)
        assert defer(session, "note", key="n:1", now=now) == first
        assert defer(session, "note", key="n:2", now=now) != first
    run_waiting(database, plain_settings, lambda: now)
    with database.writing() as session:
        again = defer(session, "note", key="n:1", now=now)
        assert again != first
        newest = latest_with_key(session, "n:1")
        assert newest is not None
        assert (newest.id, newest.state) == (again, "waiting")
        assert latest_with_key(session, "n:9") is None


def test_two_who_order_the_same_at_once_get_the_same_job(database: Database, now: datetime) -> None:
    gate = threading.Barrier(6)
    found: list[int] = []

    def order() -> None:
        gate.wait()
        with database.writing() as session:
            found.append(defer(session, "note", key="one", now=now))

    threads = [threading.Thread(target=order) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_after_a_while_means_not_before(database: Database, plain_settings: Settings, now: datetime) -> None:
    job("note")(lambda _work: None)
    with database.writing() as session:
        defer(session, "note", after=timedelta(hours=1), now=now)
    assert run_waiting(database, plain_settings, lambda: now + timedelta(minutes=59)) == 0
    assert run_waiting(database, plain_settings, lambda: now + timedelta(minutes=60)) == 1


@pytest.mark.parametrize("value", [{"name": "x"}, ["x"], 1.5, "x" * 101])
def test_a_job_gets_ids_and_no_words(session: Session, now: datetime, value: object) -> None:
    with pytest.raises(ValueError, match="reads the rest itself"):
        defer(session, "note", now=now, what=value)  # type: ignore[arg-type]


def test_the_status_tells_how_far_a_job_is(database: Database, plain_settings: Settings, now: datetime) -> None:
    seen: list[tuple[str, int, int, int]] = []

    @job("count")
    def count(work: Work, *, to: int) -> None:
        for step in range(1, to + 1):
            work.progress(step, to)
            with database.reading() as other:
                status = status_of(other, made)
                assert status is not None
                seen.append((status.state, status.done, status.total, status.attempts))

    with database.writing() as session:
        made = defer(session, "count", now=now, to=2)
    with database.reading() as session:
        waiting = status_of(session, made)
        assert waiting is not None
        assert (waiting.state, waiting.done, waiting.attempts) == ("waiting", 0, 0)
        assert status_of(session, made + 99) is None
    run_waiting(database, plain_settings, lambda: now)
    assert seen == [("running", 1, 2, 1), ("running", 2, 2, 1)]
    with database.reading() as session:
        ended = status_of(session, made)
        assert ended is not None
        assert (ended.state, ended.ended_at) == ("done", now)

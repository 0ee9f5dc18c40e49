from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.procrastinate_engine import LATEST_SCHEMA, attempt_job, defer_missing_jobs
from assess.core.jobs.services import ORDER_LONG, ORDER_SHORT, enqueue, job_status
from assess.core.jobs.worker import Heartbeat, Worker
from assess.core.models import Job, JobState
from tests.core.jobs.job_types import job


@pytest.fixture
def shift(database: Database, plain_settings: Settings, now: datetime) -> Worker:
    job("note")(lambda _work: None)
    return Worker.begin(database, plain_settings, lambda: now)


def theirs(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_library_knows_no_table_of_which_our_revisions_do_not(backend: str) -> None:
    """After an update of the library: a revision of ours has to apply what came after, then the constant moves on."""
    assert backend
    changes = sorted(path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    assert changes[-1] == LATEST_SCHEMA


@pytest.mark.parametrize("backend", ["postgresql"])
def test_both_rows_come_with_the_transaction_or_not_at_all(database: Database, now: datetime) -> None:
    with database.new_session(writes=True) as session:
        enqueue(session, "note", now=now)
        session.rollback()
    assert theirs(database) == 0
    with database.writing() as session:
        enqueue(session, "note", now=now)
    assert theirs(database) == 1


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_job_that_is_handed_out_twice_is_begun_once(shift: Worker, now: datetime) -> None:
    with shift.database.writing() as session:
        made = enqueue(session, "note", now=now)
    watch = Heartbeat(shift)
    assert attempt_job(shift, watch, made) is None
    assert attempt_job(shift, watch, made) is None
    with shift.database.reading() as session:
        status = job_status(session, made)
    assert status is not None
    assert (status.state, status.attempts) == ("done", 1)
    assert attempt_job(shift, watch, made + 99) is None


@pytest.mark.parametrize("backend", ["postgresql"])
def test_what_is_not_due_or_in_other_hands_is_asked_for_again(shift: Worker, now: datetime) -> None:
    with shift.database.writing() as session:
        made = enqueue(session, "note", after=timedelta(minutes=1), now=now)
    assert attempt_job(shift, Heartbeat(shift), made) == now + timedelta(minutes=1)
    lease = now + timedelta(seconds=3)
    with shift.database.writing() as session:
        session.execute(update(Job).values(state="running", owner="another", lease_until=lease))
    assert attempt_job(shift, Heartbeat(shift), made) == lease


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_library_hands_out_by_rank_too(database: Database, now: datetime) -> None:
    with database.writing() as session:
        jobs = [enqueue(session, "note", rank=rank, now=now - timedelta(hours=1)) for rank in (ORDER_LONG, ORDER_SHORT)]
        session.execute(text("DELETE FROM procrastinate_jobs"))
        defer_missing_jobs(session, now)
        jobs += [enqueue(session, "note", rank=rank, now=now) for rank in (ORDER_LONG, ORDER_SHORT)]
    in_turn = text("SELECT args ->> 'job_id' FROM procrastinate_jobs ORDER BY priority DESC, id")
    with database.reading() as session:
        assert [int(job) for job in session.scalars(in_turn)] == [jobs[1], jobs[3], jobs[0], jobs[2]]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_jobs_the_library_knows_nothing_of_are_handed_over(database: Database, now: datetime) -> None:
    long_ago = now - timedelta(days=300)
    with database.writing() as session:
        enqueue(session, "note", now=long_ago)
        session.execute(text("DELETE FROM procrastinate_jobs"))
        enqueue(session, "note", now=long_ago)
    with database.writing() as session:
        assert defer_missing_jobs(session, now) == 1
    with database.writing() as session:
        assert defer_missing_jobs(session, now) == 0
    assert theirs(database) == 2


TO_BE_TRIED_AGAIN = "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '40 days'"
ITS_WORKER_DIED = """
    WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '40 days') RETURNING id)
    UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead
"""


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize(
    ("left_by_the_other_time", "ours"),
    [
        (TO_BE_TRIED_AGAIN, {"attempts": 1}),
        (ITS_WORKER_DIED, {"state": "running", "owner": "dead", "attempts": 1}),
    ],
    ids=["to be tried again", "its worker died"],
)
def test_a_clock_that_was_set_back_holds_nothing_up(
    shift: Worker, now: datetime, left_by_the_other_time: str, ours: dict[str, object]
) -> None:
    before = now + timedelta(days=40)
    with shift.database.writing() as session:
        made = enqueue(session, "note", now=before)
        session.execute(text(left_by_the_other_time))
        session.execute(update(Job).values(due_at=before, lease_until=before, **ours))
    with shift.database.writing() as session:
        assert defer_missing_jobs(session, now) == 1
    with shift.database.writing() as session:
        assert defer_missing_jobs(session, now) == 0, "once is enough"
    assert attempt_job(shift, Heartbeat(shift), made) is None
    with shift.database.reading() as session:
        found = job_status(session, made)
    assert found is not None
    assert (found.state, found.attempts) == ("done", 2)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_what_the_library_looks_after_is_left_to_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        enqueue(session, "note", now=now - timedelta(hours=1))
        enqueue(session, "note", after=timedelta(days=1), now=now)
        alive = text("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        doing = text(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = :alive WHERE args ->> 'job_id' = :job"
        )
        overdue = enqueue(session, "note", now=now - timedelta(hours=1))
        session.execute(doing, {"alive": session.scalar(alive), "job": str(overdue)})
        assert defer_missing_jobs(session, now) == 0


@pytest.mark.parametrize("backend", ["postgresql"])
def test_where_a_job_goes_nothing_of_it_is_left_with_the_library(database: Database, now: datetime) -> None:
    with database.writing() as session:
        gone = [enqueue(session, "note", after=after, now=now) for after in (None, timedelta(days=1))]
        stays = enqueue(session, "note", now=now)
        session.execute(delete(Job).where(Job.id.in_(gone)))
    with database.reading() as session:
        assert session.scalars(text("SELECT args ->> 'job_id' FROM procrastinate_jobs")).all() == [str(stays)]


def a_job(now: datetime, **values: object) -> Job:
    return Job(name="note", arguments={}, due_at=now, made_at=now, **{"state": JobState.WAITING} | values)


@pytest.mark.both_databases
def test_a_key_is_unique_only_while_its_job_lives(session: Session, now: datetime) -> None:
    session.add_all([a_job(now, key="k", state=state) for state in (JobState.DONE, JobState.FAILED, JobState.DONE)])
    session.add_all([a_job(now, key=None), a_job(now, key=None), a_job(now, key="k", state=JobState.RUNNING)])
    session.flush()
    session.add(a_job(now, key="k"))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.both_databases
def test_a_state_nobody_knows_is_refused(session: Session, now: datetime) -> None:
    session.add(a_job(now))
    session.flush()
    with pytest.raises(IntegrityError):
        session.connection().exec_driver_sql("UPDATE job SET state = 'asleep'")

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.services import (
    DuplicateJobError,
    JobContext,
    NoSuchJobError,
    Schedule,
    UnknownJobError,
    all_schedules,
    define_job,
    delete_failed_job,
    delete_old_done_jobs,
    enqueue,
    failure_reason,
    get_job_type,
    install_jobs,
    latest_job_with_key,
    retry_job,
    unfinished_jobs,
)
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import Job, JobState
from tests.core.jobs.job_types import job


def a_job(session: Session, now: datetime, **values: object) -> int:
    row = Job(name="note", arguments={}, due_at=now, made_at=now, **values)
    session.add(row)
    session.flush()
    return row.id


@pytest.mark.both_databases
def test_what_was_set_aside_runs_again_when_a_person_says_so(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    broken = [True]

    @job("note", attempts=1)
    def note(_work: JobContext) -> None:
        if broken:
            raise ZeroDivisionError

    with database.writing() as session:
        made = enqueue(session, "note", key="n", now=now)
    run_due_jobs(database, plain_settings, lambda: now)
    broken.clear()
    with database.writing() as session:
        (row,) = unfinished_jobs(session)
        assert row.state is JobState.FAILED
        assert failure_reason(row).startswith("it raised ZeroDivisionError (test_services.py:")
        retry_job(session, made, now)
    assert run_due_jobs(database, plain_settings, lambda: now) == 1
    with database.reading() as session:
        status = session.get(Job, made, populate_existing=True)
    assert status is not None
    assert (status.state, status.attempts) == ("done", 1)


@pytest.mark.both_databases
def test_a_retry_does_not_double_what_is_under_way(session: Session, now: datetime) -> None:
    old = a_job(session, now, key="n", state=JobState.FAILED)
    enqueue(session, "note", key="n", now=now)
    with pytest.raises(DuplicateJobError):
        retry_job(session, old, now)


@pytest.mark.both_databases
@pytest.mark.parametrize("state", [JobState.WAITING, JobState.RUNNING, JobState.DONE])
def test_only_what_was_set_aside_is_decided_over(session: Session, now: datetime, state: JobState) -> None:
    made = a_job(session, now, state=state)
    for number in (made, made + 99):
        with pytest.raises(NoSuchJobError):
            retry_job(session, number, now)
        with pytest.raises(NoSuchJobError):
            delete_failed_job(session, number)


@pytest.mark.both_databases
def test_what_is_forgotten_is_gone(session: Session, now: datetime) -> None:
    delete_failed_job(session, a_job(session, now, state=JobState.FAILED))
    assert unfinished_jobs(session) == []


@pytest.mark.both_databases
def test_rows_of_done_jobs_go_after_a_week_and_no_others(session: Session, now: datetime) -> None:
    long_ago = now - timedelta(days=8)
    kept = [a_job(session, now, state=JobState.DONE, ended_at=now - timedelta(days=6))]
    kept += [a_job(session, now, state=JobState.FAILED, ended_at=long_ago), a_job(session, now, state="waiting")]
    gone = a_job(session, now, state=JobState.DONE, ended_at=long_ago)
    delete_old_done_jobs(session, now)
    assert session.get(Job, gone, populate_existing=True) is None
    assert all(session.get(Job, one, populate_existing=True) for one in kept)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("error", "place", "said"),
    [
        (None, None, ""),
        ("WorkerDied", None, "its worker died each time"),
        ("TookTooLong", "", "it took longer than it may"),
        ("UnknownJobError", None, "this release does not know such a job"),
        ("KeyError", "a.py:1 b", "it raised KeyError (a.py:1 b)"),
    ],
)
def test_reasons_are_said_in_words(error: str | None, place: str | None, said: str) -> None:
    assert failure_reason(Job(error=error, place=place)) == said


@pytest.mark.both_databases
def test_what_was_ordered_in_a_transaction_that_was_undone_never_runs(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    ran: list[int] = []
    job("note")(lambda _work, *, number: ran.append(number))
    with database.new_session(writes=True) as session:
        enqueue(session, "note", now=now, number=1)
        session.rollback()
    with database.writing() as session:
        enqueue(session, "note", now=now, number=2)
    assert run_due_jobs(database, plain_settings, lambda: now) == 1
    assert ran == [2]


@pytest.mark.both_databases
def test_the_same_key_twice_is_one_job_until_that_has_ended(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    job("note")(lambda _work: None)
    with database.writing() as session:
        first = enqueue(session, "note", key="n:1", now=now)
        assert enqueue(session, "note", key="n:1", now=now) == first
        assert enqueue(session, "note", key="n:2", now=now) != first
    run_due_jobs(database, plain_settings, lambda: now)
    with database.writing() as session:
        again = enqueue(session, "note", key="n:1", now=now)
        assert again != first
        newest = latest_job_with_key(session, "n:1")
        assert newest is not None
        assert (newest.id, newest.state) == (again, "waiting")
        assert latest_job_with_key(session, "n:9") is None


@pytest.mark.both_databases
def test_two_who_order_the_same_at_once_get_the_same_job(database: Database, now: datetime) -> None:
    gate = threading.Barrier(6)
    found: list[int] = []

    def order() -> None:
        gate.wait()
        with database.writing() as session:
            found.append(enqueue(session, "note", key="one", now=now))

    threads = [threading.Thread(target=order) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1


@pytest.mark.both_databases
def test_after_a_while_means_not_before(database: Database, plain_settings: Settings, now: datetime) -> None:
    job("note")(lambda _work: None)
    with database.writing() as session:
        enqueue(session, "note", after=timedelta(hours=1), now=now)
    assert run_due_jobs(database, plain_settings, lambda: now + timedelta(minutes=59)) == 0
    assert run_due_jobs(database, plain_settings, lambda: now + timedelta(minutes=60)) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("value", [{"name": "x"}, ["x"], 1.5, "x" * 101])
def test_a_job_gets_ids_and_no_words(session: Session, now: datetime, value: object) -> None:
    with pytest.raises(ValueError, match="reads the rest itself"):
        enqueue(session, "note", now=now, what=value)  # type: ignore[arg-type]


@pytest.mark.both_databases
def test_the_status_tells_how_far_a_job_is(database: Database, plain_settings: Settings, now: datetime) -> None:
    seen: list[tuple[str, int, int, int]] = []

    @job("count")
    def count(work: JobContext, *, to: int) -> None:
        for step in range(1, to + 1):
            work.progress(step, to)
            with database.reading() as other:
                status = other.get(Job, made, populate_existing=True)
                assert status is not None
                seen.append((status.state, status.done, status.total, status.attempts))

    with database.writing() as session:
        made = enqueue(session, "count", now=now, to=2)
    with database.reading() as session:
        waiting = session.get(Job, made, populate_existing=True)
        assert waiting is not None
        assert (waiting.state, waiting.done, waiting.attempts) == ("waiting", 0, 0)
        assert session.get(Job, made + 99, populate_existing=True) is None
    run_due_jobs(database, plain_settings, lambda: now)
    assert seen == [("running", 1, 2, 1), ("running", 2, 2, 1)]
    with database.reading() as session:
        ended = session.get(Job, made, populate_existing=True)
        assert ended is not None
        assert (ended.state, ended.ended_at) == ("done", now)


def nothing(_work: object) -> None: ...


def test_a_job_is_known_by_its_name_with_its_limits() -> None:
    install_jobs([define_job("print", nothing, seconds=5, attempts=2)])
    kind = get_job_type("print")
    assert (kind.run, kind.seconds, kind.attempts, kind.timetable) == (nothing, 5, 2, None)
    with pytest.raises(UnknownJobError):
        get_job_type("sing")


def test_a_name_is_given_once_and_a_new_list_takes_the_place_of_the_old_one() -> None:
    with pytest.raises(ValueError, match="Two jobs are called print"):
        install_jobs([define_job("print", nothing), define_job("print", nothing)])
    install_jobs([define_job("print", nothing)])
    install_jobs([define_job("sing", nothing)])
    with pytest.raises(UnknownJobError):
        get_job_type("print")


def test_a_job_that_is_due_by_itself_has_a_time_of_day_or_a_span() -> None:
    install_jobs(
        [
            define_job("tidy", nothing, at="03:15", attempts=1),
            define_job("look", nothing, every=timedelta(minutes=5)),
            define_job("x", nothing),
        ]
    )
    assert get_job_type("tidy").attempts == 1
    assert [table.name for table in all_schedules()] == ["look", "tidy"]
    with pytest.raises(ValueError, match="not both"):
        define_job("more", nothing, at="03:15", every=timedelta(hours=1))


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 11, 24, 3, 14, tzinfo=UTC), datetime(2026, 11, 23, 3, 15, tzinfo=UTC)),
        (datetime(2026, 11, 24, 3, 15, tzinfo=UTC), datetime(2026, 11, 24, 3, 15, tzinfo=UTC)),
        (datetime(2026, 7, 1, 2, 20, tzinfo=UTC), datetime(2026, 7, 1, 2, 15, tzinfo=UTC)),  # summer time
        (datetime(2026, 3, 29, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 2, 15, tzinfo=UTC)),  # the clocks go on
        (datetime(2026, 10, 25, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 3, 15, tzinfo=UTC)),  # and back
    ],
)
def test_a_time_of_day_is_the_one_people_here_have(moment: datetime, due: datetime) -> None:
    assert Schedule("tidy", at=time(3, 15)).last_due(moment) == due


def test_a_span_begins_at_the_same_moments_for_everybody() -> None:
    table = Schedule("look", every=timedelta(minutes=5))
    assert table.last_due(datetime(2026, 11, 24, 9, 34, 59, tzinfo=UTC)) == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert table.last_due(datetime(2026, 11, 24, 9, 35, tzinfo=UTC)) == datetime(2026, 11, 24, 9, 35, tzinfo=UTC)

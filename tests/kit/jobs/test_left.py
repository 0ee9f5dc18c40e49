from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.left import (
    KeyTakenError,
    NoSuchJobError,
    forget,
    forget_done,
    left_to_do,
    number_set_aside,
    reason_of,
    try_again,
)
from assess.kit.jobs.models import Job, JobState
from assess.kit.jobs.ordering import defer, status_of
from assess.kit.jobs.registry import Work
from assess.kit.jobs.running import run_waiting
from tests.kit.jobs.jobs_of_a_test import job

pytestmark = pytest.mark.both_databases


def a_job(session: Session, now: datetime, **values: object) -> int:
    row = Job(name="note", arguments={}, due_at=now, made_at=now, **values)
    session.add(row)
    session.flush()
    return row.id


def test_what_was_set_aside_runs_again_when_a_person_says_so(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    broken = [True]

    @job("note", attempts=1)
    def note(_work: Work) -> None:
        if broken:
            raise ZeroDivisionError

    with database.writing() as session:
        made = defer(session, "note", key="n", now=now)
    run_waiting(database, plain_settings, lambda: now)
    broken.clear()
    with database.writing() as session:
        assert number_set_aside(session) == 1
        (row,) = left_to_do(session)
        assert reason_of(row).startswith("it raised ZeroDivisionError (test_left.py:")
        try_again(session, made, now)
    assert run_waiting(database, plain_settings, lambda: now) == 1
    with database.reading() as session:
        status = status_of(session, made)
    assert status is not None
    assert (status.state, status.attempts) == ("done", 1)


def test_a_retry_does_not_double_what_is_under_way(session: Session, now: datetime) -> None:
    old = a_job(session, now, key="n", state=JobState.SET_ASIDE)
    defer(session, "note", key="n", now=now)
    with pytest.raises(KeyTakenError):
        try_again(session, old, now)


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.RUNNING, JobState.DONE])
def test_only_what_was_set_aside_is_decided_over(session: Session, now: datetime, state: JobState) -> None:
    made = a_job(session, now, state=state)
    for number in (made, made + 99):
        with pytest.raises(NoSuchJobError):
            try_again(session, number, now)
        with pytest.raises(NoSuchJobError):
            forget(session, number)


def test_what_is_forgotten_is_gone(session: Session, now: datetime) -> None:
    forget(session, a_job(session, now, state=JobState.SET_ASIDE))
    assert left_to_do(session) == []


def test_rows_of_done_jobs_go_after_a_week_and_no_others(session: Session, now: datetime) -> None:
    long_ago = now - timedelta(days=8)
    kept = [a_job(session, now, state=JobState.DONE, ended_at=now - timedelta(days=6))]
    kept += [a_job(session, now, state=JobState.SET_ASIDE, ended_at=long_ago), a_job(session, now, state="waiting")]
    gone = a_job(session, now, state=JobState.DONE, ended_at=long_ago)
    forget_done(session, now)
    assert status_of(session, gone) is None
    assert all(status_of(session, one) for one in kept)


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
    assert reason_of(Job(error=error, place=place)) == said

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from assess.cli.jobs import command
from assess.kit.db import Database
from assess.kit.jobs.models import Job, JobState
from assess.kit.jobs.ordering import defer, status_of
from assess.kit.jobs.ticking import note_sign_of_life

pytestmark = pytest.mark.both_databases


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in list(os.environ):
        if name.startswith("ASSESS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSESS_ENV", "development")
    monkeypatch.setenv("ASSESS_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(command, words)


def poison(database: Database, now: datetime, **values: object) -> int:
    row = Job(
        name="print_copy",
        arguments={"submission_id": 7},
        state=JobState.SET_ASIDE,
        attempts=3,
        error="KeyError",
        place="press.py:9 press",
        due_at=now,
        made_at=now,
        **values,
    )
    with database.writing() as session:
        session.add(row)
    return row.id


def test_what_waits_runs_and_was_set_aside_is_listed_in_words(
    database: Database, run: Callable[..., Result], now: datetime
) -> None:
    assert run().output == "Nothing waits, nothing runs, nothing was set aside.\nNo worker was seen yet.\n"
    made = poison(database, now)
    with database.writing() as session:
        waiting = defer(session, "tidy", after=timedelta(hours=1), now=now)
        session.add(
            Job(name="x", arguments={}, state=JobState.RUNNING, attempts=1, done=2, total=5, due_at=now, made_at=now)
        )
        session.add(Job(name="over", arguments={}, state=JobState.DONE, due_at=now, made_at=now))
        note_sign_of_life(session, now)
    lines = run().output.splitlines()
    assert lines[0].split() == (
        f"{made} set aside print_copy, submission_id=7, begun 3 times: it raised KeyError (press.py:9 press)".split()
    )
    assert lines[1].split() == f"{waiting} waits tidy, due 24 November at 10:30:00".split()
    assert lines[2].endswith("runs       x, 2 of 5")
    assert lines[3:] == ["A worker was last seen 24 November 2026 at 09:30:00."]


def test_a_person_lets_a_job_try_again_or_forgets_it(
    database: Database, run: Callable[..., Result], now: datetime
) -> None:
    one, two = poison(database, now), poison(database, now)
    assert run("retry", str(one)).output == f"Job {one} waits again.\n"
    assert run("forget", str(two)).output == f"Job {two} is forgotten.\n"
    with database.reading() as session:
        status = status_of(session, one)
        assert status is not None
        assert (status.state, status.attempts) == ("waiting", 0)
        assert status_of(session, two) is None


def test_what_cannot_be_done_is_said_in_a_sentence(
    database: Database, run: Callable[..., Result], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = poison(database, now, key="k")
    with database.writing() as session:
        live = defer(session, "print_copy", key="k", now=now)
    for words, said in (
        (("retry", str(live)), f"No job {live} was set aside."),
        (("forget", "999"), "No job 999 was set aside."),
        (("retry", str(old)), "Forget this one."),
    ):
        result = run(*words)
        assert (result.exit_code, said in result.output) == (1, True)
    monkeypatch.setenv("ASSESS_ENV", "x")
    assert "The settings do not hold together." in run().output

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assess.cli.operations import audit_command, jobs_command
from assess.core.audit.verify import write_anchor
from assess.core.clock import system_clock
from assess.core.db import Database
from assess.core.jobs.services import enqueue
from assess.core.jobs.worker import mark_worker_alive
from assess.core.models import Job, JobState
from tests.core.audit.audit_log import KEYS, SECRET, fill, tamper

pytestmark = pytest.mark.both_databases

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in list(os.environ):
        if name.startswith("ASSESS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSESS_ENV", "development")
    monkeypatch.setenv("ASSESS_SECRET_KEY", SECRET)
    monkeypatch.setenv("ASSESS_DATABASE_URL", database_url)
    monkeypatch.setenv("ASSESS_DATA_FOLDER", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(audit_command, words)


def test_a_whole_log_is_said_to_be_whole_and_a_cut_one_is_not(database: Database, run: Run, tmp_path: Path) -> None:
    fill(database, system_clock())
    first = run("verify")
    assert (first.exit_code, first.output.splitlines()[0]) == (0, "The audit log is whole: 6 events, 0 anchors.")
    assert "There is no anchor yet" in first.output
    assert run("anchor").output.splitlines()[-1].startswith("Anchor 1: event 6, ")
    assert run("verify").output == "The audit log is whole: 6 events, 1 anchors.\n"
    kept = tmp_path / "kept"
    kept.write_text((tmp_path / "data" / "audit-anchors.txt").read_text())
    (tmp_path / "data" / "audit-anchors.txt").unlink()
    tamper(database, "DELETE FROM audit_event WHERE number > 4")
    assert run("verify").exit_code == 0, "without an anchor a cut tail cannot be seen"
    found = run("verify", "--anchor", str(kept))
    assert (found.exit_code, "Event 5 is missing" in found.output) == (1, True)


def test_the_first_bad_event_is_named_and_nothing_else_is_told(
    database: Database, run: Run, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, now)
    tamper(database, "UPDATE audit_event SET action = 'canary' WHERE number = 2")
    found = run("verify")
    assert (found.exit_code, found.output) == (1, "Error: The audit log is not whole. Event 2 was changed.\n")
    monkeypatch.setenv("ASSESS_ENV", "x")
    assert "The settings do not hold together." in run("verify").output


def test_a_known_gap_is_named_by_its_line_and_day_and_said(database: Database, run: Run, tmp_path: Path) -> None:
    now, file = system_clock(), tmp_path / "data" / "audit-anchors.txt"
    for days in (5, 0):
        fill(database, now - timedelta(days=days), 1)
        with database.reading() as session:
            write_anchor(session, KEYS, file, now - timedelta(days=days))
    day = now.astimezone(UTC).date()
    assert run("verify").exit_code == 1
    assert run("verify", "--known-gap", f"2:{day - timedelta(days=1)}").exit_code == 1
    assert run("verify", "--known-gap", "2").exit_code == 2
    told = run("verify", "--known-gap", f"2:{day}")
    assert (told.exit_code, "Known gap before line 2: no anchor from " in told.output) == (0, True)
    assert f"to {day:%d %B %Y}." in told.output


def test_a_file_of_anchors_with_a_bad_line_is_named(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("canary\n")
    found = run("verify", "--anchor", str(bad))
    assert (found.exit_code, "Line 1 of the anchors is no anchor." in found.output) == (1, True)
    assert run("verify", "--anchor", str(tmp_path / "nowhere")).exit_code == 2
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "audit-anchors.txt").write_text("canary\n")
    assert run("anchor").exit_code == 1
    assert KEYS.name not in found.output


def test_before_the_first_start_there_is_no_log_to_look_through(
    empty_url: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSESS_DATABASE_URL", empty_url)
    found = run("verify")
    assert (found.exit_code, "no audit log yet" in found.output) == (1, True)


@pytest.fixture
def run_jobs(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in list(os.environ):
        if name.startswith("ASSESS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSESS_ENV", "development")
    monkeypatch.setenv("ASSESS_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(jobs_command, words)


def poison(database: Database, now: datetime, **values: object) -> int:
    row = Job(
        name="print_copy",
        arguments={"submission_id": 7},
        state=JobState.FAILED,
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
    database: Database, run_jobs: Callable[..., Result], now: datetime
) -> None:
    assert run_jobs().output == "Nothing waits, nothing runs, nothing failed.\nNo worker was seen yet.\n"
    made = poison(database, now)
    with database.writing() as session:
        waiting = enqueue(session, "tidy", after=timedelta(hours=1), now=now)
        session.add(
            Job(name="x", arguments={}, state=JobState.RUNNING, attempts=1, done=2, total=5, due_at=now, made_at=now)
        )
        session.add(Job(name="over", arguments={}, state=JobState.DONE, due_at=now, made_at=now))
        mark_worker_alive(session, now)
    lines = run_jobs().output.splitlines()
    assert lines[0].split() == (
        f"{made} failed print_copy, submission_id=7, begun 3 times: it raised KeyError (press.py:9 press)".split()
    )
    assert lines[1].split() == f"{waiting} waits tidy, due 24 November at 10:30:00".split()
    assert lines[2].endswith("runs       x, 2 of 5")
    assert lines[3:] == ["A worker was last seen 24 November 2026 at 09:30:00."]


def test_a_person_lets_a_job_try_again_or_forgets_it(
    database: Database, run_jobs: Callable[..., Result], now: datetime
) -> None:
    one, two = poison(database, now), poison(database, now)
    assert run_jobs("retry", str(one)).output == f"Job {one} waits again.\n"
    assert run_jobs("forget", str(two)).output == f"Job {two} is forgotten.\n"
    with database.reading() as session:
        status = session.get(Job, one, populate_existing=True)
        assert status is not None
        assert (status.state, status.attempts) == ("waiting", 0)
        assert session.get(Job, two, populate_existing=True) is None


def test_what_cannot_be_done_is_said_in_a_sentence(
    database: Database, run_jobs: Callable[..., Result], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = poison(database, now, key="k")
    with database.writing() as session:
        live = enqueue(session, "print_copy", key="k", now=now)
    for words, said in (
        (("retry", str(live)), f"There is no failed job {live}."),
        (("forget", "999"), "There is no failed job 999."),
        (("retry", str(old)), "Forget this one."),
    ):
        result = run_jobs(*words)
        assert (result.exit_code, said in result.output) == (1, True)
    monkeypatch.setenv("ASSESS_ENV", "x")
    assert "The settings do not hold together." in run_jobs().output

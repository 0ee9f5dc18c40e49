from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assess.cli.audit import command
from assess.kit.audit.anchoring import anchor
from assess.kit.clock import system_clock
from assess.kit.db import Database
from tests.kit.audit.logbook import KEYS, SECRET, fill, tamper

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
    return lambda *words: CliRunner().invoke(command, words)


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
    moment, file = system_clock(), tmp_path / "data" / "audit-anchors.txt"
    for days in (5, 0):
        fill(database, moment - timedelta(days=days), 1)
        with database.reading() as look:
            anchor(look, KEYS, file, moment - timedelta(days=days))
    day = moment.astimezone(UTC).date()
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

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from assess.cli.worker import worker_command
from assess.core.clock import system_clock
from assess.core.db import Database
from assess.core.jobs.services import enqueue, latest_job_with_key
from tests.journeys.conftest import note_that_papers_were_ordered

pytestmark = pytest.mark.both_databases

ASSESS = str(Path(sys.executable).with_name("assess"))


def until(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def state_of(database: Database, key: str) -> str | None:
    with database.reading() as session:
        found = latest_job_with_key(session, key)
    return found.state if found else None


@pytest.mark.parametrize("backend", ["postgresql"])
def test_it_keeps_its_workers_tidies_up_and_stops_when_told(banks_url: str, tmp_path: Path) -> None:
    """The same workers, beside a site on SQLite, are seen where the site is served."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
    settings = {"ASSESS_ENV": "development", "ASSESS_DATA_FOLDER": str(tmp_path), "ASSESS_DATABASE_URL": banks_url}
    note_that_papers_were_ordered(banks_url)
    database = Database(banks_url)
    site = psutil.Popen([ASSESS, "worker", "--processes", "2"], env=plain | settings, stdout=subprocess.DEVNULL)
    try:
        until(lambda: len(site.children()) == 2)
        until(lambda: state_of(database, "periodic:tidy") == "done")
        first = site.children()[0].pid
        os.kill(first, signal.SIGKILL)
        until(lambda: len({child.pid for child in site.children()} - {first}) == 2)
        with database.writing() as session:
            enqueue(session, "tidy", key="again", now=system_clock())
        until(lambda: state_of(database, "again") == "done")
        workers = site.children()
        site.send_signal(signal.SIGTERM)
        assert site.wait(timeout=30) == 0
        assert not any(worker.is_running() for worker in workers)
    finally:
        if site.poll() is None:
            site.terminate()
        site.wait(timeout=30)
        database.close()


def test_bad_settings_are_said_and_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESS_ENV", "x")
    result = CliRunner().invoke(worker_command, [])
    assert result.exit_code == 1
    assert "The settings do not hold together." in result.output

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select, text

from assess.kit.clock import system_clock
from assess.kit.db import Database
from assess.kit.jobs.crew import Crew
from assess.kit.jobs.models import Job
from assess.kit.jobs.ordering import JobStatus, defer, status_of
from assess.kit.jobs.worker import shared_clock

pytestmark = pytest.mark.both_databases

HASTE = "2"
"""Where it does not matter how long a lease is, it is half as long."""
MANY = 120
WORKSHOP = Path(__file__).with_name("workshop.py")


@dataclass
class Hall:
    """A database, the workers on it, and the journal of what they did."""

    database: Database
    url: str
    journal: Path
    crews: list[Crew] = field(default_factory=list)

    def order(self, name: str, **arguments: int) -> int:
        with self.database.writing() as session:
            return defer(session, name, now=system_clock(), **arguments)

    def workers(self, size: int, **environ: str) -> Crew:
        command = [sys.executable, str(WORKSHOP), self.url]
        crew = Crew(command, size, os.environ | {"JOURNAL": str(self.journal)} | environ)
        self.crews.append(crew)
        crew.keep()
        return crew

    def status(self, job_id: int) -> JobStatus:
        with self.database.reading() as session:
            found = status_of(session, job_id)
        assert found is not None
        return found

    def lines(self, word: str) -> list[list[str]]:
        if not self.journal.exists():
            return []
        written = [line.split() for line in self.journal.read_text(encoding="utf-8").splitlines()]
        return [line for line in written if line[0] == word]

    def until(self, true: Callable[[], object], seconds: float = 20, *, keep: bool = True) -> float:
        """Wait until something is true, starting again who died. Returns how many seconds it took."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < seconds, self.journal.read_text() if self.journal.exists() else "nothing"
            for crew in self.crews if keep else []:
                crew.keep()
            time.sleep(0.05)
        return time.monotonic() - began

    def rows(self) -> list[Job]:
        with self.database.reading() as session:
            return list(session.scalars(select(Job).order_by(Job.id)))


@pytest.fixture
def hall(database: Database, database_url: str, tmp_path: Path) -> Iterator[Hall]:
    made = Hall(database, database_url, tmp_path / "journal.txt")
    yield made
    for crew in made.crews:
        for pid in crew.processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        crew.wait(5)


def test_a_job_whose_worker_is_killed_is_done_by_another_within_ten_seconds(
    hall: Hall, capsys: pytest.CaptureFixture[str]
) -> None:
    hall.workers(2)
    made = hall.order("slow", number=1, tenths=12)
    hall.until(lambda: hall.lines("begin") and hall.status(made).done)
    first = hall.status(made)
    assert (first.state, first.total) == ("running", 12), "progress is visible while it runs"
    os.kill(int(hall.lines("begin")[0][2]), signal.SIGKILL)
    killed = time.monotonic()
    hall.until(lambda: len(hall.lines("begin")) == 2, keep=False)
    again = time.monotonic() - killed
    hall.until(lambda: hall.status(made).state == "done", keep=False)
    with capsys.disabled():
        print(f"[taken over after {again:.1f} s, done after {time.monotonic() - killed:.1f} s]", end=" ")
    assert time.monotonic() - killed < 10
    assert len({line[2] for line in hall.lines("begin")}) == 2, "another worker did it"
    assert len(hall.lines("end")) == 1
    assert hall.status(made).attempts == 2


def test_what_was_left_when_nobody_was_alive_is_done_after_a_start(hall: Hall) -> None:
    crew = hall.workers(1, HASTE=HASTE)
    running = hall.order("slow", number=1, tenths=10)
    hall.until(lambda: hall.lines("begin"))
    os.kill(crew.processes[0], signal.SIGKILL)
    crew.wait()
    hall.crews.remove(crew)
    waiting = hall.order("quick", number=2)
    hall.workers(1, HASTE=HASTE)
    hall.until(lambda: hall.status(running).state == hall.status(waiting).state == "done", 12)
    assert [line[0] for line in hall.lines("end") + hall.lines("quick")] == ["end", "quick"]
    assert (hall.status(running).attempts, hall.status(waiting).attempts) == (2, 1)


def test_a_pause_longer_than_the_lease_leaves_one_end(hall: Hall) -> None:
    """The job never says how far it is, so only the watch can notice that it was given to another."""
    hall.workers(2, HASTE=HASTE)
    made = hall.order("unwatched", number=1, tenths=10)
    hall.until(lambda: hall.lines("begin"))
    paused = int(hall.lines("begin")[0][2])
    os.kill(paused, signal.SIGSTOP)
    hall.until(lambda: len(hall.lines("begin")) == 2, 12)
    os.kill(paused, signal.SIGCONT)
    hall.until(lambda: hall.status(made).state == "done")
    hall.until(lambda: not psutil.pid_exists(paused), 10)
    assert [line[2] for line in hall.lines("end")] == [hall.lines("begin")[1][2]], "the paused one stopped"
    assert hall.status(made).attempts == 2
    after = hall.order("quick", number=2)
    hall.until(lambda: hall.status(after).state == "done")


def test_poison_is_set_aside_and_holds_nobody_up(hall: Hall) -> None:
    """One job raises, one kills its worker, one hangs with a child; quick ones stand behind them."""
    bad = {name: hall.order(name, number=1) for name in ("raises", "kills", "hangs")}
    good = [hall.order("quick", number=number) for number in range(5)]
    hall.workers(2, HASTE=HASTE)
    hall.until(lambda: all(hall.status(one).state == "done" for one in good), 20)
    hall.until(lambda: all(hall.status(one).state == "set_aside" for one in bad.values()), 40)
    rows = {row.name: row for row in hall.rows()}
    assert {name: (rows[name].error, rows[name].attempts) for name in bad} == {
        "raises": ("ZeroDivisionError", 2),
        "kills": ("WorkerDied", 2),
        "hangs": ("TookTooLong", 2),
    }
    assert "workshop.py" in str(rows["raises"].place)
    assert "must not be written" not in str(rows["raises"].place)
    assert {name: len(hall.lines(name)) for name in bad} == dict.fromkeys(bad, 2)
    for _, child, *_ in hall.lines("child"):
        hall.until(lambda child=child: not psutil.pid_exists(int(child)), 5)


def test_many_jobs_and_two_workers_each_once_while_periodic_jobs_tick_once(
    hall: Hall, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with hall.database.writing() as session:
        for number in range(MANY):
            defer(session, "quick", now=system_clock(), number=number)
    ordered = time.monotonic() - began
    hall.workers(2, TICKING="1")
    hall.until(lambda: hall.lines("quick"))
    took = hall.until(lambda: all_done(hall.database, "quick", MANY), 60)
    with capsys.disabled():
        print(f"[{MANY} ordered at {MANY / ordered:.0f}/s, done at {MANY / took:.0f}/s]", end=" ")
    assert sorted(int(line[1]) for line in hall.lines("quick")) == list(range(MANY))
    assert len({line[2] for line in hall.lines("quick")}) == 2, "one of the two did nothing"
    busy = len(ticks(hall))  # while one waits behind others no more are made
    hall.until(lambda: len(hall.lines("tick")) >= busy + 3)
    times = [row.made_at.replace(microsecond=0) for row in ticks(hall)[busy:]]
    assert len(times) == len(set(times))
    assert max(times) - min(times) <= timedelta(seconds=len(times))
    if hall.database.engine.dialect.name == "postgresql":
        hall.until(lambda: left_with_procrastinate(hall.database) == 0)


def test_told_to_stop_it_ends_its_job_first_and_takes_no_other(hall: Hall) -> None:
    crew = hall.workers(1)
    first = hall.order("slow", number=1, tenths=8)
    hall.until(lambda: hall.lines("begin"))
    second = hall.order("quick", number=2)
    crew.tell_to_stop()
    crew.wait(10)
    assert (hall.status(first).state, hall.status(second).state) == ("done", "waiting")


def test_a_worker_whose_starter_is_gone_stops_by_itself(hall: Hall, tmp_path: Path) -> None:
    starter = tmp_path / "starter.py"
    starter.write_text(
        "import os, subprocess, sys\n"
        "print(subprocess.Popen(sys.argv[1:], start_new_session=True, stdout=subprocess.DEVNULL).pid)\n"
        "sys.stdout.flush()\nsys.stdin.read()\n"
    )
    command = [sys.executable, str(starter), sys.executable, str(WORKSHOP), hall.url]
    environ = os.environ | {"JOURNAL": str(hall.journal)}
    with psutil.Popen(command, stdin=-1, stdout=-1, env=environ) as parent:
        worker = int(parent.stdout.readline())
        made = hall.order("quick", number=1)
        hall.until(lambda: hall.status(made).state == "done")
        parent.kill()
    hall.until(lambda: not psutil.pid_exists(worker) or psutil.Process(worker).status() == "zombie", 10)


def test_the_clock_of_the_workers_is_the_one_of_the_database(database: Database, now: datetime) -> None:
    told = shared_clock(database, lambda: now)()
    if database.engine.dialect.name == "sqlite":
        assert told == now
    else:
        assert abs(told - system_clock()) < timedelta(seconds=5)


def test_a_database_that_cannot_be_used_ends_the_worker_without_a_word_of_its_address() -> None:
    url = "postgresql://someone:canary@127.0.0.1:1/none"
    ended = subprocess.run(
        [sys.executable, str(WORKSHOP), url], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert '"event": "worker_failed"' in ended.stdout
    assert "Traceback" not in ended.stderr
    assert "canary" not in ended.stdout + ended.stderr


def ticks(hall: Hall) -> list[Job]:
    return [row for row in hall.rows() if row.name == "tick"]


def all_done(database: Database, name: str, number: int) -> bool:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Job.state == "done", Job.name == name)) == number


def left_with_procrastinate(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0)

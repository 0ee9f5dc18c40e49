from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import delete, func, select, update

from assess.core.clock import system_clock
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs import worker
from assess.core.jobs.services import LEASE_TIME, JobContext, Lease, LostLeaseError, enqueue, lease_next_job
from assess.core.jobs.worker import (
    EXIT_HUNG,
    EXIT_LEASE_LOST,
    Heartbeat,
    Supervisor,
    Worker,
    database_clock,
    run_due_jobs,
    run_job,
    worker_seen_at,
)
from assess.core.models import Job
from tests.core.jobs.job_types import job

SLEEPS = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]


@pytest.fixture
def crews() -> Iterator[Callable[..., Supervisor]]:
    made: list[Supervisor] = []

    def make(command: list[str], size: int) -> Supervisor:
        made.append(Supervisor(command, size, os.environ))
        return made[-1]

    yield make
    for crew in made:
        crew.wait(0)


def until(true: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_whoever_ended_is_started_again(crews: Callable[..., Supervisor], capfd: pytest.CaptureFixture[str]) -> None:
    crew = crews(SLEEPS, 2)
    crew.keep()
    first = crew.processes
    assert len(set(first)) == 2
    os.kill(first[0], signal.SIGKILL)

    def replaced() -> bool:
        crew.keep()
        return len(crew.processes) == 2 and first[0] not in crew.processes

    until(replaced)
    assert first[1] in crew.processes
    assert '"event": "worker_ended", "number": -9' in capfd.readouterr().out


def test_those_that_die_young_wait_longer_each_time(crews: Callable[..., Supervisor]) -> None:
    crew = crews([sys.executable, "-S", "-c", "raise SystemExit(1)"], 1)
    starts: set[int] = set()
    end = time.monotonic() + 2.2
    while time.monotonic() < end:
        crew.keep()
        starts |= set(crew.processes)
        time.sleep(0.01)
    assert 2 <= len(starts) <= 4, "at once, after half a second, after a second, after two"


def test_what_a_worker_started_ends_with_it(crews: Callable[..., Supervisor]) -> None:
    parent = "import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
    crew = crews([sys.executable, "-S", "-c", parent], 1)
    crew.keep()
    worker = psutil.Process(crew.processes[0])
    until(worker.children)
    child = worker.children()[0]
    worker.kill()
    until(lambda: crew.keep() is None and not child.is_running())


def test_told_to_stop_all_stop_and_who_does_not_is_ended(crews: Callable[..., Supervisor]) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    crew = crews([sys.executable, "-S", "-c", deaf], 1)
    crew.keep()
    pid = crew.processes[0]
    time.sleep(0.3)
    crew.stop_workers()
    began = time.monotonic()
    crew.wait(0.5)
    assert 0.4 < time.monotonic() - began < 5
    assert not psutil.pid_exists(pid)
    assert crew.processes == []


def order(database: Database, now: datetime, **arguments: int) -> int:
    with database.writing() as session:
        return enqueue(session, "note", now=now, **arguments)


@pytest.mark.both_databases
def test_a_job_gets_its_arguments_the_site_and_the_clock(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    seen: list[object] = []

    @job("note")
    def note(work: JobContext, *, number: int) -> None:
        seen.extend([number, work.database, work.settings, work.now()])

    order(database, now, number=7)
    assert run_due_jobs(database, plain_settings, lambda: now) == 1
    assert seen == [7, database, plain_settings, now]


@pytest.mark.both_databases
def test_a_job_may_order_another_which_runs_in_the_same_go(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    @job("note")
    def note(work: JobContext, *, number: int) -> None:
        if number:
            with work.database.writing() as session:
                enqueue(session, "note", now=work.now(), number=number - 1)

    order(database, now, number=3)
    assert run_due_jobs(database, plain_settings, lambda: now) == 4


@pytest.mark.both_databases
def test_what_raises_is_logged_without_values_and_tried_again_later(
    database: Database, plain_settings: Settings, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    @job("note", attempts=2)
    def note(_work: JobContext) -> None:
        raise ZeroDivisionError("Fen Edge Growers")

    made = order(database, now)
    assert run_due_jobs(database, plain_settings, lambda: now) == 1
    out = capsys.readouterr().out
    line = json.loads(out)
    assert (line["event"], line["reason"], line["error"]) == ("job_failed", "note", "ZeroDivisionError")
    assert "Fen Edge" not in out
    assert run_due_jobs(database, plain_settings, lambda: now + timedelta(seconds=2)) == 1
    assert (
        '"event": "job_set_aside", "reason": "note", "error": "ZeroDivisionError", "number": 2'
        in capsys.readouterr().out
    )
    with database.reading() as session:
        ended = session.get(Job, made, populate_existing=True)
    assert ended is not None
    assert (ended.state, ended.attempts) == ("set_aside", 2)


@pytest.mark.both_databases
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_lease_counts_from_when_the_write_lock_was_had(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    """On a busy SQLite the wait for the lock may be as long as the lease; counted from before it, the job is lost at once."""
    began = time.monotonic()
    shift = Worker.begin(database, plain_settings, lambda: now + timedelta(seconds=time.monotonic() - began))
    holding = threading.Event()

    def hold() -> None:
        with database.writing() as session:
            session.connection()
            holding.set()
            time.sleep(0.5)

    other = threading.Thread(target=hold)
    other.start()
    holding.wait()
    with shift.writing() as (_session, moment):
        assert moment - now >= timedelta(seconds=0.4)
    other.join()


@pytest.mark.both_databases
def test_a_job_whose_taking_took_longer_than_the_lease_is_not_begun_by_two(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    ran: list[int] = []
    job("note")(lambda _work: ran.append(1))
    order(database, now)
    moments = [now]
    slow, quick = (Worker.begin(database, plain_settings, lambda: moments[0]) for _ in range(2))
    with slow.writing() as (session, moment):
        old = lease_next_job(session, slow.owner, moment)
    moments[0] = now + LEASE_TIME
    with quick.writing() as (session, moment):
        new = lease_next_job(session, quick.owner, moment)
    assert old is not None
    assert new is not None
    with pytest.raises(LostLeaseError):
        run_job(slow, old)
    assert ran == []
    run_job(quick, new)
    assert ran == [1]


@pytest.mark.both_databases
def test_a_job_that_goes_with_what_it_belonged_to_ends_quietly(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    @job("note")
    def note(work: JobContext, *, number: int) -> None:
        with work.database.writing() as session:
            session.execute(delete(Job).where(Job.id == number))
        if number == 1:
            work.progress(1, 2)

    for number in (1, 2):
        assert order(database, now, number=number) == number
    assert run_due_jobs(database, plain_settings, lambda: now) == 2
    assert order(database, now, number=4) == 3, "its number is not given again"


@pytest.mark.both_databases
def test_a_job_that_was_given_away_stops_at_its_next_progress(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    went_on: list[int] = []

    @job("note")
    def note(work: JobContext) -> None:
        with work.database.writing() as session:
            session.execute(update(Job).values(owner="another", attempts=2))
        work.progress(1, 2)
        went_on.append(1)

    made = order(database, now)
    shift = Worker.begin(database, plain_settings, lambda: now)
    with database.writing() as session:
        held = lease_next_job(session, shift.owner, now)
    assert held is not None
    with pytest.raises(LostLeaseError):
        run_job(shift, held)
    assert went_on == []
    with database.reading() as session:
        status = session.get(Job, made, populate_existing=True)
    assert status is not None
    assert (status.state, status.done) == ("running", 0)


class Ended(BaseException):
    """Stands for the end of the process, which a test cannot survive."""


@pytest.fixture
def shift(database: Database, plain_settings: Settings, now: datetime) -> Worker:
    moment = [now]
    made = Worker.begin(database, plain_settings, lambda: moment[0])
    job("note", seconds=1)(lambda _work: None)
    with database.writing() as session:
        enqueue(session, "note", now=now)
    return made


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statuses with which this process would have ended."""
    statuses: list[int] = []

    def end(status: int) -> None:
        statuses.append(status)
        raise Ended

    monkeypatch.setattr(os, "_exit", end)
    return statuses


def held_by(shift: Worker) -> Lease:
    with shift.database.writing() as session:
        held = lease_next_job(session, shift.owner, shift.clock())
    assert held is not None
    return held


def row_of(shift: Worker, held: Lease) -> Job:
    with shift.database.reading() as session:
        found = session.get(Job, held.id)
    assert found is not None
    return found


@pytest.mark.both_databases
def test_a_job_at_hand_is_kept(shift: Worker, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "HEARTBEAT_SECONDS", 0.0)
    watch, held = Heartbeat(shift), held_by(shift)
    with shift.database.writing() as session:
        session.execute(update(Job).values(lease_until=now))
    with watch.over(held):
        watch._look_at_the_job()
    assert row_of(shift, held).lease_until == now + LEASE_TIME
    with shift.database.writing() as session:
        session.execute(update(Job).values(lease_until=now))
    watch._look_at_the_job()
    assert row_of(shift, held).lease_until == now, "it was kept although nobody was at it"


@pytest.mark.both_databases
def test_what_takes_too_long_is_written_down_and_the_process_ended(shift: Worker, ended: list[int]) -> None:
    watch, held = Heartbeat(shift), held_by(shift)
    with watch.over(held):
        time.sleep(1.1)
        with pytest.raises(Ended):
            watch._look_at_the_job()
    row = row_of(shift, held)
    assert (ended, row.state, row.error) == ([EXIT_HUNG], "waiting", "TookTooLong")


@pytest.mark.both_databases
def test_a_process_whose_job_went_with_what_it_belonged_to_goes_on(
    shift: Worker, ended: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "HEARTBEAT_SECONDS", 0.0)
    watch, held = Heartbeat(shift), held_by(shift)
    with shift.database.writing() as session:
        session.execute(delete(Job))
    with watch.over(held):
        watch._look_at_the_job()
    assert ended == []


@pytest.mark.both_databases
def test_a_process_whose_job_was_given_away_is_ended(
    shift: Worker, ended: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "HEARTBEAT_SECONDS", 0.0)
    watch, held = Heartbeat(shift), held_by(shift)
    with shift.database.writing() as session:
        session.execute(update(Job).values(owner="another"))
    with watch.over(held), pytest.raises(Ended):
        watch._look_at_the_job()
    assert ended == [EXIT_LEASE_LOST]


@pytest.mark.both_databases
def test_told_to_stop_the_job_has_a_while_and_goes_back(
    shift: Worker, ended: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, held = Heartbeat(shift), held_by(shift)
    watch.request_stop()
    with watch.over(held):
        watch._look_at_the_job()
        monkeypatch.setattr(worker, "STOP_GRACE", timedelta(0))
        with pytest.raises(Ended):
            watch._look_at_the_job()
    row = row_of(shift, held)
    assert (ended, row.state, row.attempts) == ([0], "waiting", 0)


@pytest.mark.both_databases
def test_a_worker_orders_what_is_scheduled_and_says_that_it_is_there(shift: Worker, now: datetime) -> None:
    job("tidy", at="03:15")(lambda _work: None)
    watch = Heartbeat(shift)
    for _ in range(3):
        watch._look_at_the_clock()
    with shift.database.reading() as session:
        assert [row.name for row in session.query(Job)].count("tidy") == 1
        assert worker_seen_at(session) == now


@pytest.mark.both_databases
def test_a_worker_that_is_to_stop_orders_nothing_more(shift: Worker) -> None:
    job("tidy", at="03:15")(lambda _work: None)
    watch = Heartbeat(shift)
    watch.request_stop()
    watch._look_at_the_clock()
    with shift.database.reading() as session:
        assert worker_seen_at(session) is None


@pytest.mark.both_databases
def test_a_database_that_is_away_does_not_end_the_watch(shift: Worker, capsys: pytest.CaptureFixture[str]) -> None:
    failing = Worker(shift.database, shift.settings, lambda: 1 // 0, shift.owner)  # type: ignore[arg-type,return-value]
    watch = Heartbeat(failing)
    watch.start()
    time.sleep(0.6)
    assert watch.is_alive()
    watch.stop()
    watch.join(5)
    assert capsys.readouterr().out.count('"event": "watch_failed", "error": "ZeroDivisionError"') >= 1


HASTE = "2"
"""Where it does not matter how long a lease is, it is half as long."""
MANY = 120
WORKER_PROCESS = Path(__file__).with_name("worker_process.py")


@dataclass
class Hall:
    """A database, the workers on it, and the journal of what they did."""

    database: Database
    url: str
    journal: Path
    crews: list[Supervisor] = field(default_factory=list)

    def order(self, name: str, **arguments: int) -> int:
        with self.database.writing() as session:
            return enqueue(session, name, now=system_clock(), **arguments)

    def workers(self, size: int, **environ: str) -> Supervisor:
        command = [sys.executable, str(WORKER_PROCESS), self.url]
        crew = Supervisor(command, size, os.environ | {"JOURNAL": str(self.journal)} | environ)
        self.crews.append(crew)
        crew.keep()
        return crew

    def status(self, job_id: int) -> Job:
        with self.database.reading() as session:
            found = session.get(Job, job_id, populate_existing=True)
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


@pytest.mark.both_databases
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


@pytest.mark.both_databases
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


@pytest.mark.both_databases
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


@pytest.mark.both_databases
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
    assert "worker_process.py" in str(rows["raises"].place)
    assert "must not be written" not in str(rows["raises"].place)
    assert {name: len(hall.lines(name)) for name in bad} == dict.fromkeys(bad, 2)
    for _, child, *_ in hall.lines("child"):
        hall.until(lambda child=child: not psutil.pid_exists(int(child)), 5)


@pytest.mark.both_databases
def test_many_jobs_and_two_workers_each_once_while_periodic_jobs_tick_once(
    hall: Hall, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with hall.database.writing() as session:
        for number in range(MANY):
            enqueue(session, "quick", now=system_clock(), number=number)
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


@pytest.mark.both_databases
def test_told_to_stop_it_ends_its_job_first_and_takes_no_other(hall: Hall) -> None:
    crew = hall.workers(1)
    first = hall.order("slow", number=1, tenths=8)
    hall.until(lambda: hall.lines("begin"))
    second = hall.order("quick", number=2)
    crew.stop_workers()
    crew.wait(10)
    assert (hall.status(first).state, hall.status(second).state) == ("done", "waiting")


@pytest.mark.both_databases
def test_a_worker_whose_starter_is_gone_stops_by_itself(hall: Hall, tmp_path: Path) -> None:
    starter = tmp_path / "starter.py"
    starter.write_text(
        "import os, subprocess, sys\n"
        "print(subprocess.Popen(sys.argv[1:], start_new_session=True, stdout=subprocess.DEVNULL).pid)\n"
        "sys.stdout.flush()\nsys.stdin.read()\n"
    )
    command = [sys.executable, str(starter), sys.executable, str(WORKER_PROCESS), hall.url]
    environ = os.environ | {"JOURNAL": str(hall.journal)}
    with psutil.Popen(command, stdin=-1, stdout=-1, env=environ) as parent:
        worker = int(parent.stdout.readline())
        made = hall.order("quick", number=1)
        hall.until(lambda: hall.status(made).state == "done")
        parent.kill()
    hall.until(lambda: not psutil.pid_exists(worker) or psutil.Process(worker).status() == "zombie", 10)


@pytest.mark.both_databases
def test_the_clock_of_the_workers_is_the_one_of_the_database(database: Database, now: datetime) -> None:
    told = database_clock(database, lambda: now)()
    if database.engine.dialect.name == "sqlite":
        assert told == now
    else:
        assert abs(told - system_clock()) < timedelta(seconds=5)


@pytest.mark.both_databases
def test_a_database_that_cannot_be_used_ends_the_worker_without_a_word_of_its_address() -> None:
    url = "postgresql://someone:canary@127.0.0.1:1/none"
    ended = subprocess.run(
        [sys.executable, str(WORKER_PROCESS), url], capture_output=True, text=True, timeout=60, check=False
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

"""Worker processes: run one job at a time, keep its lease by a heartbeat thread, enqueue scheduled jobs, and restart processes that ended."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.core.clock import MAX_CLOCK_SKEW, Clock, system_clock
from assess.core.config import Settings
from assess.core.db import Database, dialect_insert, is_transient_error
from assess.core.jobs.services import (
    HEARTBEAT_SECONDS,
    LEASE_TIME,
    TIMED_OUT,
    JobDeletedError,
    Lease,
    LostLeaseError,
    Schedule,
    all_schedules,
    due_jobs,
    enqueue,
    fail_job,
    finish_job,
    lease_next_job,
    release_job,
    renew_lease,
    save_progress,
)
from assess.core.logs import code_location, log
from assess.core.models import ScheduleState

StepResult = TypeVar("StepResult")
HeartbeatFactory = Callable[[Lease], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Worker:
    database: Database
    settings: Settings
    clock: Clock
    owner: str

    @classmethod
    def begin(cls, database: Database, settings: Settings, clock: Clock) -> Worker:
        """A worker with a name no other has."""
        return cls(database, settings, clock, secrets.token_hex(8))

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, datetime]]:
        """A session and the moment."""
        with self.database.writing() as session:
            # takes the write lock first: the wait for it may be long, and a lease counts from its end
            session.connection()
            yield session, self.clock()


@dataclass(frozen=True, slots=True)
class RunningJob:
    shift: Worker
    held: Lease

    @property
    def database(self) -> Database:
        return self.shift.database

    @property
    def settings(self) -> Settings:
        return self.shift.settings

    def now(self) -> datetime:
        return self.shift.clock()

    def progress(self, done: int, total: int) -> None:
        with self.database.writing() as session:
            save_progress(session, self.held, done, total)


def run_job(worker: Worker, lease: Lease, watched: HeartbeatFactory = lambda _lease: nullcontext()) -> None:
    """Do a job that was taken. `watched` surrounds the function of the job, not the writing down of its end.

    Raises `LostLeaseError` (another worker has it meanwhile); a job that was deleted meanwhile ends quietly.
    """
    with suppress(JobDeletedError):
        try:
            if worker.clock() > lease.until - LEASE_TIME / 2:  # the taking itself took long: is it still ours?
                with worker.writing() as (session, now):
                    renew_lease(session, lease, now)
            with watched(lease):
                lease.kind.run(RunningJob(worker, lease), **lease.arguments)
        except LostLeaseError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the job failed and the next one must run
            name, place = type(error).__name__, code_location(error.__traceback__)
            log("job_failed", reason=lease.kind.name, error=name, where=place, number=lease.attempts)
            _write_with_retry(worker, lambda session, now: fail_job(session, lease, name, place, now))
        else:
            _write_with_retry(worker, lambda session, now: finish_job(session, lease, now))


def run_due_jobs(database: Database, settings: Settings, clock: Clock) -> int:
    """Run everything that is due, in this process and on either database. For tests and dry runs. Returns how many ran."""
    worker = Worker.begin(database, settings, clock)
    ran = 0
    while True:
        with worker.writing() as (session, now):
            lease = lease_next_job(session, worker.owner, now)
        if lease is None:
            return ran
        run_job(worker, lease)
        ran += 1


def _write_with_retry(worker: Worker, step: Callable[[Session, datetime], StepResult]) -> StepResult:
    """Write the end of a job. A database that is busy is asked again: the work was done, it should not be done twice."""
    # seconds to wait before the end of a job is written down again
    for pause in (0.1, 0.5):
        try:
            with worker.writing() as (session, now):
                return step(session, now)
        except DBAPIError as error:
            if not is_transient_error(error):
                raise
            time.sleep(pause)
    with worker.writing() as (session, now):
        return step(session, now)


_WORKER_KEY = "worker seen"


def enqueue_due(session: Session, tables: Sequence[Schedule], now: datetime) -> list[int]:
    """Order those of these jobs whose last due time nobody saw to yet. Returns the ids of the new jobs."""
    return [
        enqueue(session, table.name, key=f"periodic:{table.name}", now=now)
        for table in tables
        if _advance_schedule(session, f"periodic:{table.name}", table.last_due(now), now)
    ]


def mark_worker_alive(session: Session, now: datetime) -> None:
    _advance_schedule(session, _WORKER_KEY, now, now)


def worker_seen_at(session: Session) -> datetime | None:
    found = session.get(ScheduleState, _WORKER_KEY, populate_existing=True)
    return found.at if found else None


def _advance_schedule(session: Session, what: str, at: datetime, now: datetime) -> bool:
    """Whether this is later than what was known, and is known now. What was known of the far future counts for nothing."""
    row = dialect_insert(session, ScheduleState).values(what=what, at=at)
    is_news = or_(ScheduleState.at < at, ScheduleState.at > now + MAX_CLOCK_SKEW)
    later = row.on_conflict_do_update(index_elements=["what"], set_={"at": at}, where=is_news)
    return session.scalars(later.returning(ScheduleState.what)).first() is not None


EXIT_HUNG = 70
EXIT_LEASE_LOST = 75
"""How a process ends whose job hangs, or was given to another worker while it slept."""
STOP_GRACE = timedelta(seconds=15)
"""How long a job may go on once its worker was told to stop."""
_ALIVE_SECONDS = 10.0


class Heartbeat(threading.Thread):
    """Watches over this process until `stop`."""

    def __init__(self, worker: Worker) -> None:
        """A watch over the process that makes it. It begins with `start`."""
        super().__init__(name="watch", daemon=True)
        self._shift = worker
        self._parent = os.getppid()
        self._lock = threading.Lock()
        self._held: Lease | None = None
        self._since = self._beat = 0.0
        self._told_to_stop: float | None = None
        self._last_sign = -_ALIVE_SECONDS
        self._ticked: dict[str, datetime] = {}
        self._over = threading.Event()

    @contextlib.contextmanager
    def over(self, lease: Lease) -> Iterator[None]:
        """While this lasts the job is kept, and ended when it takes too long."""
        with self._lock:
            self._held, self._since, self._beat = lease, time.monotonic(), time.monotonic()
        try:
            yield
        finally:
            with self._lock:  # the thread that writes down the end meets no renewing any more
                self._held = None

    def request_stop(self) -> None:
        """The process was told to stop: no new times, and the job at hand has a while to come to its end."""
        self._told_to_stop = self._told_to_stop or time.monotonic()

    def stop(self) -> None:
        self._over.set()

    def run(self) -> None:
        while not self._over.wait(0.25):
            try:
                self._look_at_the_job()
                self._look_at_the_clock()
            except Exception as error:  # noqa: BLE001  # a watch that fell asleep would let a job hang for ever
                log("watch_failed", error=type(error).__name__)
            # the process that started this one is gone: nobody would ever end it
            if os.getppid() != self._parent and self._told_to_stop is None:
                self.request_stop()
                os.kill(os.getpid(), signal.SIGTERM)

    def _look_at_the_job(self) -> None:
        with self._lock:
            lease, now = self._held, time.monotonic()
            if lease is None:
                return
            if now - self._since > lease.kind.seconds:
                self._end_hanging(lease)
            if self._told_to_stop is not None and now - self._told_to_stop > STOP_GRACE.total_seconds():
                self._put_back(lease)
            if now - self._beat >= HEARTBEAT_SECONDS:
                self._renew(lease)
                self._beat = now

    def _look_at_the_clock(self) -> None:
        if self._told_to_stop is not None:
            return
        now = self._shift.clock()
        due = [table for table in all_schedules() if self._ticked.get(table.name) != table.last_due(now)]
        sign = time.monotonic() - self._last_sign >= _ALIVE_SECONDS
        if not due and not sign:
            return
        with self._shift.database.writing() as session:
            enqueue_due(session, due, now)
            if sign:
                mark_worker_alive(session, now)
        self._ticked |= {table.name: table.last_due(now) for table in due}
        self._last_sign = time.monotonic() if sign else self._last_sign

    def _renew(self, lease: Lease) -> None:
        try:
            with self._shift.writing() as (session, now):
                renew_lease(session, lease, now)
        except JobDeletedError:
            return  # nobody else has it either: it may come to its end, which is written nowhere
        except LostLeaseError:
            exit_process(EXIT_LEASE_LOST, "job_lost", lease)

    def _end_hanging(self, lease: Lease) -> None:
        try:
            with self._shift.writing() as (session, now):
                fail_job(session, lease, TIMED_OUT, "", now)
        finally:
            # even if that could not be written down: the lease then ends by itself
            exit_process(EXIT_HUNG, "job_hung", lease)

    def _put_back(self, lease: Lease) -> None:
        try:
            with self._shift.database.writing() as session:
                release_job(session, lease)
        finally:
            exit_process(0, "job_put_back", lease)


def exit_process(status: int, event: str, lease: Lease) -> None:
    """End this process on the spot: a thread of it will not listen any more."""
    log(event, reason=lease.kind.name, number=lease.attempts)
    os._exit(status)


POLL_SECONDS = 0.5


def run_worker(settings: Settings) -> None:
    """Be a worker until SIGTERM or SIGINT, or until the process that started this one is gone.

    Raises `SystemExit` when the database is away or a job was lost. What happened is logged without values; the supervisor starts another.
    """
    try:
        _run_worker(settings)
    except LostLeaseError as error:
        log("job_lost", reason=str(error))
        raise SystemExit(EXIT_LEASE_LOST) from None
    except Exception as error:  # noqa: BLE001  # a traceback on the screen would show values
        log("worker_failed", error=type(error).__name__, where=code_location(error.__traceback__))
        raise SystemExit(1) from None


def _run_worker(settings: Settings) -> None:
    database = Database(settings.database, settings.data_keys)
    worker = Worker.begin(database, settings, database_clock(database))
    heartbeat = Heartbeat(worker)
    heartbeat.start()
    try:
        run_jobs_until_stopped(worker, heartbeat)
    finally:
        heartbeat.stop()
        heartbeat.join(timeout=5)
        database.close()


def run_jobs_until_stopped(worker: Worker, heartbeat: Heartbeat) -> None:
    told = threading.Event()

    def stop(_signal: int, _frame: object) -> None:
        heartbeat.request_stop()
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    log("worker_started")
    while not told.is_set():
        if not run_next_job(worker, heartbeat):
            told.wait(POLL_SECONDS)


def run_next_job(worker: Worker, heartbeat: Heartbeat) -> bool:
    """Do the job that is due first, if there is one."""
    # looking takes no lock, only taking does
    with worker.database.reading() as session:
        if session.scalars(due_jobs(worker.clock()).limit(1)).first() is None:
            return False
    with worker.writing() as (session, now):
        lease = lease_next_job(session, worker.owner, now)
    if lease is not None:
        run_job(worker, lease, heartbeat.over)
    return lease is not None


def database_clock(database: Database, clock: Clock = system_clock) -> Clock:
    """A clock all workers agree on: on PostgreSQL that of its server, for several machines never quite agree."""
    if database.engine.dialect.name != "postgresql":
        return clock
    with database.reading() as session:
        ahead: datetime = session.scalars(select(func.clock_timestamp())).one()
        offset = ahead - clock()
    return lambda: clock() + offset


SHORT_LIFETIME_SECONDS = 10.0


@dataclass
class _WorkerSlot:
    """One place for a process, and which holds it. `pause` grows while its workers die young."""

    process: subprocess.Popen[bytes] | None = None
    began: float = float("-inf")
    pause: float = 0.0


class Supervisor:
    def __init__(self, command: Sequence[str], size: int, environ: Mapping[str, str]) -> None:
        """`size` processes. Nothing starts before `keep`."""
        self._command, self._environ = list(command), dict(environ)
        self._places = [_WorkerSlot() for _ in range(size)]

    @property
    def processes(self) -> list[int]:
        """The numbers of the processes that were alive at the last look."""
        return [place.process.pid for place in self._places if place.process is not None]

    def keep(self) -> None:
        """Start every process that is not there. One that died young waits a little longer each time."""
        for place in self._places:
            if place.process is not None and place.process.poll() is not None:
                self._bury(place)
            if place.process is None and time.monotonic() >= place.began + place.pause:
                place.began = time.monotonic()
                # a group of its own: what a job started ends with its worker
                place.process = subprocess.Popen(  # noqa: S603  # our own command
                    self._command, env=self._environ, stdin=subprocess.DEVNULL, start_new_session=True
                )

    def run_until(self, over: threading.Event) -> None:
        while not over.is_set():
            self.keep()
            over.wait(0.2)
        self.stop_workers()
        self.wait()

    def stop_workers(self) -> None:
        """Ask all to stop. The job at hand may come to its end, or goes back."""
        for pid in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def wait(self, seconds: float = 20.0) -> None:
        """Wait until all have stopped; a process that has not by then is ended."""
        end = time.monotonic() + seconds
        for place in self._places:
            if place.process is None:
                continue
            with contextlib.suppress(subprocess.TimeoutExpired):
                place.process.wait(timeout=max(0.0, end - time.monotonic()))
            self._end_group(place.process)
            place.process.wait()
            place.process = None

    def _bury(self, place: _WorkerSlot) -> None:
        dead = place.process
        if dead is None:
            return
        lived = time.monotonic() - place.began
        place.pause = min(30.0, max(0.5, place.pause * 2)) if lived < SHORT_LIFETIME_SECONDS else 0.0
        log("worker_ended", number=dead.returncode)
        self._end_group(dead)
        place.process = None

    @staticmethod
    def _end_group(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

"""One worker process: takes a job, does it, takes the next, until it is told to stop.

On SQLite the runner in here looks into our table itself; on PostgreSQL Procrastinate hands the jobs out. All the rest, from
the taking of a job to its end, is the same code.
"""

from __future__ import annotations

import signal
import threading
from datetime import datetime

from sqlalchemy import func, select

from assess.kit.clock import Clock, system_clock
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.claiming import LostJobError, claim_next, due_jobs
from assess.kit.jobs.running import Shift, carry_out
from assess.kit.jobs.watching import LOST, Watch
from assess.kit.logs import log, where

POLL_SECONDS = 0.5


def work(settings: Settings) -> None:
    """Be a worker until SIGTERM or SIGINT, or until whoever started this process is gone.

    Raises:
        SystemExit: when the database is away or a job was lost. What happened is logged without values; the crew starts another.
    """
    try:
        _work(settings)
    except LostJobError as error:
        log("job_lost", reason=str(error))
        raise SystemExit(LOST) from None
    except Exception as error:  # noqa: BLE001  # a traceback on the screen would show values
        log("worker_failed", error=type(error).__name__, where=where(error.__traceback__))
        raise SystemExit(1) from None


def _work(settings: Settings) -> None:
    database = Database(settings.database, settings.data_keys)
    shift = Shift.begin(database, settings, shared_clock(database))
    watch = Watch(shift)
    watch.start()
    try:
        if database.engine.dialect.name == "postgresql":
            # the library is read only where it is used
            from assess.kit.jobs import procrastinate_engine  # noqa: PLC0415  # see above

            procrastinate_engine.work_on(shift, watch)
        else:
            work_on(shift, watch)
    finally:
        watch.stop()
        watch.join(timeout=5)
        database.close()


def work_on(shift: Shift, watch: Watch) -> None:
    """The runner on SQLite."""
    told = threading.Event()

    def stop(_signal: int, _frame: object) -> None:
        watch.stop_soon()
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    log("worker_started")
    while not told.is_set():
        if not work_once(shift, watch):
            told.wait(POLL_SECONDS)


def work_once(shift: Shift, watch: Watch) -> bool:
    """Do the job that is due first, if there is one. Looking takes no lock; only taking does."""
    with shift.database.reading() as session:
        if session.scalars(due_jobs(shift.clock()).limit(1)).first() is None:
            return False
    with shift.writing() as (session, moment):
        held = claim_next(session, shift.owner, moment)
    if held is not None:
        carry_out(shift, held, watch.over)
    return held is not None


def shared_clock(database: Database, clock: Clock = system_clock) -> Clock:
    """A clock all workers agree on: on PostgreSQL that of its server, for several machines never quite agree."""
    if database.engine.dialect.name != "postgresql":
        return clock
    with database.reading() as session:
        ahead: datetime = session.scalars(select(func.clock_timestamp())).one()
        offset = ahead - clock()
    return lambda: clock() + offset

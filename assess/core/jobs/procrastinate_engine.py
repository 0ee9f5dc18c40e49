"""PostgreSQL only: Procrastinate hands out jobs; our `job` row stays the truth. The only module that may import procrastinate."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from datetime import datetime, timedelta
from functools import lru_cache

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from assess.core.jobs.services import HEARTBEAT_SECONDS, LEASE_TIME, Lease, LostLeaseError, due_jobs, lease_job
from assess.core.jobs.worker import EXIT_LEASE_LOST, Heartbeat, Worker, exit_process, run_job
from assess.core.logs import log

LATEST_SCHEMA = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""The library's last change of its tables when `first_postgresql.sql` was written. A later one needs a revision of ours."""
_TASK = "assess.job"
_POLL_SECONDS = 0.5
_SWEEP_SECONDS = 1.0
_SWEEPS_PER_CHECK = 30
_RETRY_SECONDS = 2
_OVERDUE = timedelta(seconds=30)
_NOT_IN_PROCRASTINATE = text(
    "NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS theirs LEFT JOIN procrastinate_workers AS worker ON worker.id = worker_id"
    " WHERE task_name = :task AND (args ->> 'job_id')::bigint = job.id"
    " AND (theirs.status = 'todo' AND coalesce(scheduled_at <= now(), true)"
    " OR theirs.status = 'doing' AND coalesce(last_heartbeat < now() + interval '1 minute', true)))"
).bindparams(task=_TASK)
"""Unless Procrastinate hands our job out now, or will soon notice that its worker is dead: not only at some time far off."""


class _RetryAtError(Exception):
    """The job is to be handed out again at this moment."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at


class _RetryStrategy(BaseRetryStrategy):
    """Nothing is ever given up here: whether a job has failed often enough is said by our row."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002  # its signature
        if isinstance(exception, _RetryAtError):
            return RetryDecision(retry_at=exception.at)
        return RetryDecision(retry_in={"seconds": _RETRY_SECONDS})


def defer_to_procrastinate(session: Session, job_id: int, due_at: datetime | None, rank: int) -> None:
    """Have Procrastinate hand out our job, in the transaction of this session. Without `due_at` at once."""
    driver = session.connection().connection.driver_connection
    # the highest priority is handed out first there, the lowest rank here
    ours = _enqueue_app().configure_task(_TASK, schedule_at=due_at, priority=-rank, connection=driver)
    ours.defer(job_id=job_id)


def defer_missing_jobs(session: Session, now: datetime) -> int:
    """Have Procrastinate hand out every overdue job that it does not. Returns how many.

    After a move from SQLite it knows nothing of them; after a clock was set back it would wait for a time far off. That it may
    hand such a job out once more, then, does no harm.
    """
    found = session.scalars(due_jobs(now - _OVERDUE).where(_NOT_IN_PROCRASTINATE)).all()
    for job in found:
        defer_to_procrastinate(session, job.id, None, job.rank)
    return len(found)


def run_procrastinate_loop(shift: Worker, heartbeat: Heartbeat) -> None:
    """Be a worker until told to stop."""
    for talker in ("procrastinate", "psycopg.pool", "asyncio"):
        logging.getLogger(talker).setLevel(logging.CRITICAL)  # their messages hold errors with their values
    address = make_url(shift.settings.database).set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=4))

    @app.task(name=_TASK, retry=_RetryStrategy())
    def look_after(*, job_id: int) -> None:
        """Called in a thread, so that heartbeats go on."""
        again = attempt_job(shift, heartbeat, job_id)
        if again is not None:
            raise _RetryAtError(again)

    asyncio.run(_run_until_stopped(app, shift, heartbeat))


def attempt_job(shift: Worker, heartbeat: Heartbeat, job_id: int) -> datetime | None:
    """Do the job if it is due and nobody else is at it. Returns when to ask again; None when there is nothing left to do."""
    with shift.writing() as (session, now):
        lease = lease_job(session, job_id, shift.owner, now)
    if not isinstance(lease, Lease):
        return lease
    try:
        return run_job(shift, lease, heartbeat.over)
    except LostLeaseError:
        # Procrastinate would now close a row that belongs to the worker who has the job meanwhile
        exit_process(EXIT_LEASE_LOST, "job_lost", lease)
        raise


async def _run_until_stopped(app: App, shift: Worker, heartbeat: Heartbeat) -> None:
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                name=shift.owner,
                fetch_job_polling_interval=_POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                delete_jobs=DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
            )
        )
        sweep = asyncio.create_task(_sweep(app, shift))

        def stop() -> None:
            heartbeat.request_stop()
            worker.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        log("worker_started")
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await worker  # told to stop, it waits for the job at hand
        finally:
            sweep.cancel()


async def _sweep(app: App, shift: Worker) -> None:
    """Hand out again what dead workers left behind, with the two calls the library documents for it.

    As a task of its own instead of a periodic job: it goes on while this worker is busy, and an idle database is not written to.
    """
    rounds = 0
    while True:
        try:
            for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=LEASE_TIME.total_seconds()):
                with contextlib.suppress(ConnectorException):  # another worker's sweep was there first
                    await app.job_manager.retry_job(stalled)
            if rounds % _SWEEPS_PER_CHECK == 0:
                await asyncio.to_thread(_defer_missing_jobs, shift)
        except Exception as error:  # noqa: BLE001  # the database is away: the next round will tell
            log("sweep_failed", error=type(error).__name__)
        rounds += 1
        await asyncio.sleep(_SWEEP_SECONDS)


def _defer_missing_jobs(shift: Worker) -> None:
    with shift.writing() as (session, now):
        defer_missing_jobs(session, now)


@lru_cache
def _enqueue_app() -> App:
    """It never opens a connection of its own: every order travels on the connection of a session."""
    return App(connector=PsycopgConnector())

"""PostgreSQL: Procrastinate hands out the jobs. The only module that may import it.

Procrastinate's own row says no more than "look after job 17" and is deleted once that was done. What became of the job stands
in our row, which also decides: a job that is handed out twice is still begun once. So the sweep may be simple.
"""

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

from assess.kit.jobs.claiming import BEAT_SECONDS, LEASE, Claim, LostJobError, claim, due_jobs
from assess.kit.jobs.running import Shift, carry_out
from assess.kit.jobs.watching import LOST, Watch, end_process
from assess.kit.logs import log

LATEST_SCHEMA = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""The library's last change of its tables when `first_postgresql.sql` was written. A later one needs a revision of ours."""
_TASK = "assess.job"
_POLL_SECONDS = 0.5
_SWEEP_SECONDS = 1.0
_SWEEPS_TO_A_COUNT = 30
_AFTER_TROUBLE_SECONDS = 2
_OVERDUE = timedelta(seconds=30)
_LEFT_OUT = text(
    "NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS theirs LEFT JOIN procrastinate_workers AS worker ON worker.id = worker_id"
    " WHERE task_name = :task AND (args ->> 'job_id')::bigint = job.id"
    " AND (theirs.status = 'todo' AND coalesce(scheduled_at <= now(), true)"
    " OR theirs.status = 'doing' AND coalesce(last_heartbeat < now() + interval '1 minute', true)))"
).bindparams(task=_TASK)
"""Unless Procrastinate hands our job out now, or will soon notice that its worker is dead: not only at some time far off."""


class _AgainError(Exception):
    """The job is to be handed out again at this moment."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at


class _Again(BaseRetryStrategy):
    """Nothing is ever given up here: whether a job has failed often enough is said by our row."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002  # its signature
        if isinstance(exception, _AgainError):
            return RetryDecision(retry_at=exception.at)
        return RetryDecision(retry_in={"seconds": _AFTER_TROUBLE_SECONDS})


def hand_over(session: Session, job_id: int, due_at: datetime | None, rank: int) -> None:
    """Have Procrastinate hand out our job, in the transaction of this session. Without `due_at` at once."""
    driver = session.connection().connection.driver_connection
    # the highest priority is handed out first there, the lowest rank here
    ours = _ordering_app().configure_task(_TASK, schedule_at=due_at, priority=-rank, connection=driver)
    ours.defer(job_id=job_id)


def hand_over_left_out(session: Session, moment: datetime) -> int:
    """Have Procrastinate hand out every overdue job that it does not. Returns how many.

    After a move from SQLite it knows nothing of them; after a clock was set back it would wait for a time far off. That it may
    hand such a job out once more, then, does no harm.
    """
    found = session.scalars(due_jobs(moment - _OVERDUE).where(_LEFT_OUT)).all()
    for job in found:
        hand_over(session, job.id, None, job.rank)
    return len(found)


def work_on(shift: Shift, watch: Watch) -> None:
    """Be a worker until told to stop."""
    for talker in ("procrastinate", "psycopg.pool", "asyncio"):
        logging.getLogger(talker).setLevel(logging.CRITICAL)  # their messages hold errors with their values
    address = make_url(shift.settings.database).set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=4))

    @app.task(name=_TASK, retry=_Again())
    def look_after(*, job_id: int) -> None:
        """Called in a thread, so that heartbeats go on."""
        again = attempt(shift, watch, job_id)
        if again is not None:
            raise _AgainError(again)

    asyncio.run(_until_told(app, shift, watch))


def attempt(shift: Shift, watch: Watch, job_id: int) -> datetime | None:
    """Do the job if it is due and nobody else is at it. Returns when to ask again; None when there is nothing left to do."""
    with shift.writing() as (session, moment):
        held = claim(session, job_id, shift.owner, moment)
    if not isinstance(held, Claim):
        return held
    try:
        return carry_out(shift, held, watch.over)
    except LostJobError:
        # Procrastinate would now close a row that belongs to the worker who has the job meanwhile
        end_process(LOST, "job_lost", held)
        raise


async def _until_told(app: App, shift: Shift, watch: Watch) -> None:
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                name=shift.owner,
                fetch_job_polling_interval=_POLL_SECONDS,
                update_heartbeat_interval=BEAT_SECONDS,
                delete_jobs=DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
            )
        )
        sweep = asyncio.create_task(_sweep(app, shift))

        def stop() -> None:
            watch.stop_soon()
            worker.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        log("worker_started")
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await worker  # told to stop, it waits for the job at hand
        finally:
            sweep.cancel()


async def _sweep(app: App, shift: Shift) -> None:
    """Hand out again what dead workers left behind, with the two calls the library documents for it.

    As a task of its own instead of a periodic job: it goes on while this worker is busy, and an idle database is not written to.
    """
    rounds = 0
    while True:
        try:
            for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=LEASE.total_seconds()):
                with contextlib.suppress(ConnectorException):  # another worker's sweep was there first
                    await app.job_manager.retry_job(stalled)
            if rounds % _SWEEPS_TO_A_COUNT == 0:
                await asyncio.to_thread(_hand_over_left_out, shift)
        except Exception as error:  # noqa: BLE001  # the database is away: the next round will tell
            log("sweep_failed", error=type(error).__name__)
        rounds += 1
        await asyncio.sleep(_SWEEP_SECONDS)


def _hand_over_left_out(shift: Shift) -> None:
    with shift.writing() as (session, moment):
        hand_over_left_out(session, moment)


@lru_cache
def _ordering_app() -> App:
    """It never opens a connection of its own: every order travels on the connection of a session."""
    return App(connector=PsycopgConnector())

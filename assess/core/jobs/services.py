"""Enqueue, lease, finish, fail and retry jobs. Each step is one short transaction; owner and attempt number together prove who holds a lease."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import CursorResult, and_, delete, not_, or_, select, update
from sqlalchemy.orm import Session

from assess.core.clock import MAX_CLOCK_SKEW, UK_ZONE
from assess.core.config import Settings
from assess.core.db import Database, dialect_insert
from assess.core.logs import log
from assess.core.models import ACTIVE_STATES, ACTIVE_STATES_SQL, Job, JobState

DEFAULT_SECONDS = 90
DEFAULT_ATTEMPTS = 3


class UnknownJobError(Exception):
    """A job was ordered whose function this release does not have."""


class JobContext(Protocol):
    """What a job is given beside its arguments.

    Open `database.writing()` only for short steps, and never call `progress` inside one: on SQLite there is one writer.
    """

    @property
    def database(self) -> Database:
        """The database of the site."""

    @property
    def settings(self) -> Settings:
        """The settings of the site; addresses are made from `settings.base_url`."""

    def now(self) -> datetime:
        """This moment in UTC."""

    def progress(self, done: int, total: int) -> None:
        """Say how far it is. Raises `LostLeaseError` when the job was given to another worker meanwhile."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job is due by itself: each day at a local time, or after each span of time."""

    name: str
    at: time | None = None
    every: timedelta | None = None

    def last_due(self, now: datetime) -> datetime:
        """The latest moment, not after this one, at which it was or is due."""
        if self.at is None:
            span = (self.every or timedelta(days=1)).total_seconds()
            return datetime.fromtimestamp(now.timestamp() // span * span, UTC)
        here = now.astimezone(UK_ZONE)
        due = datetime.combine(here.date(), self.at, UK_ZONE)
        if due > here:
            due = datetime.combine(here.date() - timedelta(days=1), self.at, UK_ZONE)
        return due.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class JobType:
    """One kind of job. `seconds` is the longest it may take, `attempts` how often it is begun before it is set aside."""

    name: str
    run: Callable[..., None]
    seconds: int
    attempts: int
    timetable: Schedule | None = None


_job_types: Mapping[str, JobType] = {}


def define_job(  # a job has so many limits, each with a name
    name: str,
    run: Callable[..., None],
    *,
    at: str | None = None,
    every: timedelta | None = None,
    seconds: int = DEFAULT_SECONDS,
    attempts: int = DEFAULT_ATTEMPTS,
) -> JobType:
    """A function that is a job: `def print_document(context: JobContext, *, kind: str, owner: int) -> None`.

    It runs at least once, so doing it twice must be the same as doing it once. After `seconds` its process is ended; after
    `attempts` that failed it is set aside for a person to look at. With `at`, a local time like "03:15", it is also due by itself
    each day, with `every` so often. A time at which no worker was running is made up for once.
    Raises `ValueError` when both `at` and `every` are given.
    """
    if at is not None and every is not None:
        raise ValueError(f"{name} needs a time of day or a span, not both.")
    due = None if at is None and every is None else Schedule(name, time.fromisoformat(at) if at else None, every)
    return JobType(name, run, seconds, attempts, due)


def install_jobs(kinds: Iterable[JobType]) -> None:
    """Instead of those known before; who only orders jobs needs none. Raises `ValueError` when two share a name."""
    global _job_types  # noqa: PLW0603  # the one list of this process
    found: dict[str, JobType] = {}
    for kind in kinds:
        if kind.name in found:
            raise ValueError(f"Two jobs are called {kind.name}.")
        found[kind.name] = kind
    _job_types = found


def get_job_type(name: str) -> JobType:
    """The kind of job of this name. Raises `UnknownJobError` when it is not among those that were installed."""
    try:
        return _job_types[name]
    except KeyError:
        raise UnknownJobError(name) from None


def all_schedules() -> list[Schedule]:
    return [kind.timetable for _name, kind in sorted(_job_types.items()) if kind.timetable is not None]


LEASE_TIME = timedelta(seconds=6)
"""A worker that gave no sign for so long has lost its job."""
MAX_LEASE_TIME = 2 * LEASE_TIME
"""Nobody's lease ends so far ahead, even where two clocks differ a little: the clock was set back since."""
HEARTBEAT_SECONDS = 1.0
WORKER_DIED = "WorkerDied"
TIMED_OUT = "TookTooLong"
_MAX_RETRY_DELAY = timedelta(hours=1)


class LostLeaseError(Exception):
    """The job was given to another worker, or deleted by a person. What this one still does counts for nothing."""


class JobDeletedError(LostLeaseError):
    """The job is not there any more: what it belonged to was deleted. Nobody else does it either."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that is being done, and the token that says by whom. `until` is when it would be lost if nobody renewed it."""

    id: int
    owner: str
    attempts: int
    until: datetime
    kind: JobType
    arguments: dict[str, Any]


def lease_next_job(session: Session, owner: str, now: datetime) -> Lease | None:
    """Take the job whose turn it is, be it new or left behind by a worker that died. None when nothing is due."""
    while (found := session.scalars(due_jobs(now).limit(1).with_for_update(skip_locked=True)).first()) is not None:
        taken = _start_lease(found, owner, now)
        session.flush()
        if taken is not None:
            return taken
    return None


def due_jobs(now: datetime) -> Any:  # noqa: ANN401  # SQLAlchemy's Select of Job
    """The jobs a worker should begin now: by rank, then the longest due first."""
    # A clock may be set back, by a minute or to the day of a snapshot. So a moment in the future that nobody can have
    # meant is no reason to wait: that of a job which was due when it was ordered, or ordered far ahead of now; a longer
    # rest than there is; a longer lease than there is.
    meant = or_(Job.attempts > 0, and_(Job.due_at != Job.made_at, Job.made_at <= now + MAX_CLOCK_SKEW))
    waits = and_(meant, Job.due_at > now, or_(Job.attempts == 0, Job.due_at <= now + _MAX_RETRY_DELAY))
    is_held = and_(Job.lease_until > now, Job.lease_until <= now + MAX_LEASE_TIME)
    fresh = and_(Job.state == JobState.WAITING, not_(waits))
    left_behind = and_(Job.state == JobState.RUNNING, not_(is_held))
    return select(Job).where(or_(fresh, left_behind)).order_by(Job.rank, Job.due_at, Job.id)


def renew_lease(session: Session, lease: Lease, now: datetime) -> None:
    """Keep the job for another while. Raises `LostLeaseError` (it is no longer this worker's)."""
    _update_leased_job(session, lease, lease_until=now + LEASE_TIME)


def save_progress(session: Session, lease: Lease, done: int, total: int) -> None:
    """Write down how far it is. Raises `LostLeaseError` (it is no longer this worker's)."""
    _update_leased_job(session, lease, done=done, total=total)


def finish_job(session: Session, lease: Lease, now: datetime) -> None:
    """The job is done and never tried again. Raises `LostLeaseError` (it is no longer this worker's)."""
    _update_leased_job(session, lease, state=JobState.DONE, ended_at=now, lease_until=None, error=None, place=None)


def fail_job(session: Session, lease: Lease, error: str, place: str, now: datetime) -> datetime | None:
    """The job failed. Returns when it is tried again; None when it is set aside. Raises `LostLeaseError` (it is no longer this worker's)."""
    said = {"error": error[:100], "place": place[:300], "lease_until": None}
    if lease.attempts >= lease.kind.attempts:
        _update_leased_job(session, lease, state=JobState.FAILED, ended_at=now, **said)
        log("job_set_aside", reason=lease.kind.name, error=error, number=lease.attempts)
        return None
    due_at = now + retry_delay(lease.attempts)
    _update_leased_job(session, lease, state=JobState.WAITING, due_at=due_at, **said)
    return due_at


def release_job(session: Session, lease: Lease) -> None:
    """Put the job of a stopping worker back, due as it was; the attempt does not count. Raises `LostLeaseError`."""
    _update_leased_job(session, lease, state=JobState.WAITING, lease_until=None, attempts=lease.attempts - 1)


def retry_delay(attempts: int) -> timedelta:
    """How long a job that failed so often rests: 2 s, 8 s, 32 s … an hour at most."""
    return min(_MAX_RETRY_DELAY, timedelta(seconds=2 * 4 ** min(attempts - 1, 10)))


def _start_lease(found: Job, owner: str, now: datetime) -> Lease | None:
    """Make the row this owner's; or set it aside if it ended its workers, or the release knows it, no more."""
    try:
        kind = get_job_type(found.name)
    except UnknownJobError as error:
        _mark_failed(found, type(error).__name__, now)
        return None
    # each attempt is counted as it begins: one that is still running after the last ended its worker
    if found.attempts >= kind.attempts:
        _mark_failed(found, WORKER_DIED, now)
        return None
    found.state, found.owner, found.attempts = JobState.RUNNING, owner, found.attempts + 1
    found.lease_until, found.started_at = now + LEASE_TIME, now
    found.done = found.total = 0
    return Lease(found.id, owner, found.attempts, now + LEASE_TIME, kind, dict(found.arguments))


def _mark_failed(found: Job, error: str, now: datetime) -> None:
    found.state, found.ended_at, found.lease_until = JobState.FAILED, now, None
    found.error, found.place = error, None
    log("job_set_aside", reason=found.name, error=error, number=found.attempts)


def _update_leased_job(session: Session, lease: Lease, **values: Any) -> None:  # noqa: ANN401  # columns of a row
    # by attempt as well: the same worker may have lost the job and taken it again
    mine = and_(
        Job.id == lease.id, Job.owner == lease.owner, Job.attempts == lease.attempts, Job.state == JobState.RUNNING
    )
    result = session.execute(update(Job).where(mine).values(**values).execution_options(synchronize_session=False))
    if isinstance(result, CursorResult) and result.rowcount != 1:
        is_there = session.scalar(select(Job.id).where(Job.id == lease.id)) is not None
        raise LostLeaseError(lease.kind.name) if is_there else JobDeletedError(lease.kind.name)


MAX_ARGUMENT_LENGTH = 100
ORDER_SHORT, ORDER_LONG, ORDER_AHEAD = 0, 10, 20
"""Ranks: what takes a second never waits for a queue of what takes half a minute, nor a person who waits for what no one is waiting for."""
JobArgument = int | str | bool | None


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a job stands. `done` of `total` is its progress; both are 0 until it says something."""

    id: int
    name: str
    state: JobState
    done: int
    total: int
    attempts: int
    made_at: datetime
    ended_at: datetime | None


def enqueue(
    session: Session,
    name: str,
    *,
    key: str | None = None,
    after: timedelta | None = None,
    about: uuid.UUID | None = None,
    rank: int = ORDER_SHORT,
    now: datetime,
    **arguments: JobArgument,
) -> int:
    """Order a job and return its id. It runs once this session is committed, and never if it is not.

    While a job with the same `key` waits or runs, nothing is ordered and that one's id is returned.

    Args:
        session: the session that writes what the job belongs to.
        name: as in `@job(name)`. It need not be known in this process.
        key: what must not be under way twice.
        after: not before this much time has passed.
        about: the assessment it belongs to; the job is deleted with it.
        rank: what of all that is due comes first, the lowest.
        now: the moment of the order.
        **arguments: ids, flags and short slugs. What people wrote stays in its own table.
    Raises `ValueError` for an argument that is no id, flag or short text.
    """
    for what, value in arguments.items():
        if not isinstance(value, JobArgument) or (isinstance(value, str) and len(value) > MAX_ARGUMENT_LENGTH):
            raise ValueError(f"{what} is no id, flag or short text: a job gets ids and reads the rest itself.")
    due_at = now + (after or timedelta())
    while True:
        made = _insert_job(
            session,
            name=name,
            arguments=arguments,
            key=key,
            about=about,
            rank=rank,
            state=JobState.WAITING,
            due_at=due_at,
            made_at=now,
        )
        if made is not None:
            return made
        found = session.scalars(select(Job.id).where(Job.key == key, Job.state.in_(ACTIVE_STATES))).first()
        if found is not None:
            return found
        # the other one ended between the two statements: order again


def latest_job_with_key(session: Session, key: str) -> JobStatus | None:
    newest = select(Job).where(Job.key == key).order_by(Job.id.desc()).limit(1)
    row = session.scalars(newest.execution_options(populate_existing=True)).first()
    if row is None:
        return None
    return JobStatus(row.id, row.name, row.state, row.done, row.total, row.attempts, row.made_at, row.ended_at)


def _insert_job(session: Session, **values: Any) -> int | None:  # noqa: ANN401  # columns of a row
    """The id of the new row; None when the key is taken. A rival that has not committed yet is waited for."""
    return session.scalars(
        dialect_insert(session, Job)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["key"], index_where=ACTIVE_STATES_SQL)
        .returning(Job.id)
    ).first()


_ERROR_SENTENCES = {
    WORKER_DIED: "its worker died each time",
    TIMED_OUT: "it took longer than it may",
    "UnknownJobError": "this release does not know such a job",
}


class NoSuchJobError(Exception):
    """There is no job of this id that was set aside."""


class DuplicateJobError(Exception):
    """A newer job for the same thing is under way already."""


def unfinished_jobs(session: Session) -> Sequence[Job]:
    """All jobs that wait, run or were set aside, the oldest first."""
    return session.scalars(select(Job).where(Job.state != JobState.DONE).order_by(Job.id)).all()


def failure_reason(row: Job) -> str:
    """Why a job failed last, in words; empty if it never did."""
    if row.error is None:
        return ""
    said = _ERROR_SENTENCES.get(row.error, f"it raised {row.error}")
    return f"{said} ({row.place})" if row.place else said


def retry_job(session: Session, job_id: int, now: datetime) -> None:
    """Let a job that was set aside wait again, with all its attempts.

    Raises `NoSuchJobError` when no job of this id was set aside; `DuplicateJobError` when the same was ordered again meanwhile.
    """
    found = _get_failed_job(session, job_id)
    taken = select(Job.id).where(Job.key == found.key, Job.state.in_(ACTIVE_STATES))
    if found.key is not None and session.scalars(taken).first() is not None:
        raise DuplicateJobError
    found.state, found.due_at, found.attempts, found.ended_at = JobState.WAITING, now, 0, None
    # ordered and due at the same moment: `due_jobs` then begins it even after the clock was set back
    found.made_at = now
    session.flush()


def delete_failed_job(session: Session, job_id: int) -> None:
    """Remove a job that was set aside. Raises `NoSuchJobError` when no job of this id was set aside."""
    session.delete(_get_failed_job(session, job_id))


def delete_old_done_jobs(session: Session, now: datetime) -> None:
    """Remove the rows of jobs that were done a week ago. Those set aside stay until a person decides."""
    old = (Job.state == JobState.DONE, Job.ended_at < now - timedelta(days=7))
    session.execute(delete(Job).where(*old).execution_options(synchronize_session=False))


def _get_failed_job(session: Session, job_id: int) -> Job:
    found = session.get(Job, job_id, populate_existing=True)
    if found is None or found.state != JobState.FAILED:
        raise NoSuchJobError
    return found

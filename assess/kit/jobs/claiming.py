"""Whose a job is: taking it for a while, keeping it, letting it go. Every step is one short transaction.

Each taking adds one to `attempts`. Owner and attempts together are a token: who comes back after a pause with an old one finds
that nothing of his is written any more. So one job has one end, on both databases and whatever engine handed it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, not_, or_, select, update
from sqlalchemy.orm import Session

from assess.kit.clock import FAR_AHEAD
from assess.kit.jobs.models import Job, JobState
from assess.kit.jobs.registry import Kind, UnknownJobError, kind_of
from assess.kit.logs import log

LEASE = timedelta(seconds=6)
"""A worker that gave no sign for so long has lost its job."""
LONGEST_LEASE = 2 * LEASE
"""Nobody's lease ends so far ahead, even where two clocks differ a little: the clock was set back since."""
BEAT_SECONDS = 1.0
DIED = "WorkerDied"
HUNG = "TookTooLong"
_LONGEST_WAIT = timedelta(hours=1)


class LostJobError(Exception):
    """The job was given to another worker, or somebody set it aside. What this one still does counts for nothing."""


class ForgottenJobError(LostJobError):
    """The job is not there any more: what it belonged to was deleted. Nobody else does it either."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is being done, and the token that says by whom. `until` is when it would be lost if nobody renewed it."""

    id: int
    owner: str
    attempts: int
    until: datetime
    kind: Kind
    arguments: dict[str, Any]


def claim_next(session: Session, owner: str, moment: datetime) -> Claim | None:
    """Take the job whose turn it is, be it new or left behind by a worker that died. None when nothing is due."""
    while (found := session.scalars(due_jobs(moment).limit(1).with_for_update(skip_locked=True)).first()) is not None:
        taken = _take(found, owner, moment)
        session.flush()
        if taken is not None:
            return taken
    return None


def claim(session: Session, job_id: int, owner: str, moment: datetime) -> Claim | datetime | None:
    """Take this job. Returns the moment to try again if it is not due yet or somebody is at it; None if nothing is left to do."""
    found = session.get(Job, job_id, with_for_update=True, populate_existing=True)
    if found is None or found.state in {JobState.DONE, JobState.SET_ASIDE}:
        return None
    if session.scalars(due_jobs(moment).where(Job.id == job_id)).first() is None:
        return found.due_at if found.state == JobState.WAITING else found.lease_until
    return _take(found, owner, moment)


def due_jobs(moment: datetime) -> Any:  # noqa: ANN401  # SQLAlchemy's Select of Job
    """The jobs somebody should begin now: by rank, then the longest due first.

    A clock may be set back, by a minute or to the day of a snapshot. So a moment in the future that nobody can have meant is no
    reason to wait: that of a job which was due when it was ordered, or ordered far ahead of now; a longer rest than there is; a
    longer lease than there is.
    """
    meant = or_(Job.attempts > 0, and_(Job.due_at != Job.made_at, Job.made_at <= moment + FAR_AHEAD))
    waits = and_(meant, Job.due_at > moment, or_(Job.attempts == 0, Job.due_at <= moment + _LONGEST_WAIT))
    is_held = and_(Job.lease_until > moment, Job.lease_until <= moment + LONGEST_LEASE)
    fresh = and_(Job.state == JobState.WAITING, not_(waits))
    left_behind = and_(Job.state == JobState.RUNNING, not_(is_held))
    return select(Job).where(or_(fresh, left_behind)).order_by(Job.rank, Job.due_at, Job.id)


def renew(session: Session, held: Claim, moment: datetime) -> None:
    """Keep the job for another while.

    Raises:
        LostJobError: it is no longer this worker's.
    """
    _write(session, held, lease_until=moment + LEASE)


def note_progress(session: Session, held: Claim, done: int, total: int) -> None:
    """Write down how far it is.

    Raises:
        LostJobError: it is no longer this worker's.
    """
    _write(session, held, done=done, total=total)


def finish(session: Session, held: Claim, moment: datetime) -> datetime | None:
    """The job is done and never tried again, so there is no moment to return.

    Raises:
        LostJobError: it is no longer this worker's.
    """
    _write(session, held, state=JobState.DONE, ended_at=moment, lease_until=None, error=None, place=None)
    return None


def fail(session: Session, held: Claim, error: str, place: str, moment: datetime) -> datetime | None:
    """The job failed. Returns when it is tried again; None when it is set aside.

    Raises:
        LostJobError: it is no longer this worker's.
    """
    said = {"error": error[:100], "place": place[:300], "lease_until": None}
    if held.attempts >= held.kind.attempts:
        _write(session, held, state=JobState.SET_ASIDE, ended_at=moment, **said)
        log("job_set_aside", reason=held.kind.name, error=error, number=held.attempts)
        return None
    due_at = moment + wait_after(held.attempts)
    _write(session, held, state=JobState.WAITING, due_at=due_at, **said)
    return due_at


def let_go(session: Session, held: Claim) -> None:
    """Put the job back because its worker has to stop: due as it was. That attempt is not held against it.

    Raises:
        LostJobError: it is no longer this worker's.
    """
    _write(session, held, state=JobState.WAITING, lease_until=None, attempts=held.attempts - 1)


def wait_after(attempts: int) -> timedelta:
    """How long a job that failed so often rests: 2 s, 8 s, 32 s … an hour at most."""
    return min(_LONGEST_WAIT, timedelta(seconds=2 * 4 ** min(attempts - 1, 10)))


def _take(found: Job, owner: str, moment: datetime) -> Claim | None:
    """Make the row this owner's; or set it aside if it ended its workers, or the release knows it, no more."""
    try:
        kind = kind_of(found.name)
    except UnknownJobError as error:
        _set_aside(found, type(error).__name__, moment)
        return None
    if found.attempts >= kind.attempts:
        _set_aside(found, DIED, moment)
        return None
    found.state, found.owner, found.attempts = JobState.RUNNING, owner, found.attempts + 1
    found.lease_until, found.started_at = moment + LEASE, moment
    found.done = found.total = 0
    return Claim(found.id, owner, found.attempts, moment + LEASE, kind, dict(found.arguments))


def _set_aside(found: Job, error: str, moment: datetime) -> None:
    found.state, found.ended_at, found.lease_until = JobState.SET_ASIDE, moment, None
    found.error, found.place = error, None
    log("job_set_aside", reason=found.name, error=error, number=found.attempts)


def _write(session: Session, held: Claim, **values: Any) -> None:  # noqa: ANN401  # columns of a row
    mine = and_(
        Job.id == held.id, Job.owner == held.owner, Job.attempts == held.attempts, Job.state == JobState.RUNNING
    )
    result = session.execute(update(Job).where(mine).values(**values).execution_options(synchronize_session=False))
    if isinstance(result, CursorResult) and result.rowcount != 1:
        is_there = session.scalar(select(Job.id).where(Job.id == held.id)) is not None
        raise LostJobError(held.kind.name) if is_there else ForgottenJobError(held.kind.name)

"""What a person may look at and decide: jobs that wait, run or were set aside. And what is forgotten by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.kit.jobs.claiming import DIED, HUNG
from assess.kit.jobs.models import LIVE, Job, JobState
from assess.kit.jobs.ordering import hand_over

DONE_DAYS = 7
_WORDS = {
    DIED: "its worker died each time",
    HUNG: "it took longer than it may",
    "UnknownJobError": "this release does not know such a job",
}


class NoSuchJobError(Exception):
    """There is no job of this id that was set aside."""


class KeyTakenError(Exception):
    """A newer job for the same thing is under way already."""


def left_to_do(session: Session) -> Sequence[Job]:
    """All jobs that wait, run or were set aside, the oldest first."""
    return session.scalars(select(Job).where(Job.state != JobState.DONE).order_by(Job.id)).all()


def reason_of(row: Job) -> str:
    """Why a job failed last, in words; empty if it never did."""
    if row.error is None:
        return ""
    said = _WORDS.get(row.error, f"it raised {row.error}")
    return f"{said} ({row.place})" if row.place else said


def try_again(session: Session, job_id: int, now: datetime) -> None:
    """Let a job that was set aside wait again, with all its attempts.

    Raises:
        NoSuchJobError: when no job of this id was set aside.
        KeyTakenError: when the same was ordered again meanwhile.
    """
    found = _set_aside(session, job_id)
    taken = select(Job.id).where(Job.key == found.key, Job.state.in_(LIVE))
    if found.key is not None and session.scalars(taken).first() is not None:
        raise KeyTakenError
    found.state, found.due_at, found.attempts, found.ended_at = JobState.WAITING, now, 0, None
    found.made_at = now
    session.flush()
    hand_over(session, job_id, None, found.rank)


def forget(session: Session, job_id: int) -> None:
    """Remove a job that was set aside.

    Raises:
        NoSuchJobError: when no job of this id was set aside.
    """
    session.delete(_set_aside(session, job_id))


def forget_done(session: Session, moment: datetime) -> None:
    """Remove the rows of jobs that were done a week ago. Those set aside stay until a person decides."""
    old = (Job.state == JobState.DONE, Job.ended_at < moment - timedelta(days=DONE_DAYS))
    session.execute(delete(Job).where(*old).execution_options(synchronize_session=False))


def number_set_aside(session: Session) -> int:
    """How many jobs wait for a person."""
    return session.scalars(select(func.count()).select_from(Job).where(Job.state == JobState.SET_ASIDE)).one()


def _set_aside(session: Session, job_id: int) -> Job:
    found = session.get(Job, job_id, populate_existing=True)
    if found is None or found.state != JobState.SET_ASIDE:
        raise NoSuchJobError
    return found

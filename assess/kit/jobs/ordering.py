"""How a room orders work: in the transaction of what it belongs to, so that neither is ever there without the other."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.jobs.models import LIVE, LIVE_IN_WORDS, Job, JobState

LONGEST_TEXT = 100
SHORT, LONG, AHEAD = 0, 10, 20
"""Ranks: what takes a second never waits for a queue of what takes half a minute, nor somebody who waits for what nobody does."""
Argument = int | str | bool | None


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


def defer(
    session: Session,
    name: str,
    *,
    key: str | None = None,
    after: timedelta | None = None,
    about: uuid.UUID | None = None,
    rank: int = SHORT,
    now: datetime,
    **arguments: Argument,
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

    Raises:
        ValueError: for an argument that is no id, flag or short text.
    """
    for what, value in arguments.items():
        if not isinstance(value, Argument) or (isinstance(value, str) and len(value) > LONGEST_TEXT):
            raise ValueError(f"{what} is no id, flag or short text: a job gets ids and reads the rest itself.")
    due_at = now + (after or timedelta())
    while True:
        made = _insert(
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
            hand_over(session, made, due_at if after else None, rank)
            return made
        found = session.scalars(select(Job.id).where(Job.key == key, Job.state.in_(LIVE))).first()
        if found is not None:
            return found
        # the other one ended between the two statements: order again


def hand_over(session: Session, job_id: int, due_at: datetime | None, rank: int) -> None:
    """Tell the engine of this database about a waiting job. On SQLite the runner looks into our table itself."""
    if session.get_bind().dialect.name == "postgresql":
        # read only where it is needed: on SQLite nobody pays for the library
        from assess.kit.jobs import procrastinate_engine  # noqa: PLC0415  # see above

        procrastinate_engine.hand_over(session, job_id, due_at, rank)


def status_of(session: Session, job_id: int) -> JobStatus | None:
    """How a job stands; None when there is none, or it was done so long ago that it is forgotten."""
    return _status(session.get(Job, job_id, populate_existing=True))


def latest_with_key(session: Session, key: str) -> JobStatus | None:
    """How the job that was last ordered with this key stands."""
    newest = select(Job).where(Job.key == key).order_by(Job.id.desc()).limit(1)
    return _status(session.scalars(newest.execution_options(populate_existing=True)).first())


def _insert(session: Session, **values: Any) -> int | None:  # noqa: ANN401  # columns of a row
    """The id of the new row; None when the key is taken. A rival that has not committed yet is waited for."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    unless_taken = (
        insert(Job).values(**values).on_conflict_do_nothing(index_elements=["key"], index_where=LIVE_IN_WORDS)
    )
    return session.scalars(unless_taken.returning(Job.id)).first()


def _status(row: Job | None) -> JobStatus | None:
    if row is None:
        return None
    return JobStatus(row.id, row.name, row.state, row.done, row.total, row.attempts, row.made_at, row.ended_at)

"""Periodic jobs: each time they are due they are ordered once, whoever looks at the clock first.

The last time of each stands in a row. Ordering and moving it on are one transaction, so two workers never order one time twice,
and a time at which nobody was there is made up for once. A last time that lies far ahead was written before the clock was set back
and holds nothing up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.clock import FAR_AHEAD
from assess.kit.jobs.models import LastTime
from assess.kit.jobs.ordering import defer
from assess.kit.jobs.registry import Timetable, timetables

_WORKER = "worker seen"


def tick(session: Session, tables: Sequence[Timetable], now: datetime) -> list[int]:
    """Order those of these jobs whose last due time nobody saw to yet. Returns the ids of the new jobs."""
    return [
        defer(session, table.name, key=f"periodic:{table.name}", now=now)
        for table in tables
        if _move_on(session, f"periodic:{table.name}", table.last_due(now), now)
    ]


def tick_all(session: Session, now: datetime) -> list[int]:
    """The same for all periodic jobs there are."""
    return tick(session, timetables(), now)


def note_sign_of_life(session: Session, now: datetime) -> None:
    """Write down that a worker is there."""
    _move_on(session, _WORKER, now, now)


def worker_seen_at(session: Session) -> datetime | None:
    """When any worker last gave a sign of life."""
    found = session.get(LastTime, _WORKER, populate_existing=True)
    return found.at if found else None


def _move_on(session: Session, what: str, at: datetime, now: datetime) -> bool:
    """Whether this is later than what was known, and is known now. What was known of the far future counts for nothing."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(LastTime).values(what=what, at=at)
    is_news = or_(LastTime.at < at, LastTime.at > now + FAR_AHEAD)
    later = row.on_conflict_do_update(index_elements=["what"], set_={"at": at}, where=is_news)
    return session.scalars(later.returning(LastTime.what)).first() is not None

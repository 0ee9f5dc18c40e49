"""PostgreSQL: Procrastinate hands out the jobs. The only module that may import it.

Procrastinate's own row says no more than "look after job 17" and is deleted once that was done. What became of the job stands
in our row, which also decides: a job that is handed out twice is still begun once.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from procrastinate import App, PsycopgConnector
from procrastinate.schema import SchemaManager
from sqlalchemy.orm import Session

_TASK = "assess.job"


def schema() -> str:
    """The statements that make the library's own tables and functions."""
    return SchemaManager.get_schema()


def hand_over(session: Session, job_id: int, due_at: datetime | None) -> None:
    """Have Procrastinate hand out our job, in the transaction of this session. Without `due_at` at once."""
    driver = session.connection().connection.driver_connection
    _ordering_app().configure_task(_TASK, schedule_at=due_at, connection=driver).defer(job_id=job_id)


@lru_cache
def _ordering_app() -> App:
    """It never opens a connection of its own: every order travels on the connection of a session."""
    return App(connector=PsycopgConnector())

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.core.models import Job, JobState


def a_job(now: datetime, **values: object) -> Job:
    return Job(name="note", arguments={}, due_at=now, made_at=now, **{"state": JobState.WAITING} | values)


@pytest.mark.both_databases
def test_a_key_is_unique_only_while_its_job_lives(session: Session, now: datetime) -> None:
    session.add_all([a_job(now, key="k", state=state) for state in (JobState.DONE, JobState.FAILED, JobState.DONE)])
    session.add_all([a_job(now, key=None), a_job(now, key=None), a_job(now, key="k", state=JobState.RUNNING)])
    session.flush()
    session.add(a_job(now, key="k"))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.both_databases
def test_a_state_nobody_knows_is_refused(session: Session, now: datetime) -> None:
    session.add(a_job(now))
    session.flush()
    with pytest.raises(IntegrityError):
        session.connection().exec_driver_sql("UPDATE job SET state = 'asleep'")

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from assess.assessments.ordering_files import FileKey, key_of_file, order_file, order_first_files
from assess.assessments.removing import delete_assessment
from assess.assessments.submitting import reopen, submit
from assess.kit.db import Database, database
from assess.kit.jobs.claiming import due_jobs
from assess.kit.jobs.models import Job, JobState
from assess.kit.mail.outbox import Mail, queue

RECORD = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.0, "band": "low"},
    "actions": [],
    "duties": [],
}
HANDED_OUT = "SELECT args ->> 'job_id' FROM procrastinate_jobs ORDER BY priority DESC, id"
"""What Procrastinate hands out, in turn."""


@pytest.fixture
def submission_id(database: Database, begun: uuid.UUID, now: datetime) -> int:
    with database.writing() as session:
        return submit(session, begun, lambda _said: RECORD, now).id


def jobs(session: Session) -> list[Job]:
    return list(session.scalars(select(Job).order_by(Job.id)))


def test_the_first_files_are_those_people_look_for(session: Session, submission_id: int, now: datetime) -> None:
    order_first_files(session, submission_id, now)
    order_first_files(session, submission_id, now)
    found = jobs(session)
    assert [(job.name, job.arguments) for job in found] == [
        ("print_copy", {"submission_id": submission_id, "copy": "business"}),
        ("print_copy", {"submission_id": submission_id, "copy": "buyer"}),
    ]
    assert {job.state for job in found} == {JobState.WAITING}


def test_whoever_asks_for_what_is_under_way_joins_it(
    session: Session, begun: uuid.UUID, submission_id: int, now: datetime
) -> None:
    first = order_file(session, submission_id, "business", now, 3)
    assert order_file(session, submission_id, "business", now, 3) == first
    reopen(session, begun, now)
    corrected = submit(session, begun, lambda _said: RECORD, now).id
    others = [
        order_file(session, submission_id, "business", now),
        order_file(session, submission_id, "business", now, 4),
        order_file(session, submission_id, "large", now, 3),
        order_file(session, corrected, "business", now, 3),
    ]
    assert len({first, *others}) == 5


@pytest.mark.both_databases
def test_nothing_of_it_is_left_once_the_assessment_is_deleted(
    session: Session, begun: uuid.UUID, another: uuid.UUID, submission_id: int, now: datetime
) -> None:
    for state in JobState:
        made = order_file(session, submission_id, "business", now)
        session.get_one(Job, made).state = state
        session.flush()
    theirs = submit(session, another, lambda _said: RECORD, now).id
    kept = order_file(session, theirs, "business", now)
    delete_assessment(session, begun)
    session.expire_all()
    assert [job.id for job in jobs(session)] == [kept]
    if session.get_bind().dialect.name == "postgresql":
        assert session.scalars(text(HANDED_OUT)).all() == [str(kept)]
    assert order_file(session, submission_id, "business", now) is None
    assert key_of_file(session, submission_id, "business") is None


@pytest.mark.both_databases
def test_prints_let_a_mail_go_first(session: Session, begun: uuid.UUID, submission_id: int, now: datetime) -> None:
    order_first_files(session, submission_id, now)
    queue(session, Mail("told", "a@example.org", "Hello", "Hello", about=begun), now + timedelta(minutes=5))
    last = jobs(session)[-1]
    assert last.name == "send_mail"
    assert session.scalars(due_jobs(now + timedelta(hours=1))).first() is last
    if session.get_bind().dialect.name == "postgresql":
        assert session.scalars(text(HANDED_OUT)).first() == str(last.id)


def test_the_longest_key_fits_into_its_column() -> None:
    key = FileKey(uuid.UUID(int=2**128 - 1), 2**31, "coordinator", 2**63)
    assert len(str(key)) <= Job.__table__.c.key.type.length  # type: ignore[attr-defined]  # it is a String


def test_submitting_orders_them_in_its_own_transaction(app: Flask, visit: Any, begin: Any, identify: Any) -> None:
    home = begin(length="quick")
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    with app.app_context(), database().reading() as look:
        assert sorted(job.arguments["copy"] for job in jobs(look)) == ["business", "buyer"]

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.ordering_files import key_of_file, order_file, order_first_files
from assess.kit.db import database
from assess.kit.jobs.models import Job, JobState


def jobs(session: Session) -> list[Job]:
    return list(session.scalars(select(Job).order_by(Job.id)))


def test_the_first_files_are_those_people_look_for(session: Session, now: datetime) -> None:
    order_first_files(session, 7, now)
    order_first_files(session, 7, now)
    found = jobs(session)
    assert [(job.name, job.arguments) for job in found] == [
        ("print_copy", {"submission_id": 7, "copy": "business"}),
        ("print_copy", {"submission_id": 7, "copy": "buyer"}),
    ]
    assert {job.state for job in found} == {JobState.WAITING}


def test_whoever_asks_for_what_is_under_way_joins_it(session: Session, now: datetime) -> None:
    first = order_file(session, 7, "business", now, "ab" * 32)
    assert order_file(session, 7, "business", now, "ab" * 32) == first
    others = [
        order_file(session, 7, "business", now),
        order_file(session, 7, "business", now, "ac" * 32),
        order_file(session, 7, "large", now, "ab" * 32),
        order_file(session, 8, "business", now, "ab" * 32),
    ]
    assert len({first, *others}) == 5


def test_the_longest_key_fits_into_its_column() -> None:
    assert len(key_of_file(2**63, "coordinator", "f" * 64)) <= Job.__table__.c.key.type.length  # type: ignore[attr-defined]  # it is a String


def test_submitting_orders_them_in_its_own_transaction(app: Flask, visit: Any, begin: Any, identify: Any) -> None:
    home = begin(length="quick")
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    with app.app_context(), database().reading() as look:
        assert sorted(job.arguments["copy"] for job in jobs(look)) == ["business", "buyer"]

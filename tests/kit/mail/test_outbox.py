from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.removing import delete_assessment
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.models import Job
from assess.kit.jobs.running import run_waiting
from assess.kit.mail import sending
from assess.kit.mail.models import Outgoing
from assess.kit.mail.outbox import KEPT_AFTER, LONGEST_WAIT, give_up_outdated, queue, withdraw
from tests.kit.mail.conftest import CANARY, a_mail
from tests.postboxes import Postbox

pytestmark = pytest.mark.both_databases

assert sending  # it defines the job


def count(session: Session, table: type[Outgoing | Job]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_mail_is_there_with_its_job_or_not_at_all(
    database: Database, begun: uuid.UUID, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    with database.new_session(writes=True) as session:
        assert queue(session, a_mail(begun), now)
        assert (count(session, Outgoing), count(session, Job)) == (1, 1)
        session.rollback()
    with database.reading() as session:
        assert (count(session, Outgoing), count(session, Job)) == (0, 0)
    assert run_waiting(database, mail_settings, lambda: now) == 0
    assert postbox.raw == []


def test_what_is_committed_is_sent_by_the_worker_once(
    database: Database, waiting: int, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    assert run_waiting(database, mail_settings, lambda: now) == 1
    assert [to for _, to in postbox.envelopes] == [[CANARY]]
    assert run_waiting(database, mail_settings, lambda: now + timedelta(days=2)) == 0
    with database.reading() as session:
        row = session.get(Outgoing, waiting)
        assert row is not None
        assert (row.to_address, row.body, row.sent_at) == ("", "", now)


@pytest.mark.usefixtures("waiting")
def test_the_same_event_is_told_once_even_when_it_went_long_ago(
    database: Database, begun: uuid.UUID, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    with database.writing() as session:
        assert not queue(session, a_mail(begun), now)
    run_waiting(database, mail_settings, lambda: now)
    with database.writing() as session:
        assert not queue(session, a_mail(begun), now)
    run_waiting(database, mail_settings, lambda: now)
    assert len(postbox.raw) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "jo@farm.example\nBcc: al@farm.example"},
        {"subject": "x\r\nBcc: al@farm.example"},
        {"stop": "https://x.example/\nBcc: al@farm.example"},
        {"event": "x\ny"},
        {"event": ""},
        {"event": "e" * 200},
    ],
)
def test_nothing_that_could_add_a_header_is_taken(
    session: Session, begun: uuid.UUID, changes: dict[str, str], now: datetime
) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        queue(session, a_mail(begun, **changes), now)


def test_what_is_withdrawn_is_forgotten_and_not_sent(
    database: Database, waiting: int, begun: uuid.UUID, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    with database.writing() as session:
        queue(session, a_mail(begun, "reminder:abd:2026-11-24", to="other@farm.example"), now)
        withdraw(session, "reminder:abc:", now)
    run_waiting(database, mail_settings, lambda: now)
    assert [to for _, to in postbox.envelopes] == [["other@farm.example"]]
    with database.reading() as session:
        row = session.get(Outgoing, waiting)
        assert row is not None
        assert (row.to_address, row.ended_at, row.sent_at) == ("", now, None)


@pytest.mark.usefixtures("waiting")
def test_a_mail_goes_with_its_assessment(
    database: Database, begun: uuid.UUID, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    with database.writing() as session:
        delete_assessment(session, begun)
    run_waiting(database, mail_settings, lambda: now)
    assert postbox.raw == []
    with database.reading() as session:
        assert count(session, Outgoing) == 0


def test_an_address_that_nobody_could_write_to_is_not_kept(database: Database, waiting: int, now: datetime) -> None:
    with database.writing() as session:
        assert give_up_outdated(session, now + LONGEST_WAIT) == 0
        assert give_up_outdated(session, now + LONGEST_WAIT + timedelta(minutes=1)) == 1
    with database.reading() as session:
        row = session.get(Outgoing, waiting)
        assert row is not None
        assert row.to_address == ""
        assert not row.waits
    with database.writing() as session:
        give_up_outdated(session, now + KEPT_AFTER + timedelta(days=1))
        assert count(session, Outgoing) == 0

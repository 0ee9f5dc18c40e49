from __future__ import annotations

import json
import threading
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.claiming import LEASE, LostJobError, claim_next
from assess.kit.jobs.models import Job
from assess.kit.jobs.ordering import defer, status_of
from assess.kit.jobs.registry import Work
from assess.kit.jobs.running import Shift, carry_out, run_waiting
from tests.kit.jobs.jobs_of_a_test import job

pytestmark = pytest.mark.both_databases


def order(database: Database, now: datetime, **arguments: int) -> int:
    with database.writing() as session:
        return defer(session, "note", now=now, **arguments)


def test_a_job_gets_its_arguments_the_site_and_the_clock(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    seen: list[object] = []

    @job("note")
    def note(work: Work, *, number: int) -> None:
        seen.extend([number, work.database, work.settings, work.now()])

    order(database, now, number=7)
    assert run_waiting(database, plain_settings, lambda: now) == 1
    assert seen == [7, database, plain_settings, now]


def test_a_job_may_order_another_which_runs_in_the_same_go(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    @job("note")
    def note(work: Work, *, number: int) -> None:
        if number:
            with work.database.writing() as session:
                defer(session, "note", now=work.now(), number=number - 1)

    order(database, now, number=3)
    assert run_waiting(database, plain_settings, lambda: now) == 4


def test_what_raises_is_logged_without_values_and_tried_again_later(
    database: Database, plain_settings: Settings, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    @job("note", attempts=2)
    def note(_work: Work) -> None:
        raise ZeroDivisionError("Fen Edge Growers")

    made = order(database, now)
    assert run_waiting(database, plain_settings, lambda: now) == 1
    out = capsys.readouterr().out
    line = json.loads(out)
    assert (line["event"], line["reason"], line["error"]) == ("job_failed", "note", "ZeroDivisionError")
    assert "Fen Edge" not in out
    assert run_waiting(database, plain_settings, lambda: now + timedelta(seconds=2)) == 1
    assert (
        '"event": "job_set_aside", "reason": "note", "error": "ZeroDivisionError", "number": 2'
        in capsys.readouterr().out
    )
    with database.reading() as session:
        ended = status_of(session, made)
    assert ended is not None
    assert (ended.state, ended.attempts) == ("set_aside", 2)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_lease_counts_from_when_the_write_lock_was_had(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    """On a busy SQLite the wait for the lock may be as long as the lease; counted from before it, the job is lost at once."""
    began = time.monotonic()
    shift = Shift.begin(database, plain_settings, lambda: now + timedelta(seconds=time.monotonic() - began))
    holding = threading.Event()

    def hold() -> None:
        with database.writing() as session:
            session.connection()
            holding.set()
            time.sleep(0.5)

    other = threading.Thread(target=hold)
    other.start()
    holding.wait()
    with shift.writing() as (_session, moment):
        assert moment - now >= timedelta(seconds=0.4)
    other.join()


def test_a_job_whose_taking_took_longer_than_the_lease_is_not_begun_by_two(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    ran: list[int] = []
    job("note")(lambda _work: ran.append(1))
    order(database, now)
    moments = [now]
    slow, quick = (Shift.begin(database, plain_settings, lambda: moments[0]) for _ in range(2))
    with slow.writing() as (session, moment):
        old = claim_next(session, slow.owner, moment)
    moments[0] = now + LEASE
    with quick.writing() as (session, moment):
        new = claim_next(session, quick.owner, moment)
    assert old is not None
    assert new is not None
    with pytest.raises(LostJobError):
        carry_out(slow, old)
    assert ran == []
    carry_out(quick, new)
    assert ran == [1]


def test_a_job_that_goes_with_what_it_belonged_to_ends_quietly(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    @job("note")
    def note(work: Work, *, number: int) -> None:
        with work.database.writing() as session:
            session.execute(delete(Job).where(Job.id == number))
        if number == 1:
            work.progress(1, 2)

    for number in (1, 2):
        assert order(database, now, number=number) == number
    assert run_waiting(database, plain_settings, lambda: now) == 2
    assert order(database, now, number=4) == 3, "its number is not given again"


def test_a_job_that_was_given_away_stops_at_its_next_progress(
    database: Database, plain_settings: Settings, now: datetime
) -> None:
    went_on: list[int] = []

    @job("note")
    def note(work: Work) -> None:
        with work.database.writing() as session:
            session.execute(update(Job).values(owner="another", attempts=2))
        work.progress(1, 2)
        went_on.append(1)

    made = order(database, now)
    shift = Shift.begin(database, plain_settings, lambda: now)
    with database.writing() as session:
        held = claim_next(session, shift.owner, now)
    assert held is not None
    with pytest.raises(LostJobError):
        carry_out(shift, held)
    assert went_on == []
    with database.reading() as session:
        status = status_of(session, made)
    assert status is not None
    assert (status.state, status.done) == ("running", 0)

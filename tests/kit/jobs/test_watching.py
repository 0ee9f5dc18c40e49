from __future__ import annotations

import os
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs import watching
from assess.kit.jobs.claiming import LEASE, Claim, claim_next
from assess.kit.jobs.models import Job
from assess.kit.jobs.ordering import defer
from assess.kit.jobs.running import Shift
from assess.kit.jobs.ticking import worker_seen_at
from assess.kit.jobs.watching import HANGS, LOST, Watch
from tests.kit.jobs.jobs_of_a_test import job

pytestmark = pytest.mark.both_databases


class Ended(BaseException):
    """Stands for the end of the process, which a test cannot survive."""


@pytest.fixture
def shift(database: Database, plain_settings: Settings, now: datetime) -> Shift:
    moment = [now]
    made = Shift.begin(database, plain_settings, lambda: moment[0])
    job("note", seconds=1)(lambda _work: None)
    with database.writing() as session:
        defer(session, "note", now=now)
    return made


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statuses with which this process would have ended."""
    statuses: list[int] = []

    def end(status: int) -> None:
        statuses.append(status)
        raise Ended

    monkeypatch.setattr(os, "_exit", end)
    return statuses


def held_by(shift: Shift) -> Claim:
    with shift.database.writing() as session:
        held = claim_next(session, shift.owner, shift.clock())
    assert held is not None
    return held


def row_of(shift: Shift, held: Claim) -> Job:
    with shift.database.reading() as session:
        found = session.get(Job, held.id)
    assert found is not None
    return found


def test_a_job_at_hand_is_kept(shift: Shift, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "BEAT_SECONDS", 0.0)
    watch, held = Watch(shift), held_by(shift)
    with shift.database.writing() as session:
        session.execute(update(Job).values(lease_until=now))
    with watch.over(held):
        watch._look_at_the_job()
    assert row_of(shift, held).lease_until == now + LEASE
    with shift.database.writing() as session:
        session.execute(update(Job).values(lease_until=now))
    watch._look_at_the_job()
    assert row_of(shift, held).lease_until == now, "it was kept although nobody was at it"


def test_what_takes_too_long_is_written_down_and_the_process_ended(shift: Shift, ended: list[int]) -> None:
    watch, held = Watch(shift), held_by(shift)
    with watch.over(held):
        time.sleep(1.1)
        with pytest.raises(Ended):
            watch._look_at_the_job()
    row = row_of(shift, held)
    assert (ended, row.state, row.error) == ([HANGS], "waiting", "TookTooLong")


def test_a_process_whose_job_went_with_what_it_belonged_to_goes_on(
    shift: Shift, ended: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "BEAT_SECONDS", 0.0)
    watch, held = Watch(shift), held_by(shift)
    with shift.database.writing() as session:
        session.execute(delete(Job))
    with watch.over(held):
        watch._look_at_the_job()
    assert ended == []


def test_a_process_whose_job_was_given_away_is_ended(
    shift: Shift, ended: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "BEAT_SECONDS", 0.0)
    watch, held = Watch(shift), held_by(shift)
    with shift.database.writing() as session:
        session.execute(update(Job).values(owner="another"))
    with watch.over(held), pytest.raises(Ended):
        watch._look_at_the_job()
    assert ended == [LOST]


def test_told_to_stop_the_job_has_a_while_and_goes_back(
    shift: Shift, ended: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, held = Watch(shift), held_by(shift)
    watch.stop_soon()
    with watch.over(held):
        watch._look_at_the_job()
        monkeypatch.setattr(watching, "GRACE", timedelta(0))
        with pytest.raises(Ended):
            watch._look_at_the_job()
    row = row_of(shift, held)
    assert (ended, row.state, row.attempts) == ([0], "waiting", 0)


def test_it_sees_to_the_timetable_and_says_that_a_worker_is_there(shift: Shift, now: datetime) -> None:
    job("tidy", at="03:15")(lambda _work: None)
    watch = Watch(shift)
    for _ in range(3):
        watch._look_at_the_clock()
    with shift.database.reading() as session:
        assert [row.name for row in session.query(Job)].count("tidy") == 1
        assert worker_seen_at(session) == now


def test_a_worker_that_is_to_stop_orders_nothing_more(shift: Shift) -> None:
    job("tidy", at="03:15")(lambda _work: None)
    watch = Watch(shift)
    watch.stop_soon()
    watch._look_at_the_clock()
    with shift.database.reading() as session:
        assert worker_seen_at(session) is None


def test_a_database_that_is_away_does_not_end_the_watch(shift: Shift, capsys: pytest.CaptureFixture[str]) -> None:
    failing = Shift(shift.database, shift.settings, lambda: 1 // 0, shift.owner)  # type: ignore[arg-type,return-value]
    watch = Watch(failing)
    watch.start()
    time.sleep(0.6)
    assert watch.is_alive()
    watch.stop()
    watch.join(5)
    assert capsys.readouterr().out.count('"event": "watch_failed", "error": "ZeroDivisionError"') >= 1

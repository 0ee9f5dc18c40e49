from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from assess.core.jobs.services import (
    LEASE_TIME,
    ORDER_LONG,
    WORKER_DIED,
    JobDeletedError,
    Lease,
    LostLeaseError,
    enqueue,
    fail_job,
    finish_job,
    lease_next_job,
    release_job,
    renew_lease,
    retry_delay,
    save_progress,
)
from assess.core.models import Job
from tests.core.jobs.job_types import job

pytestmark = pytest.mark.both_databases

SOON = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def note() -> None:
    job("note", attempts=2)(lambda _work: None)


def taken(session: Session, owner: str, now: datetime) -> Lease:
    held = lease_next_job(session, owner, now)
    assert held is not None
    return held


def row(session: Session, job_id: int) -> Job:
    found = session.get(Job, job_id, populate_existing=True)
    assert found is not None
    return found


def test_the_longest_due_comes_first_and_each_to_one(session: Session, now: datetime) -> None:
    later = enqueue(session, "note", now=now - SOON)
    first = enqueue(session, "note", now=now - 2 * SOON)
    assert [taken(session, "a", now).id, taken(session, "b", now).id] == [first, later]
    assert lease_next_job(session, "c", now) is None


def test_a_job_left_behind_is_taken_once_its_lease_is_over(session: Session, now: datetime) -> None:
    made = enqueue(session, "note", now=now)
    old = taken(session, "a", now)
    assert lease_next_job(session, "b", now + LEASE_TIME - SOON) is None
    renew_lease(session, old, now + LEASE_TIME - SOON)
    assert lease_next_job(session, "b", now + LEASE_TIME + SOON) is None
    new = taken(session, "b", now + 2 * LEASE_TIME)
    assert (new.id, new.attempts) == (made, 2)
    for step in (
        lambda: renew_lease(session, old, now),
        lambda: save_progress(session, old, 1, 2),
        lambda: finish_job(session, old, now),
        lambda: fail_job(session, old, "X", "", now),
        lambda: release_job(session, old),
    ):
        with pytest.raises(LostLeaseError):
            step()
    finish_job(session, new, now)
    assert row(session, made).state == "done"
    with pytest.raises(LostLeaseError):
        finish_job(session, new, now)


def test_what_ends_its_workers_is_set_aside_instead_of_begun(session: Session, now: datetime) -> None:
    made = enqueue(session, "note", now=now)
    for number in range(2):
        taken(session, "a", now + number * 2 * LEASE_TIME)
    other = enqueue(session, "note", now=now + 3 * LEASE_TIME)
    assert taken(session, "a", now + 5 * LEASE_TIME).id == other, "the next one is not held up"
    assert (row(session, made).state, row(session, made).error) == ("set_aside", WORKER_DIED)


def test_what_no_module_knows_is_set_aside(session: Session, now: datetime) -> None:
    made = enqueue(session, "sing", now=now)
    assert lease_next_job(session, "a", now) is None
    assert (row(session, made).state, row(session, made).error) == ("set_aside", "UnknownJobError")


def test_what_failed_rests_and_is_set_aside_after_its_attempts(session: Session, now: datetime) -> None:
    made = enqueue(session, "note", now=now)
    assert fail_job(session, taken(session, "a", now), "E" * 200, "p" * 400, now) == now + timedelta(seconds=2)
    assert lease_next_job(session, "a", now + SOON) is None
    assert fail_job(session, taken(session, "a", now + 2 * SOON), "Last", "here", now + 2 * SOON) is None
    ended = row(session, made)
    assert (ended.state, ended.error, ended.place, ended.ended_at) == ("set_aside", "Last", "here", now + 2 * SOON)
    assert lease_next_job(session, "a", now + timedelta(days=9)) is None


def test_what_is_put_back_lost_no_attempt(session: Session, now: datetime) -> None:
    made = enqueue(session, "note", now=now)
    release_job(session, taken(session, "a", now))
    assert (row(session, made).state, row(session, made).attempts) == ("waiting", 0)
    assert taken(session, "b", now).attempts == 1


def test_what_is_not_due_or_in_other_hands_is_not_taken(session: Session, now: datetime) -> None:
    enqueue(session, "note", after=SOON, now=now)
    assert lease_next_job(session, "a", now) is None
    held = taken(session, "a", now + SOON)
    assert lease_next_job(session, "b", now + SOON + LEASE_TIME / 2) is None
    finish_job(session, held, now + SOON)
    assert lease_next_job(session, "b", now + 9 * LEASE_TIME) is None


def test_a_job_that_a_person_forgot_is_lost_to_its_worker(session: Session, now: datetime) -> None:
    enqueue(session, "note", now=now)
    held = taken(session, "a", now)
    session.execute(update(Job).values(state="set_aside"))
    with pytest.raises(LostLeaseError):
        finish_job(session, held, now)


def test_a_job_that_is_gone_is_told_from_one_that_another_has(session: Session, now: datetime) -> None:
    enqueue(session, "note", now=now)
    held = taken(session, "a", now)
    session.execute(delete(Job))
    with pytest.raises(JobDeletedError):
        renew_lease(session, held, now)


def test_of_what_is_due_the_lowest_rank_comes_first(session: Session, now: datetime) -> None:
    long = [enqueue(session, "note", rank=ORDER_LONG, now=now - number * SOON) for number in (3, 2)]
    short = enqueue(session, "note", now=now)
    assert [taken(session, "a", now).id for _ in range(3)] == [short, *long]


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=40)])
def test_a_clock_that_was_set_back_holds_nothing_up(session: Session, now: datetime, back: timedelta) -> None:
    held = enqueue(session, "note", now=now)
    old = taken(session, "died", now)
    release_job(session, old)
    assert taken(session, "died too", now).id == held
    fresh = enqueue(session, "note", now=now)
    before = now - back
    assert [taken(session, "a", before).id, taken(session, "b", before).id] == [held, fresh]
    assert lease_next_job(session, "c", before) is None, "they are held by the living now"
    for made in (held, fresh):
        session.execute(update(Job).where(Job.id == made).values(lease_until=now + LEASE_TIME, attempts=1))
        assert taken(session, "d", before).id == made


def test_clocks_that_differ_by_less_than_a_lease_take_nothing_from_the_living(session: Session, now: datetime) -> None:
    enqueue(session, "note", now=now - LEASE_TIME)
    taken(session, "a", now)
    assert lease_next_job(session, "b", now - LEASE_TIME + SOON) is None


def test_only_a_rest_longer_than_there_is_ends_when_the_clock_was_set_back(session: Session, now: datetime) -> None:
    enqueue(session, "note", now=now)
    fail_job(session, taken(session, "a", now), "E", "", now)
    assert lease_next_job(session, "b", now - timedelta(minutes=1)) is None
    assert lease_next_job(session, "b", now - timedelta(hours=2)) is not None


def test_what_was_meant_for_later_waits_unless_it_was_ordered_in_another_time(session: Session, now: datetime) -> None:
    enqueue(session, "note", after=timedelta(days=3), now=now)
    assert lease_next_job(session, "a", now) is None
    assert lease_next_job(session, "a", now - timedelta(minutes=50)) is None
    assert lease_next_job(session, "a", now - timedelta(days=9)) is not None


def test_rests_grow_to_an_hour() -> None:
    assert [retry_delay(number).total_seconds() for number in (1, 2, 3, 4, 99)] == [2, 8, 32, 128, 3600]

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from assess.kit.jobs.claiming import (
    DIED,
    LEASE,
    Claim,
    ForgottenJobError,
    LostJobError,
    claim,
    claim_next,
    fail,
    finish,
    let_go,
    note_progress,
    renew,
    wait_after,
)
from assess.kit.jobs.models import Job
from assess.kit.jobs.ordering import LONG, defer
from tests.kit.jobs.jobs_of_a_test import job

pytestmark = pytest.mark.both_databases

SOON = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def note() -> None:
    job("note", attempts=2)(lambda _work: None)


def taken(session: Session, owner: str, moment: datetime) -> Claim:
    held = claim_next(session, owner, moment)
    assert held is not None
    return held


def row(session: Session, job_id: int) -> Job:
    found = session.get(Job, job_id, populate_existing=True)
    assert found is not None
    return found


def test_the_longest_due_comes_first_and_each_to_one(session: Session, now: datetime) -> None:
    later = defer(session, "note", now=now - SOON)
    first = defer(session, "note", now=now - 2 * SOON)
    assert [taken(session, "a", now).id, taken(session, "b", now).id] == [first, later]
    assert claim_next(session, "c", now) is None


def test_a_job_left_behind_is_taken_once_its_lease_is_over(session: Session, now: datetime) -> None:
    made = defer(session, "note", now=now)
    old = taken(session, "a", now)
    assert claim_next(session, "b", now + LEASE - SOON) is None
    renew(session, old, now + LEASE - SOON)
    assert claim_next(session, "b", now + LEASE + SOON) is None
    new = taken(session, "b", now + 2 * LEASE)
    assert (new.id, new.attempts) == (made, 2)
    for step in (
        lambda: renew(session, old, now),
        lambda: note_progress(session, old, 1, 2),
        lambda: finish(session, old, now),
        lambda: fail(session, old, "X", "", now),
        lambda: let_go(session, old),
    ):
        with pytest.raises(LostJobError):
            step()
    finish(session, new, now)
    assert row(session, made).state == "done"
    with pytest.raises(LostJobError):
        finish(session, new, now)


def test_what_ends_its_workers_is_set_aside_instead_of_begun(session: Session, now: datetime) -> None:
    made = defer(session, "note", now=now)
    for number in range(2):
        taken(session, "a", now + number * 2 * LEASE)
    other = defer(session, "note", now=now + 3 * LEASE)
    assert taken(session, "a", now + 5 * LEASE).id == other, "the next one is not held up"
    assert (row(session, made).state, row(session, made).error) == ("set_aside", DIED)


def test_what_no_module_knows_is_set_aside(session: Session, now: datetime) -> None:
    made = defer(session, "sing", now=now)
    assert claim_next(session, "a", now) is None
    assert (row(session, made).state, row(session, made).error) == ("set_aside", "UnknownJobError")


def test_what_failed_rests_and_is_set_aside_after_its_attempts(session: Session, now: datetime) -> None:
    made = defer(session, "note", now=now)
    assert fail(session, taken(session, "a", now), "E" * 200, "p" * 400, now) == now + timedelta(seconds=2)
    assert claim_next(session, "a", now + SOON) is None
    assert fail(session, taken(session, "a", now + 2 * SOON), "Last", "here", now + 2 * SOON) is None
    ended = row(session, made)
    assert (ended.state, ended.error, ended.place, ended.ended_at) == ("set_aside", "Last", "here", now + 2 * SOON)
    assert claim_next(session, "a", now + timedelta(days=9)) is None


def test_what_is_put_back_lost_no_attempt(session: Session, now: datetime) -> None:
    made = defer(session, "note", now=now)
    let_go(session, taken(session, "a", now))
    assert (row(session, made).state, row(session, made).attempts) == ("waiting", 0)
    assert taken(session, "b", now).attempts == 1


def test_taking_one_certain_job_says_when_to_ask_again(session: Session, now: datetime) -> None:
    made = defer(session, "note", after=SOON, now=now)
    assert claim(session, made, "a", now) == now + SOON
    held = claim(session, made, "a", now + SOON)
    assert isinstance(held, Claim)
    assert claim(session, made, "b", now + 2 * SOON) == now + SOON + LEASE
    finish(session, held, now + SOON)
    assert claim(session, made, "b", now + SOON) is None
    assert claim(session, made + 99, "b", now) is None


def test_a_job_that_a_person_forgot_is_lost_to_its_worker(session: Session, now: datetime) -> None:
    defer(session, "note", now=now)
    held = taken(session, "a", now)
    session.execute(update(Job).values(state="set_aside"))
    with pytest.raises(LostJobError):
        finish(session, held, now)


def test_a_job_that_is_gone_is_told_from_one_that_another_has(session: Session, now: datetime) -> None:
    defer(session, "note", now=now)
    held = taken(session, "a", now)
    session.execute(delete(Job))
    with pytest.raises(ForgottenJobError):
        renew(session, held, now)


def test_of_what_is_due_the_lowest_rank_comes_first(session: Session, now: datetime) -> None:
    long = [defer(session, "note", rank=LONG, now=now - number * SOON) for number in (3, 2)]
    short = defer(session, "note", now=now)
    assert [taken(session, "a", now).id for _ in range(3)] == [short, *long]


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=40)])
def test_a_clock_that_was_set_back_holds_nothing_up(session: Session, now: datetime, back: timedelta) -> None:
    held = defer(session, "note", now=now)
    old = taken(session, "died", now)
    let_go(session, old)
    assert taken(session, "died too", now).id == held
    fresh = defer(session, "note", now=now)
    before = now - back
    assert [taken(session, "a", before).id, taken(session, "b", before).id] == [held, fresh]
    assert claim_next(session, "c", before) is None, "they are held by the living now"
    for made in (held, fresh):
        session.execute(update(Job).where(Job.id == made).values(lease_until=now + LEASE, attempts=1))
        assert isinstance(claim(session, made, "d", before), Claim)


def test_clocks_that_differ_by_less_than_a_lease_take_nothing_from_the_living(session: Session, now: datetime) -> None:
    defer(session, "note", now=now - LEASE)
    taken(session, "a", now)
    assert claim_next(session, "b", now - LEASE + SOON) is None


def test_only_a_rest_longer_than_there_is_ends_when_the_clock_was_set_back(session: Session, now: datetime) -> None:
    defer(session, "note", now=now)
    fail(session, taken(session, "a", now), "E", "", now)
    assert claim_next(session, "b", now - timedelta(minutes=1)) is None
    assert claim_next(session, "b", now - timedelta(hours=2)) is not None


def test_what_was_meant_for_later_waits_unless_it_was_ordered_in_another_time(session: Session, now: datetime) -> None:
    made = defer(session, "note", after=timedelta(days=3), now=now)
    assert claim(session, made, "a", now) == now + timedelta(days=3)
    assert claim_next(session, "a", now - timedelta(minutes=50)) is None
    assert claim_next(session, "a", now - timedelta(days=9)) is not None


def test_rests_grow_to_an_hour() -> None:
    assert [wait_after(number).total_seconds() for number in (1, 2, 3, 4, 99)] == [2, 8, 32, 128, 3600]

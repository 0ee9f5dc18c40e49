from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.assessments.removing import delete_assessment
from assess.assessments.submitting import NothingSubmittedError, reopen, submit
from assess.kit.db import Database
from assess.kit.tokens import hash_token, new_token
from assess.plans.calendar.events import GONE, Entry, as_ics
from assess.plans.calendar.feeds import (
    MOST_LOOKED_BACK,
    FeedUnknownError,
    end_feed,
    entries_fed,
    find_feed,
    make_feed,
    note_fetch,
    working_feed,
)
from assess.plans.calendar.models import CalendarFeed
from assess.plans.register.keeping import Change, change
from tests.plans.conftest import Submitted
from tests.plans.records import a_record

pytestmark = pytest.mark.both_databases


@pytest.fixture
def store(app: Flask) -> Database:
    found: Database = app.extensions["assess.database"]
    return found


def time_records(submitted: Submitted) -> str:
    """The name of the entry that most tests have come and go."""
    return str(uuid.uuid5(submitted.id, "core_time_records"))


def fed(store: Database, submitted: Submitted) -> dict[str, Entry]:
    """What the working address of a business tells now, by the names of the entries."""
    with store.reading() as look:
        feed = working_feed(look, submitted.id)
        assert feed is not None
        return {entry.uid: entry for entry in entries_fed(look, feed)}


def correct(store: Database, submitted: Submitted, when: datetime, **answers: Any) -> None:
    """Submit the answers of the scenario with these changed."""
    with store.writing() as session:
        reopen(session, submitted.id, when)
        submit(session, submitted.id, lambda _said: a_record(change=answers), when)


def test_only_the_hash_of_an_address_is_stored(store: Database, submitted: Submitted, now: datetime) -> None:
    with store.writing() as session:
        token = make_feed(session, submitted.id, now)
    with store.reading() as look:
        feed = find_feed(look, token)
        assert (feed.token_hash, feed.opened, feed.last_opened_at) == (hash_token(token), 0, None)
        found = working_feed(look, submitted.id)
        assert found is not None
        assert found.id == feed.id


def test_a_new_address_ends_the_one_before(store: Database, submitted: Submitted, now: datetime) -> None:
    with store.writing() as session:
        first = make_feed(session, submitted.id, now)
    with store.writing() as session:
        second = make_feed(session, submitted.id, now)
    with store.reading() as look:
        with pytest.raises(FeedUnknownError):
            find_feed(look, first)
        assert find_feed(look, second)


def test_an_ended_address_an_unknown_one_and_nonsense_look_alike(
    store: Database, submitted: Submitted, now: datetime
) -> None:
    with store.writing() as session:
        ended = make_feed(session, submitted.id, now)
        end_feed(session, submitted.id, now)
    with store.reading() as look:
        assert working_feed(look, submitted.id) is None
        for token in (ended, new_token(), "", "x" * 43 + "/"):
            with pytest.raises(FeedUnknownError):
                find_feed(look, token)


def test_fetching_is_counted_until_it_ends(store: Database, submitted: Submitted, now: datetime) -> None:
    later = now + timedelta(hours=1)
    with store.writing() as session:
        feed = find_feed(session, make_feed(session, submitted.id, now))
        note_fetch(session, feed.id, now)
        note_fetch(session, feed.id, later)
        end_feed(session, submitted.id, later)
        note_fetch(session, feed.id, later + timedelta(hours=1))
    with store.reading() as look:
        kept = look.scalars(select(CalendarFeed)).one()
        assert (kept.opened, kept.last_opened_at, kept.ended_at) == (2, later, later)


def test_what_the_business_decides_and_submits_moves_the_entries(
    store: Database, submitted: Submitted, now: datetime
) -> None:
    later = now + timedelta(days=2)
    with store.writing() as session:
        make_feed(session, submitted.id, now)
    before = fed(store, submitted)
    with store.writing() as session:
        said = Change(response="accepted", due="2027-01-15")
        change(session, submitted.submission_id, "core_time_records", said, 0, later)
    after = fed(store, submitted)
    assert before.keys() == after.keys()
    (moved,) = [entry for uid, entry in after.items() if entry != before[uid]]
    assert (moved.on.isoformat(), moved.stamp) == ("2027-01-15", later)
    assert moved.sequence > before[moved.uid].sequence
    correct(store, submitted, later, core_time_records="daily")
    last = fed(store, submitted)
    assert last.keys() == before.keys()
    assert [uid for uid, entry in last.items() if entry.over] == [moved.uid]
    assert all(entry.sequence > after[uid].sequence for uid, entry in last.items())


def test_what_a_correction_took_away_is_cancelled_without_its_words_and_comes_back_as_it_was(
    store: Database, submitted: Submitted, now: datetime
) -> None:
    with store.writing() as session:
        make_feed(session, submitted.id, now)
    first = fed(store, submitted)
    correct(store, submitted, now + timedelta(days=1), core_time_records="daily")
    correct(store, submitted, now + timedelta(days=2), core_time_records="daily", core_longest_week=47)
    third = fed(store, submitted)
    (left,) = [
        entry for entry in third.values() if entry.over and entry.title == GONE and entry.uid == time_records(submitted)
    ]
    was = first[left.uid]
    assert (left.on, left.detail, left.alarms) == (was.on, "", ())
    assert (left.sequence, left.stamp) == (30_000, now + timedelta(days=2))
    text = as_ics(tuple(third.values())).decode().replace("\r\n ", "")
    assert was.title not in text.replace("\\,", ",")
    assert text.count("STATUS:CANCELLED") == sum(entry.over for entry in third.values())
    correct(store, submitted, now + timedelta(days=3))
    back = fed(store, submitted)[left.uid]
    assert (back.over, back.title, back.on) == (False, was.title, was.on)
    assert back.sequence > left.sequence


def test_an_address_tells_nothing_of_plans_it_never_led_to(
    store: Database, submitted: Submitted, now: datetime
) -> None:
    later = now + timedelta(days=2)
    correct(store, submitted, now + timedelta(days=1), core_time_records="daily")
    with store.writing() as session:
        make_feed(session, submitted.id, later)
    assert not any(entry.over for entry in fed(store, submitted).values())
    correct(store, submitted, later + timedelta(days=1))
    correct(store, submitted, later + timedelta(days=2), core_time_records="daily")
    assert [uid for uid, entry in fed(store, submitted).items() if entry.over] == [time_records(submitted)]


def test_it_looks_back_so_far_and_no_further(store: Database, submitted: Submitted, now: datetime) -> None:
    with store.writing() as session:
        make_feed(session, submitted.id, now)
    for hours in range(1, MOST_LOOKED_BACK + 1):
        correct(store, submitted, now + timedelta(hours=hours), core_time_records="daily")
    assert fed(store, submitted)[time_records(submitted)].over
    correct(store, submitted, now + timedelta(days=2), core_time_records="daily")
    assert time_records(submitted) not in fed(store, submitted)


def test_with_the_assessment_its_address_goes(store: Database, submitted: Submitted, now: datetime) -> None:
    with store.writing() as session:
        token = make_feed(session, submitted.id, now)
    with store.writing() as session:
        delete_assessment(session, submitted.id)
    with store.reading() as look:
        assert look.scalar(select(func.count()).select_from(CalendarFeed)) == 0
        with pytest.raises(FeedUnknownError):
            find_feed(look, token)
        with pytest.raises(NothingSubmittedError):
            entries_fed(look, CalendarFeed(assessment_id=submitted.id, made_at=now))

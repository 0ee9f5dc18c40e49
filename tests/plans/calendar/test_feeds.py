from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.assessments.removing import delete_assessment
from assess.assessments.submitting import NothingSubmittedError, reopen, submit
from assess.kit.db import Database
from assess.kit.tokens import hash_token, new_token
from assess.plans.calendar.feeds import (
    FeedUnknownError,
    end_feed,
    entries_now,
    find_feed,
    make_feed,
    note_fetch,
    working_feed,
)
from assess.plans.calendar.models import CalendarFeed
from assess.plans.register.keeping import Change, change
from tests.plans.conftest import Submitted
from tests.plans.records import a_record


@pytest.fixture
def store(app: Flask) -> Database:
    found: Database = app.extensions["assess.database"]
    return found


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
    with store.reading() as look:
        before = {entry.uid: entry for entry in entries_now(look, submitted.id)}
    with store.writing() as session:
        said = Change(response="accepted", due="2027-01-15")
        change(session, submitted.submission_id, "core_time_records", said, 0, later)
    with store.reading() as look:
        after = {entry.uid: entry for entry in entries_now(look, submitted.id)}
    assert before.keys() == after.keys()
    (moved,) = [entry for uid, entry in after.items() if entry != before[uid]]
    assert (moved.on.isoformat(), moved.stamp) == ("2027-01-15", later)
    assert moved.sequence > before[moved.uid].sequence
    with store.writing() as session:
        reopen(session, submitted.id, later)
        submit(session, submitted.id, lambda _said: a_record(change={"core_time_records": "daily"}), later)
    with store.reading() as look:
        last = {entry.uid: entry for entry in entries_now(look, submitted.id)}
    assert before.keys() - last.keys() == {moved.uid}
    assert all(entry.sequence > after[uid].sequence for uid, entry in last.items())


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
            entries_now(look, submitted.id)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event as happens
from sqlalchemy.orm import Session

from assess.kit.db import Database
from assess.plans.register.going_back import (
    UnknownEventError,
    event_of,
    gone_back,
    had_note,
    newest_of,
    place_of,
    put_back,
    said_at,
)
from assess.plans.register.keeping import (
    PAGE,
    Change,
    ChangedMeanwhileError,
    change,
    history_of,
    item_of,
    offer,
)
from assess.plans.register.models import RegisterEvent, What
from assess.plans.register.saving import DisputedError, Place, Seen, save_answer
from assess.plans.register.state import EvidenceNote

KEY = "core_documents"
NOTE = EvidenceNote(0, "Folder in the office", "records", "2026-11-01", "2027-11-01", "said")
ACCEPTED = Change(response="accepted", owner="Jo in the office", due="2026-12-24")


def test_going_back_is_a_change_of_its_own(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        first = change(session, kept.id, KEY, replace(ACCEPTED, notes=(NOTE,)), 0, now)
        change(session, kept.id, KEY, Change(response="will_not", reason="cost"), 1, now)
        newest = history_of(session, kept.id, KEY)[0]
        back = put_back(session, kept.id, KEY, event_of(session, kept.id, KEY, newest.id), 2, now)
        assert Change.of(back) == Change.of(first)
        assert [event.what for event in history_of(session, kept.id, KEY)] == [
            What.PUT_BACK,
            What.CHANGED,
            What.CHANGED,
        ]
        with pytest.raises(UnknownEventError):
            event_of(session, kept.id, "core_min_wage", newest.id)


def test_what_was_offered_is_put_in_alone_whatever_was_changed_since(
    database: Database, kept: Any, now: datetime
) -> None:
    with database.writing() as session:
        saved = Change.of(change(session, kept.id, KEY, ACCEPTED, 0, now))
        offered = event_of(session, kept.id, KEY, offer(session, kept.id, KEY, replace(saved, due="2027-03-01"), now))
        change(session, kept.id, KEY, replace(saved, owner="Her", notes=(NOTE,)), 1, now)
        with pytest.raises(ChangedMeanwhileError):
            put_back(session, kept.id, KEY, offered, 1, now)
        wanted = gone_back(Change.of(item_of(session, kept.id, KEY)), offered)
        after = put_back(session, kept.id, KEY, offered, 2, now)
    assert (after.owner, after.due, [note.title for note in after.notes]) == ("Her", "2027-03-01", [NOTE.title])
    assert Change.of(after) == wanted


@contextmanager
def entries_read() -> Iterator[list[int]]:
    """The ids of the entries of histories that are read from the database meanwhile."""
    read: list[int] = []

    def note(entry: RegisterEvent, _context: object) -> None:
        read.append(entry.id)

    happens.listen(RegisterEvent, "load", note)
    try:
        yield read
    finally:
        happens.remove(RegisterEvent, "load", note)


def change_often(session: Session, submission_id: int, times: int, now: datetime) -> None:
    seen = item_of(session, submission_id, KEY).revision
    for revision in range(seen, seen + times):
        change(session, submission_id, KEY, replace(ACCEPTED, owner=f"Owner {revision}"), revision, now)
    session.flush()
    session.expunge_all()


def use_everything(session: Session, kept: Any, now: datetime) -> None:
    """Save over an old form, twice; put one in; save once more. All of it holds up others who save."""
    place = Place(kept.id, 1, KEY, kept.assessment_id)
    for _ in range(2):
        with pytest.raises(DisputedError) as disputed:
            save_answer(session, place, Change(response="will_not", reason="cost"), Seen(1, 1), now)
    offered = event_of(session, kept.id, KEY, disputed.value.event_id)
    state = put_back(session, kept.id, KEY, offered, item_of(session, kept.id, KEY).revision, now)
    save_answer(session, place, ACCEPTED, Seen(1, state.revision), now)


def test_saving_reads_as_little_of_a_long_history_as_of_a_short_one(
    database: Database, kept: Any, now: datetime
) -> None:
    counts = []
    for times in (2, 3 * PAGE):
        with database.writing() as session:
            change_often(session, kept.id, times, now)
            session.commit()
            with entries_read() as read:
                use_everything(session, kept, now)
            counts.append(len(read))
    assert counts[0] == counts[1] < 10


@pytest.mark.both_databases
def test_an_entry_is_found_by_its_revision_without_a_look_at_the_others(
    database: Database, kept: Any, now: datetime
) -> None:
    with database.writing() as session:
        change_often(session, kept.id, 3, now)
        offer(session, kept.id, KEY, Change(response="already_done"), now)
        asked: list[tuple[str, Any]] = []
        happens.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        found = [said_at(session, kept.id, KEY, revision) for revision in (0, 2, 3, 4)]
        assert [item and item.owner for item in found] == [None, "Owner 1", "Owner 2", None]
        if database.engine.dialect.name == "sqlite":
            statement, values = asked[0]
            told = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert "uq_register_event_submission_id (submission_id=? AND key=? AND revision=?)" in told[0][3]


def test_a_history_is_read_a_page_at_a_time(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        change_often(session, kept.id, PAGE + 5, now)
    with database.reading() as look:
        first = history_of(look, kept.id, KEY)
        rest = history_of(look, kept.id, KEY, before=first[-1].id)
        assert [event.revision for event in (*first, *rest)] == list(range(PAGE + 5, 0, -1))
        assert (len(first), len(rest)) == (PAGE, 5)
        assert newest_of(look, kept.id, KEY) == first[0]
        assert newest_of(look, kept.id, "core_min_wage") is None
        assert place_of(look, kept.id, KEY, rest[0].id) == 5


def test_a_note_that_was_there_is_told_from_one_that_never_was(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        assert not had_note(session, kept.id, KEY, 1)
        change(session, kept.id, KEY, replace(ACCEPTED, notes=(NOTE,)), 0, now)
        change(session, kept.id, KEY, ACCEPTED, 1, now)
        assert [had_note(session, kept.id, KEY, number) for number in (0, 1, 2)] == [False, True, False]

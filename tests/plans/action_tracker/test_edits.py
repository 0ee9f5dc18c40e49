from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy import event as happens
from sqlalchemy.orm import Session

from assess.assessments.retention import delete_assessment
from assess.core.db import Database
from assess.core.edit_conflicts import EditConflictError
from assess.plans.action_tracker.edits import (
    FormVersion,
    ItemEventNotFoundError,
    ItemLocation,
    RejectedEditError,
    ResponseBatch,
    accept_remaining,
    batch_events,
    batch_since,
    change_at_revision,
    done_event_ids,
    get_item_event,
    had_note,
    item_event_number,
    mark_done,
    merge_change,
    newest_event_id,
    remove_note,
    restore_item_state,
    restored_change,
    save_note,
    save_response,
    undo_batch,
)
from assess.plans.action_tracker.services import (
    HISTORY_PAGE_SIZE,
    ItemContent,
    PlanReplacedError,
    change_item,
    get_item_history,
    get_item_state,
    get_tracker_state,
    save_rejected_change,
)
from assess.plans.action_tracker.state import EvidenceNote
from assess.plans.models import TrackedActionEvent, TrackerEventKind
from tests.plans.action_tracker.conftest import submit_another
from tests.plans.action_tracker.test_carry_over import correct
from tests.plans.records import scenario

KEY = "core_documents"
NOTE = EvidenceNote(0, "Folder in the office", "records", "2026-11-01", "2027-11-01", "said")
ACCEPTED = ItemContent(response="accepted", owner="Jo in the office", due="2026-12-24")


def test_going_back_is_a_change_of_its_own(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        first = change_item(session, kept.id, KEY, replace(ACCEPTED, notes=(NOTE,)), 0, now)
        change_item(session, kept.id, KEY, ItemContent(response="will_not", reason="cost"), 1, now)
        newest = get_item_history(session, kept.id, KEY)[0]
        back = restore_item_state(
            session, ItemLocation(kept.id, 1, KEY), get_item_event(session, kept.id, KEY, newest.id), 2, now
        )
        assert ItemContent.of(back) == ItemContent.of(first)
        assert [event.what for event in get_item_history(session, kept.id, KEY)] == [
            TrackerEventKind.RESTORE,
            TrackerEventKind.CHANGED,
            TrackerEventKind.CHANGED,
        ]
        with pytest.raises(ItemEventNotFoundError):
            get_item_event(session, kept.id, "core_min_wage", newest.id)


def test_what_was_offered_is_put_in_alone_whatever_was_changed_since(
    database: Database, kept: Any, now: datetime
) -> None:
    with database.writing() as session:
        saved = ItemContent.of(change_item(session, kept.id, KEY, ACCEPTED, 0, now))
        offered = get_item_event(
            session,
            kept.id,
            KEY,
            save_rejected_change(session, kept.id, KEY, replace(saved, due="2027-03-01"), now),
        )
        change_item(session, kept.id, KEY, replace(saved, owner="Her", notes=(NOTE,)), 1, now)
        with pytest.raises(EditConflictError):
            restore_item_state(session, ItemLocation(kept.id, 1, KEY), offered, 1, now)
        wanted = restored_change(ItemContent.of(get_item_state(session, kept.id, KEY)), offered)
        after = restore_item_state(session, ItemLocation(kept.id, 1, KEY), offered, 2, now)
    assert (after.owner, after.due, [note.title for note in after.notes]) == ("Her", "2027-03-01", [NOTE.title])
    assert ItemContent.of(after) == wanted


@contextmanager
def entries_read() -> Iterator[list[int]]:
    """The ids of the entries of histories that are read from the database meanwhile."""
    read: list[int] = []

    def note(entry: TrackedActionEvent, _context: object) -> None:
        read.append(entry.id)

    happens.listen(TrackedActionEvent, "load", note)
    try:
        yield read
    finally:
        happens.remove(TrackedActionEvent, "load", note)


def change_often(session: Session, submission_id: int, times: int, now: datetime) -> None:
    seen = get_item_state(session, submission_id, KEY).revision
    for revision in range(seen, seen + times):
        change_item(session, submission_id, KEY, replace(ACCEPTED, owner=f"Owner {revision}"), revision, now)
    session.flush()
    session.expunge_all()


def use_everything(session: Session, kept: Any, now: datetime) -> None:
    """Save over an old form, twice; put one in; save once more. All of it holds up others who save."""
    location = ItemLocation(kept.id, 1, KEY, kept.assessment_id)
    for _ in range(2):
        with pytest.raises(RejectedEditError) as disputed:
            save_response(session, location, ItemContent(response="will_not", reason="cost"), FormVersion(1, 1), now)
    offered = get_item_event(session, kept.id, KEY, disputed.value.event_id)
    state = restore_item_state(
        session, ItemLocation(kept.id, 1, KEY), offered, get_item_state(session, kept.id, KEY).revision, now
    )
    save_response(session, location, ACCEPTED, FormVersion(1, state.revision), now)


def test_saving_reads_as_little_of_a_long_history_as_of_a_short_one(
    database: Database, kept: Any, now: datetime
) -> None:
    counts = []
    for times in (2, 3 * HISTORY_PAGE_SIZE):
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
        save_rejected_change(session, kept.id, KEY, ItemContent(response="already_done"), now)
        asked: list[tuple[str, Any]] = []
        happens.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        found = [change_at_revision(session, kept.id, KEY, revision) for revision in (0, 2, 3, 4)]
        assert [item and item.owner for item in found] == [None, "Owner 1", "Owner 2", None]
        if database.engine.dialect.name == "sqlite":
            statement, values = asked[0]
            told = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert "uq_tracked_action_event_submission_id (submission_id=? AND key=? AND revision=?)" in told[0][3]


def test_a_history_is_read_a_page_at_a_time(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        change_often(session, kept.id, HISTORY_PAGE_SIZE + 5, now)
    with database.reading() as session:
        first = get_item_history(session, kept.id, KEY)
        rest = get_item_history(session, kept.id, KEY, before=first[-1].id)
        assert [event.revision for event in (*first, *rest)] == list(range(HISTORY_PAGE_SIZE + 5, 0, -1))
        assert (len(first), len(rest)) == (HISTORY_PAGE_SIZE, 5)
        assert item_event_number(session, kept.id, KEY, rest[0].id) == 5


def test_what_was_marked_as_done_can_be_taken_back_until_something_else_is_said_of_it(
    database: Database, kept: Any, now: datetime
) -> None:
    def undo() -> set[str]:
        with database.reading() as session:
            return set(done_event_ids(session, kept.id, get_tracker_state(session, kept.id)))

    def change(key: str, change: ItemContent, seen: int) -> None:
        with database.writing() as session:
            change_item(session, kept.id, key, change, seen, now)

    change(KEY, ItemContent(response="accepted"), 0)
    assert undo() == set()
    done = ItemContent(response="accepted", status="done", done_on="2026-11-24")
    change(KEY, done, 1)
    change("core_min_wage", ItemContent(response="already_done"), 0)
    assert undo() == {KEY, "core_min_wage"}
    with database.reading() as session:
        entry = done_event_ids(session, kept.id, get_tracker_state(session, kept.id))[KEY]
        assert get_item_event(session, kept.id, KEY, entry).before == ItemContent(response="accepted")
    change(KEY, replace(done, owner="Site manager"), 2)
    assert undo() == {"core_min_wage"}
    with database.writing() as session:
        save_rejected_change(session, kept.id, "core_min_wage", ItemContent(response="accepted"), now)
    assert undo() == set()


def test_a_note_that_was_there_is_told_from_one_that_never_was(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        assert not had_note(session, kept.id, KEY, 1)
        change_item(session, kept.id, KEY, replace(ACCEPTED, notes=(NOTE,)), 0, now)
        change_item(session, kept.id, KEY, ACCEPTED, 1, now)
        assert [had_note(session, kept.id, KEY, number) for number in (0, 1, 2)] == [False, True, False]


ONE = EvidenceNote(1, "Blue folder", "records", None, None, "said")
TWO = EvidenceNote(2, "Contract", "contract", "2026-11-01", None, "shown")
NEW = EvidenceNote(0, "Photo of the rota", "records", None, None, "said")
YES = ItemContent(response="accepted", notes=(ONE, TWO))
NO = ItemContent(response="will_not", reason="cost")


@pytest.mark.parametrize(
    ("typed", "meanwhile"),
    [
        ({"due": "2027-03-01"}, {"owner": "Her", "status": "under_way"}),
        ({"owner": "Me"}, {"due": "2027-03-01", "notes": (TWO,)}),
        ({"status": "done", "done_on": "2026-11-24"}, {"owner": "Her"}),
        ({"notes": (ONE, replace(TWO, grade="checked"))}, {"due": "2027-03-01", "notes": (TWO,)}),
        ({"notes": (TWO,)}, {"notes": (ONE, replace(TWO, title="Hers")), "owner": "Her"}),
        ({"notes": (ONE, TWO, NEW)}, {"notes": (replace(ONE, title="Hers"),), "status": "under_way"}),
    ],
)
def test_only_what_was_typed_is_put_in(typed: dict[str, object], meanwhile: dict[str, object]) -> None:
    there, mine = replace(YES, **meanwhile), replace(YES, **typed)  # type: ignore[arg-type]  # fields by name
    found = merge_change(there, YES, mine)
    plain = {name: value for name, value in typed.items() if name != "notes"}
    assert replace(found, notes=()) == replace(there, notes=(), **plain)  # type: ignore[arg-type]  # as above
    if "notes" not in typed:
        assert found.notes == there.notes


def test_of_the_notes_only_the_one_that_was_typed_changes() -> None:
    hers = replace(YES, notes=(replace(ONE, title="Hers"), TWO))
    assert merge_change(hers, YES, replace(YES, notes=(ONE, replace(TWO, grade="checked")))).notes == (
        replace(ONE, title="Hers"),
        replace(TWO, grade="checked"),
    )
    assert merge_change(hers, YES, replace(YES, notes=(ONE,))).notes == (replace(ONE, title="Hers"),)
    assert merge_change(hers, YES, replace(YES, notes=(ONE, TWO, NEW))).notes == (replace(ONE, title="Hers"), TWO, NEW)
    taken = replace(YES, notes=(ONE,))
    assert merge_change(taken, YES, replace(YES, notes=(ONE, replace(TWO, title="Mine")))).notes == (
        ONE,
        replace(TWO, title="Mine"),
    )


def test_what_was_left_as_it_was_changes_nothing() -> None:
    for there in (NO, YES, ItemContent(), replace(NO, due="2027-03-01")):
        assert merge_change(there, YES, YES) == there


@pytest.mark.parametrize(
    ("there", "before", "after"),
    [
        (replace(NO, notes=(ONE,)), ItemContent(), ItemContent(response="accepted", owner="Me")),
        (NO, YES, replace(YES, due="2027-03-01")),
        (ItemContent(response="already_done", status="done"), YES, replace(YES, status="under_way")),
        (ItemContent(response="already_done", status="done"), YES, replace(YES, due="2027-03-01")),
        (ItemContent(response="accepted", due="2027-03-01"), ItemContent(), replace(NO, reason_text="Too much")),
        (ItemContent(response="accepted", status="done", done_on="2026-11-24"), YES, replace(YES, status="under_way")),
        (ItemContent(response="accepted"), NO, replace(NO, reason_text="Too much")),
    ],
)
def test_where_the_parts_would_make_no_answer_the_whole_answer_is_put_in(
    there: ItemContent, before: ItemContent, after: ItemContent
) -> None:
    assert merge_change(there, before, after) == replace(after, notes=there.notes)


NOTE_SAVING = EvidenceNote(0, "Blue folder", "records", None, None, "said")
MINE = ItemContent(response="accepted", owner="Mine")
HERS = ItemContent(response="accepted", owner="Hers")


@pytest.fixture
def location(kept: Any) -> ItemLocation:
    return ItemLocation(kept.id, 1, KEY, kept.assessment_id)


@pytest.mark.both_databases
@pytest.mark.parametrize("text", ["", ".", "1", "1.", "x.y", "-1.2", "1.2.3", "9" * 12 + ".1"])
def test_what_cannot_be_read_was_never_seen(text: str) -> None:
    assert -1 in (FormVersion.read(text).number, FormVersion.read(text).revision)
    assert str(FormVersion.read("2.5")) == "2.5"


@pytest.mark.both_databases
def test_an_answer_leaves_the_notes_and_a_note_leaves_the_answer(
    database: Database, location: ItemLocation, now: datetime
) -> None:
    with database.writing() as session:
        save_note(session, location, NOTE_SAVING, FormVersion(1, 0), now)
        save_response(session, location, MINE, FormVersion(1, 0), now)
        state = save_note(session, location, replace(NOTE_SAVING, title="Another"), FormVersion(1, 0), now)
    assert (state.owner, [note.title for note in state.notes], state.revision) == (
        "Mine",
        ["Blue folder", "Another"],
        3,
    )


@pytest.mark.both_databases
def test_a_dispute_changes_nothing_and_keeps_what_was_typed(
    database: Database, location: ItemLocation, now: datetime
) -> None:
    with database.writing() as session:
        save_response(session, location, HERS, FormVersion(1, 0), now)
        with pytest.raises(RejectedEditError) as dispute:
            save_response(session, location, MINE, FormVersion(1, 0), now)
    with database.reading() as session:
        assert get_item_state(session, location.submission_id, KEY).owner == "Hers"
        newest = get_item_history(session, location.submission_id, KEY)[0]
    assert (newest.what, newest.id, newest.after) == (TrackerEventKind.REJECTED, dispute.value.event_id, MINE)
    assert (dispute.value.theirs.owner, dispute.value.yours) == ("Hers", MINE)


@pytest.mark.both_databases
def test_words_never_end_up_with_the_business_that_came_next(
    database: Database, location: ItemLocation, now: datetime
) -> None:
    """Between the look and the save one business deletes everything and another submits."""
    assert location.of is not None
    with database.writing() as session:
        delete_assessment(session, location.of)
    another = submit_another(database, now)
    for gone in (location, replace(location, submission_id=another.id)):  # as if its number had been given again
        for save in (
            partial(save_response, location=gone, response=MINE, version=FormVersion(1, 0), now=now),
            partial(save_note, location=gone, note=NOTE_SAVING, version=FormVersion(1, 0), now=now),
            partial(mark_done, location=gone, day="2026-11-24", now=now),
            partial(save_rejected_change, submission_id=gone.submission_id, key=KEY, yours=MINE, now=now, of=gone.of),
        ):
            with database.writing() as session, pytest.raises(PlanReplacedError):
                save(session)
    with database.reading() as session:
        assert get_tracker_state(session, another.id) == {}
        assert get_item_history(session, another.id, KEY) == []


@pytest.mark.both_databases
def test_a_form_of_another_submission_is_in_dispute_with_anything_else(
    database: Database, location: ItemLocation, now: datetime
) -> None:
    with database.writing() as session:
        save_response(session, location, HERS, FormVersion(1, 0), now)
        for seen in (FormVersion(2, 1), FormVersion(1, 7), FormVersion(-1, -1)):
            with pytest.raises(RejectedEditError):
                save_response(session, location, MINE, seen, now)
        assert save_response(session, location, HERS, FormVersion(2, 1), now).revision == 1


@pytest.mark.both_databases
def test_a_note_that_somebody_changed_is_not_removed_unseen(
    database: Database, location: ItemLocation, now: datetime
) -> None:
    with database.writing() as session:
        save_note(session, location, NOTE_SAVING, FormVersion(1, 0), now)
        save_note(session, location, replace(NOTE_SAVING, id=1, title="Hers"), FormVersion(1, 1), now)
        with pytest.raises(RejectedEditError):
            remove_note(session, location, 1, FormVersion(1, 1), now)
        assert remove_note(session, location, 1, FormVersion(1, 2), now).notes == ()
        assert remove_note(session, location, 1, FormVersion(1, 2), now).revision == 3


@pytest.mark.both_databases
def test_a_tick_leaves_everything_else_and_what_is_settled(
    database: Database, location: ItemLocation, now: datetime
) -> None:
    with database.writing() as session:
        save_response(session, location, replace(MINE, due="2027-01-01"), FormVersion(1, 0), now)
        state = mark_done(session, location, "2026-11-24", now)
        assert (state.status, state.done_on, state.owner, state.due) == ("done", "2026-11-24", "Mine", "2027-01-01")
        assert mark_done(session, location, "2026-12-24", now) == state
        change_item(session, location.submission_id, KEY, ItemContent(response="will_not", reason="cost"), 2, now)
        assert mark_done(session, location, "2026-12-24", now).response == "will_not"


@pytest.mark.both_databases
def test_no_words_are_lost_when_eight_people_write_into_one_item_at_once(
    database: Database, location: ItemLocation, now: datetime
) -> None:
    disputed: list[str] = []
    gate = threading.Barrier(8)

    def work(name: str) -> None:
        gate.wait()
        for number in range(3):
            words = f"{name}-{number}"
            with database.reading() as session:
                seen = FormVersion(1, get_item_state(session, location.submission_id, KEY).revision)
            with database.writing() as session:
                try:
                    save_response(session, location, replace(MINE, owner=words), seen, now)
                except RejectedEditError:
                    disputed.append(words)
            with database.writing() as session:
                save_note(session, location, replace(NOTE_SAVING, title=words), seen, now)

    threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as reader:
        history = get_item_history(reader, location.submission_id, KEY)
        state = get_item_state(reader, location.submission_id, KEY)
    everything = {f"t{name}-{number}" for name in range(8) for number in range(3)}
    assert {note.title for note in state.notes} == everything
    assert {event.after.owner for event in history} - {""} == everything
    assert {event.after.owner for event in history if event.what is TrackerEventKind.REJECTED} == set(disputed)
    assert state.revision == sum(event.what is not TrackerEventKind.REJECTED for event in history)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_note_that_comes_while_an_item_is_read_is_not_lost(
    database: Database, location: ItemLocation, now: datetime
) -> None:
    with database.writing() as session:
        save_note(session, location, replace(NOTE_SAVING, title="first"), FormVersion(1, 0), now)
    waiting = [replace(NOTE_SAVING, title="in between")]

    def write_in_between(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if waiting and "FROM tracked_action" in statement:
            note = waiting.pop()
            with database.writing() as other:
                save_note(other, location, note, FormVersion(1, 1), now)

    event.listen(database.engine, "after_cursor_execute", write_in_between)
    try:
        with database.writing() as session:
            save_note(session, location, replace(NOTE_SAVING, title="last"), FormVersion(1, 1), now)
    finally:
        event.remove(database.engine, "after_cursor_execute", write_in_between)
    with database.reading() as session:
        notes = get_item_state(session, location.submission_id, KEY).notes
    assert [note.title for note in notes] == ["first", "in between", "last"]


KEYS = tuple(action["question"] for action in scenario()["actions"])
OTHER_NOTE = EvidenceNote(0, "", "policy", None, None, "said")


def say_yes(database: Database, kept: Any, now: datetime, keys: tuple[str, ...] = KEYS) -> ResponseBatch:
    with database.writing() as session:
        before = newest_event_id(session, kept.id)
        accept_remaining(session, kept.id, keys, now)
        batch = batch_since(session, kept.id, before)
    assert batch is not None
    return batch


@pytest.mark.parametrize("text", ["", "-", "1-", "1", "a-b", "1-2-3", "9" * 10 + "-1", "\u0661-\u0662x"])
def test_a_name_that_cannot_be_read_is_no_batch(text: str) -> None:
    assert ResponseBatch.read(text) is None
    assert ResponseBatch.read(str(ResponseBatch(12, 48))) == ResponseBatch(12, 48)


def test_all_without_an_answer_get_one_and_the_others_are_left_alone(
    database: Database, kept: Any, now: datetime
) -> None:
    with database.writing() as session:
        change_item(session, kept.id, KEYS[0], NO, 0, now)
        change_item(session, kept.id, KEYS[1], ItemContent(notes=(OTHER_NOTE,)), 0, now)
    batch = say_yes(database, kept, now)
    with database.reading() as session:
        state = get_tracker_state(session, kept.id)
        entries = batch_events(session, kept.id, batch)
        histories = {key: [event.what for event in get_item_history(session, kept.id, key)] for key in KEYS}
    assert ItemContent.of(state[KEYS[0]]) == NO
    assert ItemContent.of(state[KEYS[1]]) == ItemContent(response="accepted", notes=(replace(OTHER_NOTE, id=1),))
    assert {ItemContent.of(state[key]) for key in KEYS[2:]} == {ItemContent(response="accepted")}
    assert set(entries) == set(KEYS[1:])
    assert histories[KEYS[0]] == [TrackerEventKind.CHANGED]
    assert histories[KEYS[1]] == [TrackerEventKind.ACCEPTED_ALL, TrackerEventKind.CHANGED]
    assert all(histories[key] == [TrackerEventKind.ACCEPTED_ALL] for key in KEYS[2:])


def test_a_second_press_changes_nothing_and_finds_the_same_batch(database: Database, kept: Any, now: datetime) -> None:
    batch = say_yes(database, kept, now)
    with database.writing() as session:
        accept_remaining(session, kept.id, KEYS, now)
        assert batch_since(session, kept.id, 0) == batch
        assert batch_since(session, kept.id, batch.last) is None
        assert newest_event_id(session, kept.id) == batch.last


def test_taking_it_back_spares_what_was_changed_since(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        change_item(session, kept.id, KEYS[1], ItemContent(notes=(OTHER_NOTE,)), 0, now)
    batch = say_yes(database, kept, now)
    done = ItemContent(response="accepted", status="done", done_on="2026-11-24")
    with database.writing() as session:
        change_item(session, kept.id, KEYS[2], done, 1, now)
        change_item(session, kept.id, KEYS[3], done, 1, now)
        change_item(session, kept.id, KEYS[3], ItemContent(response="accepted"), 2, now)
    for _ in range(2):
        with database.writing() as session:
            undo_batch(session, kept.id, batch, now + timedelta(minutes=1))
    with database.reading() as session:
        state = {key: ItemContent.of(item) for key, item in get_tracker_state(session, kept.id).items()}
        assert [event.what for event in get_item_history(session, kept.id, KEYS[0])] == [
            TrackerEventKind.RESTORE,
            TrackerEventKind.ACCEPTED_ALL,
        ]
    assert state.pop(KEYS[1]) == ItemContent(notes=(replace(OTHER_NOTE, id=1),))
    assert state.pop(KEYS[2]) == done
    assert state.pop(KEYS[3]) == ItemContent(response="accepted")  # somebody has looked at this one by itself
    assert set(state.values()) == {ItemContent()}


def test_a_batch_is_that_of_its_submission_alone(database: Database, kept: Any, now: datetime) -> None:
    batch = say_yes(database, kept, now)
    newer = correct(database, kept, scenario(), now)
    with database.writing() as session:
        assert batch_events(session, newer, ResponseBatch(0, 999_999_999)) == {}
        with pytest.raises(PlanReplacedError):
            undo_batch(session, kept.id, batch, now)
        with pytest.raises(PlanReplacedError):
            accept_remaining(session, kept.id, ["a_key_without_an_answer"], now)


@pytest.mark.both_databases
def test_everybody_at_once_leaves_one_answer_and_one_entry_each(database: Database, kept: Any, now: datetime) -> None:
    gate = threading.Barrier(4)
    faults: list[Exception] = []

    def work(number: int) -> None:
        gate.wait()
        try:
            with database.writing() as session:
                if number % 2:
                    accept_remaining(session, kept.id, KEYS, now)
                else:
                    accept_remaining(session, kept.id, reversed(KEYS), now)
        except Exception as fault:  # noqa: BLE001  # told below, in the thread of the test
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with database.reading() as reader:
        assert {ItemContent.of(item) for item in get_tracker_state(reader, kept.id).values()} == {
            ItemContent(response="accepted")
        }
        assert all(len(get_item_history(reader, kept.id, key)) == 1 for key in KEYS)


@pytest.mark.both_databases
def test_an_answer_given_meanwhile_is_left_alone(database: Database, kept: Any, now: datetime) -> None:
    gate = threading.Barrier(2)

    def refuse() -> None:
        gate.wait()
        for key in KEYS:
            with suppress(EditConflictError), database.writing() as session:
                change_item(session, kept.id, key, NO, 0, now)

    other = threading.Thread(target=refuse)
    other.start()
    gate.wait()
    with database.writing() as session:
        accept_remaining(session, kept.id, KEYS, now)
    other.join()
    with database.reading() as reader:
        for key in KEYS:
            (entry,) = get_item_history(reader, kept.id, key)
            assert ItemContent.of(get_tracker_state(reader, kept.id)[key]) == entry.after

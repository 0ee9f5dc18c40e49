from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Redaction
from assess.assessments.retention import delete_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database
from assess.core.edit_conflicts import EditConflictError
from assess.core.encryption import use_keys
from assess.engine.free_text import REMOVED_TEXT
from assess.plans.action_tracker import services as action_tracker_services
from assess.plans.action_tracker.services import (
    ItemContent,
    PlanReplacedError,
    change_item,
    get_item_history,
    get_item_state,
    get_tracker_state,
    save_rejected_change,
)
from assess.plans.action_tracker.state import UNTOUCHED, EvidenceNote
from assess.plans.models import TrackerEventKind
from tests.decrypted_rows import NoKeys
from tests.plans.action_tracker.conftest import KEY as CONFTEST_KEY
from tests.plans.action_tracker.conftest import StoredSubmission
from tests.plans.records import scenario

KEY = "core_documents"
NOTE = EvidenceNote(0, "Folder in the office", "records", "2026-11-01", "2027-11-01", "said")
ACCEPTED = ItemContent(response="accepted", owner="Jo in the office", due="2026-12-24")
CANARY = "the foreman keeps their passports in a blue tin"


@pytest.mark.both_databases
def test_what_nobody_touched_is_absent_and_what_was_changed_is_all_there(
    database: Database, kept: Any, now: datetime
) -> None:
    with database.reading() as session:
        assert get_tracker_state(session, kept.id) == {}
        assert get_item_state(session, kept.id, KEY) == UNTOUCHED
    with database.writing() as session:
        change_item(session, kept.id, KEY, replace(ACCEPTED, notes=(NOTE,)), 0, now)
    with database.reading() as session:
        state = get_tracker_state(session, kept.id)
    assert list(state) == [KEY]
    assert (state[KEY].response, state[KEY].owner, state[KEY].due, state[KEY].revision) == (
        "accepted",
        "Jo in the office",
        "2026-12-24",
        1,
    )
    assert state[KEY].notes == (replace(NOTE, id=1),)


@pytest.mark.both_databases
def test_an_older_form_changes_nothing_and_hears_what_is_there(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        theirs = change_item(session, kept.id, KEY, ACCEPTED, 0, now)
    with database.writing() as session, pytest.raises(EditConflictError) as conflict:
        change_item(session, kept.id, KEY, ItemContent(response="will_not", reason="cost"), 0, now)
    assert conflict.value.theirs == theirs
    with database.reading() as session:
        assert get_item_state(session, kept.id, KEY) == theirs
        assert len(get_item_history(session, kept.id, KEY)) == 1


@pytest.mark.both_databases
def test_saying_the_same_again_is_no_conflict_and_leaves_no_second_trace(
    database: Database, kept: Any, now: datetime
) -> None:
    said = replace(ACCEPTED, notes=(NOTE,))
    for _ in range(2):
        with database.writing() as session:
            change_item(session, kept.id, KEY, said, 0, now)
    with database.reading() as session:
        assert get_item_state(session, kept.id, KEY).revision == 1
        assert len(get_item_history(session, kept.id, KEY)) == 1


@pytest.mark.both_databases
def test_a_number_of_a_note_is_never_given_to_another(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        first = change_item(session, kept.id, KEY, replace(ACCEPTED, notes=(NOTE,)), 0, now)
        without = change_item(session, kept.id, KEY, replace(ItemContent.of(first), notes=()), 1, now)
        other = replace(ItemContent.of(without), notes=(replace(NOTE, title="Another"),))
        assert [note.id for note in change_item(session, kept.id, KEY, other, 2, now).notes] == [2]


@pytest.mark.both_databases
def test_what_was_not_put_in_is_kept_once(database: Database, kept: Any, now: datetime) -> None:
    mine = ItemContent(response="will_not", reason="other", reason_text="We sold the house")
    with database.writing() as session:
        change_item(session, kept.id, KEY, ACCEPTED, 0, now)
        save_rejected_change(session, kept.id, KEY, mine, now)
        save_rejected_change(session, kept.id, KEY, mine, now)
        offered, *rest = get_item_history(session, kept.id, KEY)
        assert (offered.what, offered.after, len(rest)) == (TrackerEventKind.REJECTED, mine, 1)
        assert get_item_state(session, kept.id, KEY).revision == 1


@pytest.mark.both_databases
def test_a_change_counts_as_use_of_the_assessment(database: Database, kept: Any, now: datetime) -> None:
    later = now + timedelta(days=300)
    with database.writing() as session:
        change_item(session, kept.id, KEY, ACCEPTED, 0, later)
    with database.reading() as session:
        assert session.get_one(Assessment, kept.assessment_id).changed_at == later


@pytest.mark.both_databases
def test_a_plan_that_was_replaced_or_deleted_stays_as_it_is(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        reopen_assessment(session, kept.assessment_id, now)
        newer = submit_assessment(session, kept.assessment_id, lambda _said: scenario(), now).id
    with database.writing() as session:
        with pytest.raises(PlanReplacedError):
            change_item(session, kept.id, KEY, ACCEPTED, 0, now)
        change_item(session, newer, KEY, ACCEPTED, 0, now)
    with database.writing() as session:
        delete_assessment(session, kept.assessment_id)
    with database.writing() as session, pytest.raises(PlanReplacedError):
        change_item(session, newer, KEY, ACCEPTED, 1, now)


@pytest.mark.both_databases
def test_nothing_is_lost_when_many_write_at_once(database: Database, kept: Any, now: datetime) -> None:
    accepted: list[str] = []
    refused: list[str] = []
    gate = threading.Barrier(8)

    def write(name: str) -> None:
        gate.wait()
        for number in range(5):
            words = f"{name}-{number}"
            with database.reading() as session:
                seen = get_item_state(session, kept.id, KEY).revision
            try:
                with database.writing() as session:
                    change_item(session, kept.id, KEY, replace(ACCEPTED, owner=words), seen, now)
                accepted.append(words)
            except EditConflictError:
                refused.append(words)

    threads = [threading.Thread(target=write, args=(f"t{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as reader:
        history = get_item_history(reader, kept.id, KEY)
        state = get_item_state(reader, kept.id, KEY)
    assert len(accepted) + len(refused) == 40
    assert sorted(event.after.owner for event in history) == sorted(accepted)
    assert state.revision == len(history)
    assert [event.revision for event in history] == list(range(len(history), 0, -1))
    told = [event.after.owner for event in reversed(history)]
    assert [event.before.owner for event in reversed(history)] == ["", *told[:-1]]


@pytest.mark.both_databases
@pytest.mark.parametrize("backend", ["sqlite"])
def test_its_words_are_not_left_in_the_file_or_its_log(
    database: Database, database_url: str, kept: Any, now: datetime
) -> None:
    use_keys(database.engine, NoKeys())  # the files are searched for words
    file = Path(str(make_url(database_url).database))

    def found() -> list[str]:
        return [path.name for path in file.parent.glob(f"{file.name}*") if CANARY.encode() in path.read_bytes()]

    with database.writing() as session:
        words = replace(ACCEPTED, owner=CANARY, reason_text=CANARY, notes=(replace(NOTE, title=CANARY),))
        change_item(session, kept.id, KEY, words, 0, now)
        change_item(session, kept.id, KEY, ItemContent(), 1, now)
        save_rejected_change(session, kept.id, KEY, words, now)
    assert found(), "the words never were in the file: this would prove nothing"
    with database.writing() as session:
        delete_assessment(session, kept.assessment_id)
    assert found() == []


WORDS = "Old words of mine"


def test_words_of_the_register_go_with_their_history_and_roles_stay(
    session: Session, kept: StoredSubmission, now: datetime
) -> None:
    note = EvidenceNote(0, WORDS, "records", None, None, "said")
    first = change_item(
        session, kept.id, CONFTEST_KEY, ItemContent(response="accepted", owner=WORDS, notes=(note,)), 0, now
    )
    change_item(
        session, kept.id, CONFTEST_KEY, ItemContent(response="accepted", owner="Site manager"), first.revision, now
    )
    found = action_tracker_services._find_free_text(session, kept.assessment_id)
    assert (WORDS, action_tracker_services.FREE_TEXT_LABEL, True) in {
        (one.text, one.where, one.earlier) for one in found
    }
    action_tracker_services._redact_tracker(session, kept.assessment_id, "something else", now)
    assert WORDS in str(get_item_history(session, kept.id, CONFTEST_KEY))


def test_taking_out_reaches_items_notes_and_events(session: Session, kept: StoredSubmission, now: datetime) -> None:
    note = EvidenceNote(0, WORDS, "records", None, None, "said")
    change_item(session, kept.id, CONFTEST_KEY, ItemContent(response="accepted", owner=WORDS, notes=(note,)), 0, now)
    session.commit()
    session.add(Redaction(assessment_id=kept.assessment_id, began_at=now))
    session.flush()
    assert action_tracker_services._redact_tracker(session, kept.assessment_id, WORDS, now) == 3
    item = get_item_state(session, kept.id, CONFTEST_KEY)
    assert (item.owner, item.notes[0].title) == (REMOVED_TEXT, REMOVED_TEXT)
    assert WORDS not in str(get_item_history(session, kept.id, CONFTEST_KEY))

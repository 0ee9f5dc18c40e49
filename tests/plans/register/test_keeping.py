from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from assess.assessments.models import Assessment
from assess.assessments.removing import delete_assessment
from assess.assessments.submitting import reopen, submit
from assess.kit.db import Database
from assess.kit.encryption import use_keys
from assess.plans.register.keeping import (
    Change,
    ChangedMeanwhileError,
    PlanReplacedError,
    change,
    history_of,
    item_of,
    offer,
    state_of,
)
from assess.plans.register.models import What
from assess.plans.register.state import UNTOUCHED, EvidenceNote
from tests.plans.records import scenario
from tests.readable import NoKeys

pytestmark = pytest.mark.both_databases

KEY = "core_documents"
NOTE = EvidenceNote(0, "Folder in the office", "records", "2026-11-01", "2027-11-01", "said")
ACCEPTED = Change(response="accepted", owner="Jo in the office", due="2026-12-24")
CANARY = "the foreman keeps their passports in a blue tin"


def test_what_nobody_touched_is_absent_and_what_was_changed_is_all_there(
    database: Database, kept: Any, now: datetime
) -> None:
    with database.reading() as look:
        assert state_of(look, kept.id) == {}
        assert item_of(look, kept.id, KEY) == UNTOUCHED
    with database.writing() as session:
        change(session, kept.id, KEY, replace(ACCEPTED, notes=(NOTE,)), 0, now)
    with database.reading() as look:
        state = state_of(look, kept.id)
    assert list(state) == [KEY]
    assert (state[KEY].response, state[KEY].owner, state[KEY].due, state[KEY].revision) == (
        "accepted",
        "Jo in the office",
        "2026-12-24",
        1,
    )
    assert state[KEY].notes == (replace(NOTE, id=1),)


def test_an_older_form_changes_nothing_and_hears_what_is_there(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        theirs = change(session, kept.id, KEY, ACCEPTED, 0, now)
    with database.writing() as session, pytest.raises(ChangedMeanwhileError) as conflict:
        change(session, kept.id, KEY, Change(response="will_not", reason="cost"), 0, now)
    assert conflict.value.theirs == theirs
    with database.reading() as look:
        assert item_of(look, kept.id, KEY) == theirs
        assert len(history_of(look, kept.id, KEY)) == 1


def test_saying_the_same_again_is_no_conflict_and_leaves_no_second_trace(
    database: Database, kept: Any, now: datetime
) -> None:
    said = replace(ACCEPTED, notes=(NOTE,))
    for _ in range(2):
        with database.writing() as session:
            change(session, kept.id, KEY, said, 0, now)
    with database.reading() as look:
        assert item_of(look, kept.id, KEY).revision == 1
        assert len(history_of(look, kept.id, KEY)) == 1


def test_a_number_of_a_note_is_never_given_to_another(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        first = change(session, kept.id, KEY, replace(ACCEPTED, notes=(NOTE,)), 0, now)
        without = change(session, kept.id, KEY, replace(Change.of(first), notes=()), 1, now)
        other = replace(Change.of(without), notes=(replace(NOTE, title="Another"),))
        assert [note.id for note in change(session, kept.id, KEY, other, 2, now).notes] == [2]


def test_what_was_not_put_in_is_kept_once(database: Database, kept: Any, now: datetime) -> None:
    mine = Change(response="will_not", reason="other", reason_text="We sold the house")
    with database.writing() as session:
        change(session, kept.id, KEY, ACCEPTED, 0, now)
        offer(session, kept.id, KEY, mine, now)
        offer(session, kept.id, KEY, mine, now)
        offered, *rest = history_of(session, kept.id, KEY)
        assert (offered.what, offered.after, len(rest)) == (What.OFFERED, mine, 1)
        assert item_of(session, kept.id, KEY).revision == 1


def test_a_change_counts_as_use_of_the_assessment(database: Database, kept: Any, now: datetime) -> None:
    later = now + timedelta(days=300)
    with database.writing() as session:
        change(session, kept.id, KEY, ACCEPTED, 0, later)
    with database.reading() as look:
        assert look.get_one(Assessment, kept.assessment_id).changed_at == later


def test_a_plan_that_was_replaced_or_deleted_stays_as_it_is(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        reopen(session, kept.assessment_id, now)
        newer = submit(session, kept.assessment_id, lambda _said: scenario(), now).id
    with database.writing() as session:
        with pytest.raises(PlanReplacedError):
            change(session, kept.id, KEY, ACCEPTED, 0, now)
        change(session, newer, KEY, ACCEPTED, 0, now)
    with database.writing() as session:
        delete_assessment(session, kept.assessment_id)
    with database.writing() as session, pytest.raises(PlanReplacedError):
        change(session, newer, KEY, ACCEPTED, 1, now)


def test_nothing_is_lost_when_many_write_at_once(database: Database, kept: Any, now: datetime) -> None:
    accepted: list[str] = []
    refused: list[str] = []
    gate = threading.Barrier(8)

    def write(name: str) -> None:
        gate.wait()
        for number in range(5):
            words = f"{name}-{number}"
            with database.reading() as look:
                seen = item_of(look, kept.id, KEY).revision
            try:
                with database.writing() as session:
                    change(session, kept.id, KEY, replace(ACCEPTED, owner=words), seen, now)
                accepted.append(words)
            except ChangedMeanwhileError:
                refused.append(words)

    threads = [threading.Thread(target=write, args=(f"t{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as look:
        history = history_of(look, kept.id, KEY)
        state = item_of(look, kept.id, KEY)
    assert len(accepted) + len(refused) == 40
    assert sorted(event.after.owner for event in history) == sorted(accepted)
    assert state.revision == len(history)
    assert [event.revision for event in history] == list(range(len(history), 0, -1))
    told = [event.after.owner for event in reversed(history)]
    assert [event.before.owner for event in reversed(history)] == ["", *told[:-1]]


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
        change(session, kept.id, KEY, words, 0, now)
        change(session, kept.id, KEY, Change(), 1, now)
        offer(session, kept.id, KEY, words, now)
    assert found(), "the words never were in the file: this would prove nothing"
    with database.writing() as session:
        delete_assessment(session, kept.assessment_id)
    assert found() == []

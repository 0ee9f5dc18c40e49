from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from assess.assessments.submitting import reopen, submit
from assess.kit.db import Database
from assess.plans.register.carrying import keep_registers, texts_of
from assess.plans.register.keeping import Change, change, history_of, state_of
from assess.plans.register.models import What
from assess.plans.register.state import EvidenceNote
from tests.plans.records import Record, scenario

NOTE = EvidenceNote(0, "Folder in the office", "records", "2026-11-01", None, "said")
SAID = Change(response="accepted", owner="Jo", due="2026-12-24", notes=(NOTE,))


@pytest.fixture(autouse=True)
def _taken_over() -> None:
    keep_registers()
    keep_registers()


def correct(database: Database, kept: Any, record: Record, now: datetime) -> int:
    with database.writing() as session:
        reopen(session, kept.assessment_id, now)
        return submit(session, kept.assessment_id, lambda _said: record, now).id


def say_to_all(database: Database, kept: Any, now: datetime) -> list[str]:
    keys = list(texts_of(scenario()))
    with database.writing() as session:
        for key in keys:
            change(session, kept.id, key, SAID, 0, now)
    return keys


def test_what_was_said_of_the_same_action_is_taken_over_with_its_notes(
    database: Database, kept: Any, now: datetime
) -> None:
    keys = say_to_all(database, kept, now)
    newer = correct(database, kept, scenario(), now)
    with database.reading() as look:
        state = state_of(look, newer)
        assert {key: Change.of(item) for key, item in state.items()} == {
            key: replace(SAID, notes=(replace(NOTE, id=1),)) for key in keys
        }
        assert [event.what for event in history_of(look, newer, keys[0])] == [What.CARRIED]


def test_an_action_that_reads_otherwise_and_a_duty_with_another_date_begin_afresh(
    database: Database, kept: Any, now: datetime
) -> None:
    keys = say_to_all(database, kept, now)
    record = scenario()
    record["actions"][0]["do"] = "Something else."
    dated = next(duty for duty in record["duties"] if duty["due"])
    dated["due"] = "2031-01-01"
    gone = record["actions"].pop()["question"]
    newer = correct(database, kept, record, now)
    with database.reading() as look:
        assert set(keys) - set(state_of(look, newer)) == {record["actions"][0]["question"], dated["id"], gone}


def test_a_note_made_later_gets_a_number_of_its_own(database: Database, kept: Any, now: datetime) -> None:
    key = say_to_all(database, kept, now)[0]
    newer = correct(database, kept, scenario(), now)
    with database.writing() as session:
        item = state_of(session, newer)[key]
        more = replace(Change.of(item), notes=(*item.notes, replace(NOTE, title="Another")))
        assert [note.id for note in change(session, newer, key, more, 1, now).notes] == [1, 2]


def test_the_first_submission_and_an_untouched_one_have_nothing_to_take_over(
    database: Database, kept: Any, now: datetime
) -> None:
    newer = correct(database, kept, scenario(), now)
    with database.reading() as look:
        assert state_of(look, newer) == {}

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from assess.kit.db import Database
from assess.plans.register.keeping import Change, ChangedMeanwhileError, PlanReplacedError, change, history_of, state_of
from assess.plans.register.models import What
from assess.plans.register.state import EvidenceNote
from assess.plans.register.together import (
    Batch,
    accept_rest,
    entries_of,
    made_since,
    newest_entry,
    take_back,
)
from tests.plans.records import scenario
from tests.plans.register.test_carrying import correct

KEYS = tuple(action["question"] for action in scenario()["actions"])
NOTE = EvidenceNote(0, "", "policy", None, None, "said")
NO = Change(response="will_not", reason="cost")


def say_yes(database: Database, kept: Any, now: datetime, keys: tuple[str, ...] = KEYS) -> Batch:
    with database.writing() as session:
        before = newest_entry(session, kept.id)
        accept_rest(session, kept.id, keys, now)
        batch = made_since(session, kept.id, before)
    assert batch is not None
    return batch


@pytest.mark.parametrize("text", ["", "-", "1-", "1", "a-b", "1-2-3", "9" * 10 + "-1", "\u0661-\u0662x"])
def test_a_name_that_cannot_be_read_is_no_batch(text: str) -> None:
    assert Batch.read(text) is None
    assert Batch.read(str(Batch(12, 48))) == Batch(12, 48)


def test_all_without_an_answer_get_one_and_the_others_are_left_alone(
    database: Database, kept: Any, now: datetime
) -> None:
    with database.writing() as session:
        change(session, kept.id, KEYS[0], NO, 0, now)
        change(session, kept.id, KEYS[1], Change(notes=(NOTE,)), 0, now)
    batch = say_yes(database, kept, now)
    with database.reading() as look:
        state = state_of(look, kept.id)
        entries = entries_of(look, kept.id, batch)
        histories = {key: [event.what for event in history_of(look, kept.id, key)] for key in KEYS}
    assert Change.of(state[KEYS[0]]) == NO
    assert Change.of(state[KEYS[1]]) == Change(response="accepted", notes=(replace(NOTE, id=1),))
    assert {Change.of(state[key]) for key in KEYS[2:]} == {Change(response="accepted")}
    assert set(entries) == set(KEYS[1:])
    assert histories[KEYS[0]] == [What.CHANGED]
    assert histories[KEYS[1]] == [What.TOGETHER, What.CHANGED]
    assert all(histories[key] == [What.TOGETHER] for key in KEYS[2:])


def test_a_second_press_changes_nothing_and_finds_the_same_batch(database: Database, kept: Any, now: datetime) -> None:
    batch = say_yes(database, kept, now)
    with database.writing() as session:
        accept_rest(session, kept.id, KEYS, now)
        assert made_since(session, kept.id, 0) == batch
        assert made_since(session, kept.id, batch.last) is None
        assert newest_entry(session, kept.id) == batch.last


def test_taking_it_back_spares_what_was_changed_since(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        change(session, kept.id, KEYS[1], Change(notes=(NOTE,)), 0, now)
    batch = say_yes(database, kept, now)
    done = Change(response="accepted", status="done", done_on="2026-11-24")
    with database.writing() as session:
        change(session, kept.id, KEYS[2], done, 1, now)
        change(session, kept.id, KEYS[3], done, 1, now)
        change(session, kept.id, KEYS[3], Change(response="accepted"), 2, now)
    for _ in range(2):
        with database.writing() as session:
            take_back(session, kept.id, batch, now + timedelta(minutes=1))
    with database.reading() as look:
        state = {key: Change.of(item) for key, item in state_of(look, kept.id).items()}
        assert [event.what for event in history_of(look, kept.id, KEYS[0])] == [What.PUT_BACK, What.TOGETHER]
    assert state.pop(KEYS[1]) == Change(notes=(replace(NOTE, id=1),))
    assert state.pop(KEYS[2]) == done
    assert state.pop(KEYS[3]) == Change(response="accepted")  # somebody has looked at this one by itself
    assert set(state.values()) == {Change()}


def test_a_batch_is_that_of_its_submission_alone(database: Database, kept: Any, now: datetime) -> None:
    batch = say_yes(database, kept, now)
    newer = correct(database, kept, scenario(), now)
    with database.writing() as session:
        assert entries_of(session, newer, Batch(0, 999_999_999)) == {}
        with pytest.raises(PlanReplacedError):
            take_back(session, kept.id, batch, now)
        with pytest.raises(PlanReplacedError):
            accept_rest(session, kept.id, ["a_key_without_an_answer"], now)


@pytest.mark.both_databases
def test_everybody_at_once_leaves_one_answer_and_one_entry_each(database: Database, kept: Any, now: datetime) -> None:
    gate = threading.Barrier(4)
    faults: list[Exception] = []

    def work(number: int) -> None:
        gate.wait()
        try:
            with database.writing() as session:
                if number % 2:
                    accept_rest(session, kept.id, KEYS, now)
                else:
                    accept_rest(session, kept.id, reversed(KEYS), now)
        except Exception as fault:  # noqa: BLE001  # told below, in the thread of the test
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with database.reading() as look:
        assert {Change.of(item) for item in state_of(look, kept.id).values()} == {Change(response="accepted")}
        assert all(len(history_of(look, kept.id, key)) == 1 for key in KEYS)


@pytest.mark.both_databases
def test_an_answer_given_meanwhile_is_left_alone(database: Database, kept: Any, now: datetime) -> None:
    gate = threading.Barrier(2)

    def refuse() -> None:
        gate.wait()
        for key in KEYS:
            with suppress(ChangedMeanwhileError), database.writing() as session:
                change(session, kept.id, key, NO, 0, now)

    other = threading.Thread(target=refuse)
    other.start()
    gate.wait()
    with database.writing() as session:
        accept_rest(session, kept.id, KEYS, now)
    other.join()
    with database.reading() as look:
        for key in KEYS:
            (entry,) = history_of(look, kept.id, key)
            assert Change.of(state_of(look, kept.id)[key]) == entry.after

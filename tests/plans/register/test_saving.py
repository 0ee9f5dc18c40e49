from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from assess.assessments.removing import delete_assessment
from assess.kit.db import Database
from assess.plans.register.keeping import Change, PlanReplacedError, change, history_of, item_of, offer, state_of
from assess.plans.register.models import What
from assess.plans.register.saving import DisputedError, Place, Seen, remove_note, save_answer, save_note, tick
from assess.plans.register.state import EvidenceNote
from tests.plans.register.conftest import submit_another

pytestmark = pytest.mark.both_databases

KEY = "core_documents"
NOTE = EvidenceNote(0, "Blue folder", "records", None, None, "said")
MINE = Change(response="accepted", owner="Mine")
HERS = Change(response="accepted", owner="Hers")


@pytest.fixture
def place(kept: Any) -> Place:
    return Place(kept.id, 1, KEY, kept.assessment_id)


@pytest.mark.parametrize("text", ["", ".", "1", "1.", "x.y", "-1.2", "1.2.3", "9" * 12 + ".1"])
def test_what_cannot_be_read_was_never_seen(text: str) -> None:
    assert -1 in (Seen.read(text).number, Seen.read(text).revision)
    assert str(Seen.read("2.5")) == "2.5"


def test_an_answer_leaves_the_notes_and_a_note_leaves_the_answer(
    database: Database, place: Place, now: datetime
) -> None:
    with database.writing() as session:
        save_note(session, place, NOTE, Seen(1, 0), now)
        save_answer(session, place, MINE, Seen(1, 0), now)
        state = save_note(session, place, replace(NOTE, title="Another"), Seen(1, 0), now)
    assert (state.owner, [note.title for note in state.notes], state.revision) == (
        "Mine",
        ["Blue folder", "Another"],
        3,
    )


def test_a_dispute_changes_nothing_and_keeps_what_was_typed(database: Database, place: Place, now: datetime) -> None:
    with database.writing() as session:
        save_answer(session, place, HERS, Seen(1, 0), now)
        with pytest.raises(DisputedError) as dispute:
            save_answer(session, place, MINE, Seen(1, 0), now)
    with database.reading() as look:
        assert item_of(look, place.submission_id, KEY).owner == "Hers"
        newest = history_of(look, place.submission_id, KEY)[0]
    assert (newest.what, newest.id, newest.after) == (What.OFFERED, dispute.value.event_id, MINE)
    assert (dispute.value.theirs.owner, dispute.value.yours) == ("Hers", MINE)


def test_words_never_end_up_with_the_business_that_came_next(database: Database, place: Place, now: datetime) -> None:
    """Between the look and the save one business deletes everything and another submits."""
    assert place.of is not None
    with database.writing() as session:
        delete_assessment(session, place.of)
    another = submit_another(database, now)
    for gone in (place, replace(place, submission_id=another.id)):  # as if its number had been given again
        for save in (
            partial(save_answer, place=gone, answer=MINE, seen=Seen(1, 0), now=now),
            partial(save_note, place=gone, note=NOTE, seen=Seen(1, 0), now=now),
            partial(tick, place=gone, day="2026-11-24", now=now),
            partial(offer, submission_id=gone.submission_id, key=KEY, yours=MINE, now=now, of=gone.of),
        ):
            with database.writing() as session, pytest.raises(PlanReplacedError):
                save(session)
    with database.reading() as look:
        assert state_of(look, another.id) == {}
        assert history_of(look, another.id, KEY) == []


def test_a_form_of_another_submission_is_in_dispute_with_anything_else(
    database: Database, place: Place, now: datetime
) -> None:
    with database.writing() as session:
        save_answer(session, place, HERS, Seen(1, 0), now)
        for seen in (Seen(2, 1), Seen(1, 7), Seen(-1, -1)):
            with pytest.raises(DisputedError):
                save_answer(session, place, MINE, seen, now)
        assert save_answer(session, place, HERS, Seen(2, 1), now).revision == 1


def test_a_note_that_somebody_changed_is_not_removed_unseen(database: Database, place: Place, now: datetime) -> None:
    with database.writing() as session:
        save_note(session, place, NOTE, Seen(1, 0), now)
        save_note(session, place, replace(NOTE, id=1, title="Hers"), Seen(1, 1), now)
        with pytest.raises(DisputedError):
            remove_note(session, place, 1, Seen(1, 1), now)
        assert remove_note(session, place, 1, Seen(1, 2), now).notes == ()
        assert remove_note(session, place, 1, Seen(1, 2), now).revision == 3


def test_a_tick_leaves_everything_else_and_what_is_settled(database: Database, place: Place, now: datetime) -> None:
    with database.writing() as session:
        save_answer(session, place, replace(MINE, due="2027-01-01"), Seen(1, 0), now)
        state = tick(session, place, "2026-11-24", now)
        assert (state.status, state.done_on, state.owner, state.due) == ("done", "2026-11-24", "Mine", "2027-01-01")
        assert tick(session, place, "2026-12-24", now) == state
        change(session, place.submission_id, KEY, Change(response="will_not", reason="cost"), 2, now)
        assert tick(session, place, "2026-12-24", now).response == "will_not"


def test_no_words_are_lost_when_eight_people_write_into_one_item_at_once(
    database: Database, place: Place, now: datetime
) -> None:
    disputed: list[str] = []
    gate = threading.Barrier(8)

    def work(name: str) -> None:
        gate.wait()
        for number in range(3):
            words = f"{name}-{number}"
            with database.reading() as look:
                seen = Seen(1, item_of(look, place.submission_id, KEY).revision)
            with database.writing() as session:
                try:
                    save_answer(session, place, replace(MINE, owner=words), seen, now)
                except DisputedError:
                    disputed.append(words)
            with database.writing() as session:
                save_note(session, place, replace(NOTE, title=words), seen, now)

    threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as look:
        history = history_of(look, place.submission_id, KEY)
        state = item_of(look, place.submission_id, KEY)
    everything = {f"t{name}-{number}" for name in range(8) for number in range(3)}
    assert {note.title for note in state.notes} == everything
    assert {event.after.owner for event in history} - {""} == everything
    assert {event.after.owner for event in history if event.what is What.OFFERED} == set(disputed)
    assert state.revision == sum(event.what is not What.OFFERED for event in history)

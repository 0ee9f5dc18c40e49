"""Moving and going back on both databases: everything comes back, each once, whoever does what at the same moment."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.answering import (
    AlreadySubmittedError,
    OtherEditionError,
    answers_of,
    assessment_of,
    evidence_of,
    facts_of,
    filled,
    save_answers,
    save_evidence,
    save_facts,
)
from assess.assessments.careful.kept import free_questions
from assess.assessments.models import Submission
from assess.assessments.moving.keeping import (
    NothingToUndoError,
    last_move,
    move,
    newer_than,
    said_now,
    undo,
    undo_all,
)
from assess.assessments.moving.models import EditionMove
from assess.assessments.opening import open_by_id
from assess.assessments.owning.models import Because, ToConfirm
from assess.assessments.submitting import reopen, submit
from assess.banks.editions import withdraw
from assess.kit.db import Database
from tests.assessments.moving.conftest import Two

pytestmark = pytest.mark.both_databases

SAID: dict[str, Any] = {"staff": "hired", "hours": 40, "papers": "we"}
RECORD = {"engine": 1, "edition": {"bank": "shop"}, "result": {"score": 11.0, "band": "low"}}


def say(session: Session, two: Two, now: datetime) -> None:
    save_answers(session, two.assessment_id, SAID, {}, now)
    save_evidence(session, two.assessment_id, {"papers", "hours"}, {"papers", "hours"}, now)
    save_facts(session, two.assessment_id, {"turnover": 5, "hires": True}, {}, now)
    session.add(ToConfirm(assessment_id=two.assessment_id, part="answer", question="staff", because=Because.COPIED))
    session.flush()


def go(session: Session, two: Two, now: datetime) -> bool:
    return move(session, two.assessment_id, two.old_id, two.new_id, now)


def move_id(session: Session, two: Two) -> uuid.UUID:
    found = last_move(session, two.assessment_id)
    assert found is not None
    return found.id


def values(session: Session, two: Two) -> dict[str, Any]:
    return {name: one.value for name, one in answers_of(session, two.assessment_id).items()}


def test_a_move_takes_along_what_fits_and_marks_what_to_look_at(database: Database, two: Two, now: datetime) -> None:
    with database.writing() as session:
        say(session, two, now)
        assert go(session, two, now)
        assert values(session, two) == {"staff": "hired", "longest": 40, "papers": "we"}
        assert evidence_of(session, two.assessment_id) == {"papers"}
        assert set(facts_of(session, two.assessment_id)) == {"hires"}
        assert filled(session, two.assessment_id).answers == {}, "what waits is not said"
    opened = open_by_id(database.engine, two.assessment_id, now)
    assert opened is not None
    assert opened.edition_id == two.new_id
    assert opened.changed == {"longest", "papers"}
    assert opened.waiting_answers == {"staff", "longest", "papers"}


def test_going_back_restores_everything(session: Session, two: Two, now: datetime) -> None:
    say(session, two, now)
    before = said_now(session, two.assessment_id)
    go(session, two, now)
    undo(session, two.assessment_id, move_id(session, two), now)
    assert said_now(session, two.assessment_id) == before
    assert assessment_of(session, two.assessment_id).edition_id == two.old_id
    with pytest.raises(NothingToUndoError):
        undo(session, two.assessment_id, uuid.uuid4(), now)
    assert go(session, two, now), "and it may move again"
    undo_all(session, two.assessment_id, now)
    assert said_now(session, two.assessment_id) == before


def test_saving_confirms_only_from_a_page_that_showed_the_newer_question(
    session: Session, two: Two, now: datetime
) -> None:
    say(session, two, now)
    seen = {name: one.revision for name, one in answers_of(session, two.assessment_id).items()}
    go(session, two, now)
    stale = save_answers(session, two.assessment_id, {"papers": "we"}, seen, now)
    assert (stale.saved, stale.conflicts) == ((), ())
    assert said_now(session, two.assessment_id).waiting["papers"] is Because.CHANGED
    assert save_answers(session, two.assessment_id, {"papers": "they"}, seen, now).conflicts
    now_seen = {name: one.revision for name, one in answers_of(session, two.assessment_id).items()}
    save_answers(session, two.assessment_id, {"papers": "we"}, now_seen, now)
    assert "papers" not in said_now(session, two.assessment_id).waiting
    assert filled(session, two.assessment_id).answers == {"papers": "we"}


def test_what_is_submitted_is_never_moved_nor_moved_back(session: Session, two: Two, now: datetime) -> None:
    say(session, two, now)
    go(session, two, now)
    wanted = move_id(session, two)
    submit(session, two.assessment_id, lambda _said: RECORD, now)
    with pytest.raises(AlreadySubmittedError):
        go(session, two, now)
    with pytest.raises(AlreadySubmittedError):
        undo(session, two.assessment_id, wanted, now)
    reopen(session, two.assessment_id, now)
    assert assessment_of(session, two.assessment_id).edition_id == two.new_id
    assert last_move(session, two.assessment_id) is None, "only until it was submitted"


def test_only_from_the_edition_it_has(session: Session, two: Two, now: datetime) -> None:
    assert go(session, two, now)
    assert not go(session, two, now)
    with pytest.raises(OtherEditionError):
        move(session, two.assessment_id, two.old_id, two.old_id + 100, now)
    with pytest.raises(OtherEditionError):
        save_answers(session, two.assessment_id, {"staff": "family"}, {}, now, edition_id=two.old_id)


def test_the_newest_published_edition_is_offered(session: Session, two: Two, now: datetime) -> None:
    found = newer_than(session, two.old_id)
    assert found is not None
    assert (found.edition_id, found.withdrawn) == (two.new_id, False)
    assert newer_than(session, two.new_id) is None
    withdraw(session, "shop", 1, now)
    found = newer_than(session, two.old_id)
    assert found is not None
    assert found.withdrawn
    withdraw(session, "shop", 2, now)
    assert newer_than(session, two.old_id) is None


def at_once(*work: Callable[[], object]) -> list[BaseException]:
    """Do all of it at the same moment; returns what was refused."""
    gate, refused = threading.Barrier(len(work)), []

    def one(do: Callable[[], object]) -> None:
        gate.wait()
        try:
            do()
        except Exception as fault:  # noqa: BLE001  # told below, in the thread of the test
            refused.append(fault)

    threads = [threading.Thread(target=one, args=(do,)) for do in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_browsers_move_at_once_and_a_third_saves(database: Database, two: Two, now: datetime) -> None:
    with database.writing() as session:
        say(session, two, now)
        before = said_now(session, two.assessment_id)

    def moves() -> None:
        with database.writing() as session:
            go(session, two, now)

    def saves() -> None:
        with database.writing() as session:
            seen = {"staff": 1, "hours": 1}
            save_answers(session, two.assessment_id, {"staff": "family", "hours": 41}, seen, now, edition_id=two.old_id)

    refused = at_once(moves, moves, saves)
    with database.writing() as session:
        assert len(session.scalars(select(EditionMove)).all()) == 1
        saved = values(session, two)
        assert saved["staff"] == ("hired" if refused else "family")
        assert saved["longest"] == (40 if refused else 41)
        undo_all(session, two.assessment_id, now)
        wanted = before.answers if refused else {**before.answers, "staff": "family", "hours": 41}
        assert values(session, two) == wanted
    assert [type(fault) for fault in refused] in ([], [OtherEditionError])


def test_moving_while_submitting_freezes_one_edition_whole(database: Database, two: Two, now: datetime) -> None:
    with database.writing() as session:
        say(session, two, now)

    def moves() -> None:
        with database.writing() as session:
            go(session, two, now)

    def submits() -> None:
        with database.writing() as session:
            submit(session, two.assessment_id, lambda _said: RECORD, now, edition_id=two.old_id)

    (refused,) = at_once(moves, submits)
    with database.reading() as look:
        kept = look.scalars(select(Submission)).all()
        assert len(kept) == isinstance(refused, AlreadySubmittedError)
        assert isinstance(refused, AlreadySubmittedError | OtherEditionError)
        wanted = two.old_id if kept else two.new_id
        assert assessment_of(look, two.assessment_id).edition_id == wanted
        assert [one.edition_id for one in kept] == [two.old_id] * len(kept)


def test_words_typed_to_a_question_that_is_not_asked_any_more_can_still_be_taken_out(
    session: Session, two: Two, now: datetime
) -> None:
    go(session, two, now)
    save_answers(session, two.assessment_id, {"till": "Somebody by name"}, {}, now)
    assert "till" in free_questions(session, two.assessment_id)
    undo_all(session, two.assessment_id, now)
    assert "till" not in values(session, two)
    assert "till" in free_questions(session, two.assessment_id)

from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.answering import (
    AlreadySubmittedError,
    AssessmentUnknownError,
    Filled,
    Stored,
    answers_of,
    assessment_of,
    save_answers,
    save_organisation,
)
from assess.assessments.models import Submission
from assess.assessments.submitting import (
    NothingSubmittedError,
    digest_of_record,
    is_intact,
    keep_as_submitted,
    latest_id,
    reopen,
    submission_of,
    submissions_of,
    submit,
)
from assess.kit.db import Database, Document

pytestmark = pytest.mark.both_databases


def record_of(said: Filled) -> Document:
    """A record with what the columns repeat, and what was said."""
    return {
        "engine": 1,
        "edition": {"bank": "farming"},
        "result": {"score": 38.1234567890123, "band": "medium"},
        "actions": [],
        "duties": [],
        "said": {"answers": dict(said.answers), "version": said.version, "name": said.organisation.get("name")},
    }


def quick_record_of(said: Filled) -> Document:
    """The record of a quick check."""
    return {**record_of(said), "quick": True}


def test_what_was_said_is_frozen_with_its_digest_and_closed(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": ["a", "b"], "n": 2.50}, {}, now)
    save_organisation(session, begun, {"name": "Café “Zum Löwen” 漢"}, {}, now)
    made = submit(session, begun, record_of, now)
    session.commit()
    session.expire_all()
    found = submission_of(session, begun)
    assert found.id == made.id
    assert found.record["said"] == {"answers": {"q": ["a", "b"], "n": 2.5}, "version": 1, "name": "Café “Zum Löwen” 漢"}
    assert (found.number, found.sector, found.score, found.band, found.engine) == (
        1,
        "farming",
        38.1234567890123,
        "medium",
        1,
    )
    assert found.digest == digest_of_record(found.record)
    assert is_intact(found)
    assert assessment_of(session, begun).submitted
    with pytest.raises(AlreadySubmittedError):
        save_answers(session, begun, {"q": ["a"]}, {"q": 1}, now)


def test_a_digest_tells_when_a_record_was_touched(session: Session, begun: uuid.UUID, now: datetime) -> None:
    made = submit(session, begun, record_of, now)
    made.record = made.record | {"result": {"score": 1.0, "band": "low"}}
    assert not is_intact(made)


def test_pressing_twice_gives_the_same_submission(session: Session, begun: uuid.UUID, now: datetime) -> None:
    first = submit(session, begun, record_of, now)
    again = submit(session, begun, lambda _said: pytest.fail("the record was made twice"), now + timedelta(minutes=1))
    assert again.id == first.id
    assert len(submissions_of(session, begun)) == 1


def test_twenty_presses_at_once_give_one_submission(database: Database, begun: uuid.UUID, now: datetime) -> None:
    receipts: list[str] = []
    records: list[int] = []
    gate = threading.Barrier(20)

    def build(said: Filled) -> Document:
        records.append(1)
        return record_of(said)

    def press() -> None:
        gate.wait()
        with database.writing() as session:
            receipts.append(submit(session, begun, build, now).digest)

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 20
    assert len(set(receipts)) == 1
    assert len(records) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


def test_a_correction_starts_from_the_old_answers_and_leaves_the_first_submission(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    save_answers(session, begun, {"q": "a"}, {}, now)
    first = submit(session, begun, record_of, now)
    digest = first.digest
    assert reopen(session, begun, now).version == 2
    assert answers_of(session, begun) == {"q": Stored("a", 1)}
    save_answers(session, begun, {"q": "b"}, {"q": 1}, now)
    second = submit(session, begun, record_of, now + timedelta(days=1))
    assert [found.number for found in submissions_of(session, begun)] == [2, 1]
    assert submission_of(session, begun).id == second.id
    assert submission_of(session, begun, 1).record["said"]["answers"] == {"q": "a"}
    assert submission_of(session, begun, 1).digest == digest
    assert second.record["said"]["version"] == 2


def test_opening_a_correction_twice_opens_one(session: Session, begun: uuid.UUID, now: datetime) -> None:
    submit(session, begun, record_of, now)
    assert reopen(session, begun, now).version == 2
    assert reopen(session, begun, now).version == 2


def test_a_correction_is_given_up_and_nothing_typed_is_lost(session: Session, begun: uuid.UUID, now: datetime) -> None:
    save_answers(session, begun, {"q": "a"}, {}, now)
    first = submit(session, begun, quick_record_of, now)
    later = now + timedelta(days=1)
    reopen(session, begun, later).quick = False
    save_answers(session, begun, {"q": "b"}, {"q": 1}, later)
    for _ in range(2):
        kept = keep_as_submitted(session, begun, later)
        assert (kept.version, kept.submitted_at, kept.quick) == (1, first.made_at, True)
    assert submission_of(session, begun).id == first.id
    assert submit(session, begun, record_of, later, version=2).id == first.id
    assert reopen(session, begun, later).version == 2
    assert answers_of(session, begun) == {"q": Stored("b", 2)}
    assert submit(session, begun, record_of, later).number == 2


def test_there_is_nothing_to_keep_before_submitting(session: Session, begun: uuid.UUID, now: datetime) -> None:
    with pytest.raises(NothingSubmittedError):
        keep_as_submitted(session, begun, now)
    assert not assessment_of(session, begun).submitted


def test_giving_up_and_submitting_at_once_leaves_one_of_the_two(
    database: Database, begun: uuid.UUID, now: datetime
) -> None:
    with database.writing() as session:
        submit(session, begun, quick_record_of, now)
        reopen(session, begun, now)
    gate = threading.Barrier(2)

    def give_up() -> None:
        gate.wait()
        with database.writing() as session:
            keep_as_submitted(session, begun, now)

    other = threading.Thread(target=give_up)
    other.start()
    gate.wait()
    with database.writing() as session:
        submit(session, begun, quick_record_of, now, version=2)
    other.join()
    with database.reading() as session:
        closed = assessment_of(session, begun)
        assert closed.submitted
        assert closed.version == submission_of(session, begun).number


def test_a_late_second_press_does_not_submit_the_correction(session: Session, begun: uuid.UUID, now: datetime) -> None:
    first = submit(session, begun, record_of, now, version=1)
    reopen(session, begun, now)
    late = submit(session, begun, record_of, now, version=1)
    assert late.id == first.id
    assert not assessment_of(session, begun).submitted


def test_nobody_can_submit_a_version_that_is_not_begun(session: Session, begun: uuid.UUID, now: datetime) -> None:
    assert submit(session, begun, record_of, now, version=7).number == 1


def test_there_is_nothing_to_correct_before_submitting(session: Session, begun: uuid.UUID, now: datetime) -> None:
    with pytest.raises(NothingSubmittedError):
        reopen(session, begun, now)
    with pytest.raises(NothingSubmittedError):
        submission_of(session, begun)
    submit(session, begun, record_of, now)
    with pytest.raises(NothingSubmittedError):
        submission_of(session, begun, 2)


def test_what_is_not_there_cannot_be_submitted(session: Session, now: datetime) -> None:
    with pytest.raises(AssessmentUnknownError):
        submit(session, uuid.uuid4(), record_of, now)
    with pytest.raises(AssessmentUnknownError):
        reopen(session, uuid.uuid4(), now)


def test_when_making_the_record_fails_nothing_is_submitted(database: Database, begun: uuid.UUID, now: datetime) -> None:
    def fail(_said: Filled) -> Document:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), database.writing() as session:
        submit(session, begun, fail, now)
    with database.reading() as session:
        assert not assessment_of(session, begun).submitted
        assert submissions_of(session, begun) == []


def test_an_answer_is_in_the_record_or_refused_never_lost_between(
    database: Database, begun: uuid.UUID, now: datetime
) -> None:
    kept: list[str] = []
    gate = threading.Barrier(2)

    def save() -> None:
        gate.wait()
        for number in range(30):
            try:
                with database.writing() as session:
                    save_answers(session, begun, {f"q{number}": number}, {}, now)
                kept.append(f"q{number}")
            except AlreadySubmittedError:
                return

    thread = threading.Thread(target=save)
    thread.start()
    gate.wait()
    with database.writing() as session:
        submit(session, begun, record_of, now)
    thread.join()
    with database.reading() as session:
        assert set(submission_of(session, begun).record["said"]["answers"]) == set(kept)


def test_the_newest_is_found_without_its_record(session: Session, begun: uuid.UUID, now: datetime) -> None:
    assert latest_id(session, begun) is None
    first = submit(session, begun, record_of, now)
    assert latest_id(session, begun) == first.id
    reopen(session, begun, now)
    assert latest_id(session, begun) == first.id
    assert latest_id(session, begun) != submit(session, begun, record_of, now).id == latest_id(session, begun)

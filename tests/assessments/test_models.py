"""A note leads to nobody: nothing in its row points anywhere, and no row of it lies in an order of time."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.comments import CommentAuthor, add_comment
from assess.assessments.guest_sessions import open_sign_off_request, open_started_assessment
from assess.assessments.links import make_resume_link
from assess.assessments.models import (
    Answer,
    AnswerEvent,
    Assessment,
    Comment,
    GuestSession,
    QuestionFeedback,
    ResumeLink,
    SignOff,
    SignOffEvent,
    SignOffRequest,
    Submission,
)
from assess.assessments.retention import delete_assessment
from assess.assessments.services import save_answers
from assess.assessments.sign_off import Signature, mark_sign_off_request_opened, request_sign_off, sign_submission
from assess.assessments.submissions import submit_assessment


@pytest.mark.both_databases
def test_comments_go_with_the_assessment(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_comment(session, begun, "q", "Hello", CommentAuthor(None), now, for_delegate=False)
    delete_assessment(session, begun)
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Comment)) == 0


RECORD: dict[str, Any] = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.0, "band": "low"},
    "actions": [],
    "duties": [],
}


@pytest.mark.both_databases
def test_everything_goes_with_the_assessment(session: Session, begun: uuid.UUID, now: datetime) -> None:
    submission = submit_assessment(session, begun, lambda _said: RECORD, now)
    link = request_sign_off(session, submission, "director", now)
    open_sign_off_request(session, mark_sign_off_request_opened(session, link.token, now), now)
    sign_submission(session, submission, Signature("Jo", "director", on_paper=True), now)
    delete_assessment(session, begun)
    session.expire_all()
    for table in (SignOffRequest, SignOff, SignOffEvent, GuestSession):
        assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.both_databases
def test_of_each_submission_one_sign_off_stands(session: Session, begun: uuid.UUID, now: datetime) -> None:
    submission = submit_assessment(session, begun, lambda _said: RECORD, now)
    made = sign_submission(session, submission, Signature("Jo", "director", on_paper=True), now)
    same = insert(SignOff).values(
        assessment_id=begun,
        submission_id=submission.id,
        digest=made.digest,
        name="Al",
        job="owner",
        on_paper=False,
        signed_at=now,
    )
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(same)
    made.taken_back_at = now
    session.flush()
    session.execute(same)


RECORD_MODELS = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.16, "band": "low"},
    "words": "“naïve” 漢字",
}


@pytest.fixture
def submission(session: Session, begun: uuid.UUID, now: datetime) -> Submission:
    save_answers(session, begun, {"q": "a"}, {}, now)
    found = submit_assessment(session, begun, lambda _said: RECORD_MODELS, now)
    session.commit()
    return found


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "change",
    [
        {"record": {"engine": 1}},
        {"digest": "f" * 64},
        {"score": 0.0},
        {"band": "low"},
        {"number": 2},
        {"made_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")},
    ],
)
def test_the_database_refuses_to_change_a_submission(
    session: Session, submission: Submission, change: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError, match="never changed"):
        session.execute(update(Submission).where(Submission.id == submission.id).values(change))


@pytest.mark.both_databases
def test_the_database_refuses_to_remove_a_submission_alone(session: Session, submission: Submission) -> None:
    with pytest.raises(IntegrityError, match="only with its assessment"):
        session.execute(delete(Submission).where(Submission.id == submission.id))


@pytest.mark.both_databases
def test_not_even_plain_sql_changes_what_is_frozen(session: Session, submission: Submission) -> None:
    assert submission.id
    for statement in ("UPDATE submission SET band = 'low'", "UPDATE answer_event SET revision = 9"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(statement))


@pytest.mark.both_databases
def test_the_history_of_an_answer_is_only_ever_added_to(session: Session, submission: Submission) -> None:
    assert submission.id
    for statement in (update(AnswerEvent).values(question="other"), delete(AnswerEvent)):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(statement)
    assert session.scalar(select(func.count()).select_from(AnswerEvent)) == 1


@pytest.mark.both_databases
def test_everything_goes_with_the_assessment_and_nothing_of_another(
    session: Session, begun: uuid.UUID, another: uuid.UUID, submission: Submission, now: datetime
) -> None:
    assert submission.id
    for one in (begun, another):
        make_resume_link(session, one, now)
        open_started_assessment(session, one, now)
    save_answers(session, another, {"q": "b"}, {}, now)
    session.execute(delete(Assessment).where(Assessment.id == begun))
    for table in (Answer, AnswerEvent, ResumeLink, GuestSession):
        assert session.scalars(select(table.assessment_id)).all() == [another]
    assert session.scalar(select(func.count()).select_from(Submission)) == 0


@pytest.mark.both_databases
def test_a_visit_opens_exactly_one_thing(session: Session, begun: uuid.UUID, now: datetime) -> None:
    row = {"token_hash": "0" * 64, "opened_at": now, "used_at": now, "until": now + timedelta(hours=1)}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(GuestSession).values(**row))
    session.execute(insert(GuestSession).values(**row, assessment_id=begun))


@pytest.mark.both_databases
def test_an_assessment_needs_an_edition_that_is_there(session: Session, now: datetime) -> None:
    session.add(Assessment(edition_id=999, quick=False, started_at=now, changed_at=now))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.both_databases
def test_a_number_is_given_to_one_submission_only(session: Session, begun: uuid.UUID, submission: Submission) -> None:
    session.add(
        Submission(
            assessment_id=begun,
            number=1,
            edition_id=submission.edition_id,
            engine=1,
            record={},
            digest="",
            sector="",
            score=0.0,
            band="",
            made_at=submission.made_at,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_note_hangs_on_nothing() -> None:
    table = QuestionFeedback.__table__
    assert not table.foreign_keys
    assert {column.name for column in table.columns} == {"id", "bank", "edition", "question", "month", "words"}
    assert table.dialect_options["sqlite"]["with_rowid"] is False

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.answering import save_answers
from assess.assessments.links import make_resume_link
from assess.assessments.models import Answer, AnswerEvent, Assessment, ResumeLink, Submission, Visit
from assess.assessments.submitting import submit
from assess.assessments.visits import open_started

pytestmark = pytest.mark.both_databases

RECORD = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.16, "band": "low"},
    "words": "“naïve” 漢字",
}


@pytest.fixture
def submission(session: Session, begun: uuid.UUID, now: datetime) -> Submission:
    save_answers(session, begun, {"q": "a"}, {}, now)
    found = submit(session, begun, lambda _said: RECORD, now)
    session.commit()
    return found


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


def test_the_database_refuses_to_remove_a_submission_alone(session: Session, submission: Submission) -> None:
    with pytest.raises(IntegrityError, match="only with its assessment"):
        session.execute(delete(Submission).where(Submission.id == submission.id))


def test_not_even_plain_sql_changes_what_is_frozen(session: Session, submission: Submission) -> None:
    assert submission.id
    for statement in ("UPDATE submission SET band = 'low'", "UPDATE answer_event SET revision = 9"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(statement))


def test_the_history_of_an_answer_is_only_ever_added_to(session: Session, submission: Submission) -> None:
    assert submission.id
    for statement in (update(AnswerEvent).values(question="other"), delete(AnswerEvent)):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(statement)
    assert session.scalar(select(func.count()).select_from(AnswerEvent)) == 1


def test_everything_goes_with_the_assessment_and_nothing_of_another(
    session: Session, begun: uuid.UUID, another: uuid.UUID, submission: Submission, now: datetime
) -> None:
    assert submission.id
    for one in (begun, another):
        make_resume_link(session, one, now)
        open_started(session, one, now)
    save_answers(session, another, {"q": "b"}, {}, now)
    session.execute(delete(Assessment).where(Assessment.id == begun))
    for table in (Answer, AnswerEvent, ResumeLink, Visit):
        assert session.scalars(select(table.assessment_id)).all() == [another]
    assert session.scalar(select(func.count()).select_from(Submission)) == 0


def test_a_visit_opens_exactly_one_thing(session: Session, begun: uuid.UUID, now: datetime) -> None:
    row = {"token_hash": "0" * 64, "opened_at": now, "used_at": now, "until": now + timedelta(hours=1)}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(Visit).values(**row))
    session.execute(insert(Visit).values(**row, assessment_id=begun))


def test_an_assessment_needs_an_edition_that_is_there(session: Session, now: datetime) -> None:
    session.add(Assessment(edition_id=999, quick=False, started_at=now, changed_at=now))
    with pytest.raises(IntegrityError):
        session.flush()


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

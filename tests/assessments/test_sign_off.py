from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from assess.assessments.guest_sessions import may_answer_sign_off_request, open_sign_off_request
from assess.assessments.models import SignOff, SignOffEventKind, Submission
from assess.assessments.services import start_assessment
from assess.assessments.sign_off import (
    REQUEST_DAYS,
    AlreadySignedError,
    NotLatestSubmissionError,
    RecordNotIntactError,
    Signature,
    end_sign_off_request,
    find_sign_off_request,
    get_sign_off,
    get_sign_off_events,
    get_sign_off_requests,
    get_working_sign_off_request,
    mark_sign_off_request_opened,
    request_sign_off,
    send_back_submission,
    sign_submission,
    withdraw_sign_off,
)
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database
from assess.core.links import LinkUnknownError
from tests.assessments.conftest import may_open_assessment

pytestmark = pytest.mark.both_databases

RECORD: dict[str, Any] = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.0, "band": "low"},
    "actions": [],
    "duties": [],
}
JO = Signature("Jo Fenn", "director", on_paper=True)


@pytest.fixture
def submission(session: Session, begun: uuid.UUID, now: datetime) -> Submission:
    return submit_assessment(session, begun, lambda _said: RECORD, now)


def answer_again(session: Session, submission: Submission, now: datetime) -> Submission:
    reopen_assessment(session, submission.assessment_id, now)
    return submit_assessment(session, submission.assessment_id, lambda _said: {**RECORD, "more": 1}, now)


def test_a_sign_off_is_of_one_submission_and_its_digest(
    session: Session, submission: Submission, now: datetime
) -> None:
    made = sign_submission(session, submission, JO, now)
    assert (made.digest, made.name, made.job, made.on_paper) == (submission.digest, "Jo Fenn", "director", True)
    with pytest.raises(AlreadySignedError):
        sign_submission(session, submission, JO, now)
    newer = answer_again(session, submission, now)
    assert get_sign_off(session, newer.id) is None
    assert get_sign_off(session, submission.id) is made
    for act in (
        lambda: sign_submission(session, submission, JO, now),
        lambda: send_back_submission(session, submission, "More", now),
    ):
        with pytest.raises(NotLatestSubmissionError):
            act()
    with pytest.raises(NotLatestSubmissionError):
        request_sign_off(session, submission, "", now)


def test_nobody_signs_a_record_that_was_tampered_with(session: Session, submission: Submission, now: datetime) -> None:
    columns = {column.key: getattr(submission, column.key) for column in Submission.__table__.columns}
    swapped = Submission(**columns | {"id": None, "number": 2, "record": {**RECORD, "result": {"band": "medium"}}})
    session.add(swapped)
    session.flush()
    with pytest.raises(RecordNotIntactError):
        sign_submission(session, swapped, JO, now)


def test_the_history_holds_all_of_it(session: Session, submission: Submission, now: datetime) -> None:
    link = request_sign_off(session, submission, "the director", now)
    assert get_sign_off_requests(session, submission.id)[0].note == "the director"
    assert link.token not in str(session.execute(text("SELECT * FROM sign_off_request")).all())
    mark_sign_off_request_opened(session, link.token, now)
    mark_sign_off_request_opened(session, link.token, now)
    send_back_submission(session, submission, "Say who does the training.", now)
    sign_submission(session, submission, JO, now)
    with pytest.raises(AlreadySignedError):
        send_back_submission(session, submission, "Too late", now)
    withdraw_sign_off(session, submission, now)
    withdraw_sign_off(session, submission, now)
    assert get_sign_off(session, submission.id) is None
    sign_submission(session, submission, JO, now)
    end_sign_off_request(session, submission.assessment_id, link.id, now)
    end_sign_off_request(session, submission.assessment_id, link.id, now)
    happened = [event.what for event in get_sign_off_events(session, submission.assessment_id)]
    assert happened == [
        SignOffEventKind.ENDED,
        SignOffEventKind.SIGNED,
        SignOffEventKind.TAKEN_BACK,
        SignOffEventKind.SIGNED,
        SignOffEventKind.SENT_BACK,
        SignOffEventKind.OPENED,
        SignOffEventKind.ASKED,
    ]


def test_an_ended_link_opens_nothing(
    session: Session, submission: Submission, another: uuid.UUID, now: datetime
) -> None:
    link = request_sign_off(session, submission, "", now)
    token = open_sign_off_request(session, mark_sign_off_request_opened(session, link.token, now), now)
    assert may_answer_sign_off_request(session, token, link.id, now)
    assert not may_open_assessment(session, token, submission.assessment_id, now)
    with pytest.raises(LinkUnknownError):
        end_sign_off_request(session, another, link.id, now)
    end_sign_off_request(session, submission.assessment_id, link.id, now)
    assert not may_answer_sign_off_request(session, token, link.id, now)
    assert get_working_sign_off_request(session, link.id, now) is None
    for act in (find_sign_off_request, mark_sign_off_request_opened):
        with pytest.raises(LinkUnknownError):
            act(session, link.token, now)


def test_a_link_runs_out(session: Session, submission: Submission, now: datetime) -> None:
    link = request_sign_off(session, submission, "", now)
    until = now + timedelta(days=REQUEST_DAYS)
    assert find_sign_off_request(session, link.token, until - timedelta(seconds=1))
    for token in (link.token, "x", "A" * 43):
        with pytest.raises(LinkUnknownError):
            find_sign_off_request(session, token, until)


def test_of_twenty_at_once_one_signs(database: Database, edition_id: int, now: datetime) -> None:
    with database.writing() as session:
        begun = start_assessment(session, edition_id, quick=False, now=now).id
        made = submit_assessment(session, begun, lambda _said: RECORD, now).id
    gate = threading.Barrier(20)
    outcomes: list[str] = []

    def try_it(number: int) -> None:
        gate.wait()
        try:
            with database.writing() as own:
                sign_submission(
                    own, own.get_one(Submission, made), Signature(f"Jo {number}", "director", on_paper=False), now
                )
            outcomes.append("signed")
        except Exception as error:  # noqa: BLE001  # counted below
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["AlreadySignedError"] * 19 + ["signed"]
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(SignOff)) == 1

from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from assess.assessments.answering import start
from assess.assessments.links import LinkUnknownError
from assess.assessments.models import Submission
from assess.assessments.signing.keeping import (
    DAYS,
    NotIntactError,
    NotLatestError,
    Signature,
    SignedAlreadyError,
    ask,
    end,
    find,
    history_of,
    note_opened,
    requests_of,
    send_back,
    sign,
    signed,
    take_back,
    working,
)
from assess.assessments.signing.models import SignOff, What
from assess.assessments.submitting import reopen, submit
from assess.assessments.visits import may_fill, may_review, open_sign_request
from assess.kit.db import Database

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
    return submit(session, begun, lambda _said: RECORD, now)


def answer_again(session: Session, submission: Submission, now: datetime) -> Submission:
    reopen(session, submission.assessment_id, now)
    return submit(session, submission.assessment_id, lambda _said: {**RECORD, "more": 1}, now)


def test_a_sign_off_is_of_one_submission_and_its_digest(
    session: Session, submission: Submission, now: datetime
) -> None:
    made = sign(session, submission, JO, now)
    assert (made.digest, made.name, made.job, made.on_paper) == (submission.digest, "Jo Fenn", "director", True)
    with pytest.raises(SignedAlreadyError):
        sign(session, submission, JO, now)
    newer = answer_again(session, submission, now)
    assert signed(session, newer.id) is None
    assert signed(session, submission.id) is made
    for act in (lambda: sign(session, submission, JO, now), lambda: send_back(session, submission, "More", now)):
        with pytest.raises(NotLatestError):
            act()
    with pytest.raises(NotLatestError):
        ask(session, submission, "", now)


def test_nobody_signs_a_record_that_was_tampered_with(session: Session, submission: Submission, now: datetime) -> None:
    columns = {column.key: getattr(submission, column.key) for column in Submission.__table__.columns}
    swapped = Submission(**columns | {"id": None, "number": 2, "record": {**RECORD, "result": {"band": "medium"}}})
    session.add(swapped)
    session.flush()
    with pytest.raises(NotIntactError):
        sign(session, swapped, JO, now)


def test_the_history_holds_all_of_it(session: Session, submission: Submission, now: datetime) -> None:
    link = ask(session, submission, "  the  director ", now)
    assert requests_of(session, submission.id)[0].note == "the director"
    assert link.token not in str(session.execute(text("SELECT * FROM sign_off_request")).all())
    note_opened(session, link.token, now)
    note_opened(session, link.token, now)
    send_back(session, submission, "Say who does the training.", now)
    sign(session, submission, JO, now)
    with pytest.raises(SignedAlreadyError):
        send_back(session, submission, "Too late", now)
    take_back(session, submission, now)
    take_back(session, submission, now)
    assert signed(session, submission.id) is None
    sign(session, submission, JO, now)
    end(session, submission.assessment_id, link.id, now)
    end(session, submission.assessment_id, link.id, now)
    happened = [event.what for event in history_of(session, submission.assessment_id)]
    assert happened == [
        What.ENDED,
        What.SIGNED,
        What.TAKEN_BACK,
        What.SIGNED,
        What.SENT_BACK,
        What.OPENED,
        What.ASKED,
    ]


def test_an_ended_link_opens_nothing(
    session: Session, submission: Submission, another: uuid.UUID, now: datetime
) -> None:
    link = ask(session, submission, "", now)
    token = open_sign_request(session, note_opened(session, link.token, now), now)
    assert may_review(session, token, link.id, now)
    assert not may_fill(session, token, submission.assessment_id, now)
    with pytest.raises(LinkUnknownError):
        end(session, another, link.id, now)
    end(session, submission.assessment_id, link.id, now)
    assert not may_review(session, token, link.id, now)
    assert working(session, link.id, now) is None
    for act in (find, note_opened):
        with pytest.raises(LinkUnknownError):
            act(session, link.token, now)


def test_a_link_runs_out(session: Session, submission: Submission, now: datetime) -> None:
    link = ask(session, submission, "", now)
    until = now + timedelta(days=DAYS)
    assert find(session, link.token, until - timedelta(seconds=1))
    for token in (link.token, "x", "A" * 43):
        with pytest.raises(LinkUnknownError):
            find(session, token, until)


def test_of_twenty_at_once_one_signs(database: Database, edition_id: int, now: datetime) -> None:
    with database.writing() as session:
        begun = start(session, edition_id, quick=False, now=now).id
        made = submit(session, begun, lambda _said: RECORD, now).id
    gate = threading.Barrier(20)
    outcomes: list[str] = []

    def try_it(number: int) -> None:
        gate.wait()
        try:
            with database.writing() as own:
                sign(own, own.get_one(Submission, made), Signature(f"Jo {number}", "director", on_paper=False), now)
            outcomes.append("signed")
        except Exception as error:  # noqa: BLE001  # counted below
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["SignedAlreadyError"] * 19 + ["signed"]
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(SignOff)) == 1

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.models import Visit
from assess.assessments.removing import delete_assessment
from assess.assessments.signing.keeping import Signature, ask, note_opened, sign
from assess.assessments.signing.models import SignEvent, SignOff, SignRequest
from assess.assessments.submitting import submit
from assess.assessments.visits import open_sign_request

pytestmark = pytest.mark.both_databases

RECORD: dict[str, Any] = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.0, "band": "low"},
    "actions": [],
    "duties": [],
}


def test_everything_goes_with_the_assessment(session: Session, begun: uuid.UUID, now: datetime) -> None:
    submission = submit(session, begun, lambda _said: RECORD, now)
    link = ask(session, submission, "director", now)
    open_sign_request(session, note_opened(session, link.token, now), now)
    sign(session, submission, Signature("Jo", "director", on_paper=True), now)
    delete_assessment(session, begun)
    session.expire_all()
    for table in (SignRequest, SignOff, SignEvent, Visit):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_of_each_submission_one_sign_off_stands(session: Session, begun: uuid.UUID, now: datetime) -> None:
    submission = submit(session, begun, lambda _said: RECORD, now)
    made = sign(session, submission, Signature("Jo", "director", on_paper=True), now)
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

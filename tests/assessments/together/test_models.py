from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import func, select

from assess.assessments.answering import save_answers
from assess.assessments.models import Part
from assess.assessments.removing import delete_assessment
from assess.assessments.together.helping import ask
from assess.assessments.together.models import WITH_HELP, AnsweredTogether, Mode, Together
from assess.kit.db import Database

pytestmark = pytest.mark.both_databases


def test_a_change_is_marked_by_its_revision_and_all_goes_with_the_assessment(
    database: Database, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    with database.writing() as session:
        ask(session, begun, Mode.PHONE, now)
        given = session.scalars(select(Together.id)).one()
        save_answers(session, begun, {"a": "x", "b": "y"}, {}, now)
        session.info[WITH_HELP] = {begun: given}
        save_answers(session, begun, {"a": "z", "b": "y"}, {"a": 1, "b": 1}, now)
        save_answers(session, another, {"a": "x"}, {}, now)
    with database.reading() as look:
        (one,) = look.scalars(select(AnsweredTogether)).all()
    assert (one.assessment_id, one.part, one.question, one.revision, one.assisted_session_id) == (
        begun,
        Part.ANSWER,
        "a",
        2,
        given,
    )
    with database.writing() as session:
        delete_assessment(session, begun)
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(Together)) == 0
        assert look.scalar(select(func.count()).select_from(AnsweredTogether)) == 0

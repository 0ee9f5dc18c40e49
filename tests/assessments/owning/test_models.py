from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import func, select

from assess.assessments.answering import save_answers
from assess.assessments.models import Part
from assess.assessments.owning.models import ToConfirm
from assess.assessments.removing import delete_assessment
from assess.kit.db import Database

pytestmark = pytest.mark.both_databases


def waiting(database: Database) -> int:
    with database.reading() as look:
        return look.scalar(select(func.count()).select_from(ToConfirm)) or 0


def wait(database: Database, assessment_id: uuid.UUID, *names: str) -> None:
    with database.writing() as session:
        session.add_all(ToConfirm(assessment_id=assessment_id, part=Part.ANSWER, question=name) for name in names)


def test_it_goes_with_its_assessment(database: Database, begun: uuid.UUID) -> None:
    wait(database, begun, "a", "b")
    with database.writing() as session:
        delete_assessment(session, begun)
    assert waiting(database) == 0


def test_sending_an_answer_confirms_it_changed_or_not(database: Database, begun: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "x", "b": "y", "c": "z", "d": "w"}, {}, now)
    wait(database, begun, "a", "b", "c", "d")
    with database.writing() as session:
        save_answers(session, begun, {"a": "x", "b": "other", "c": None}, {"a": 1, "b": 1, "c": 1}, now)
    with database.reading() as look:
        assert look.scalars(select(ToConfirm.question)).all() == ["d"]


def test_a_conflict_confirms_nothing(database: Database, begun: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "x"}, {}, now)
        save_answers(session, begun, {"a": "y"}, {"a": 1}, now)
    wait(database, begun, "a")
    with database.writing() as session:
        assert save_answers(session, begun, {"a": "mine"}, {"a": 1}, now).conflicts
    assert waiting(database) == 1

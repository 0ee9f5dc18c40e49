"""Which conflicts are real."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest

from assess.assessments.answering import save_answers
from assess.assessments.conflicts import real_conflicts
from assess.assessments.models import Part
from assess.kit.db import Database

pytestmark = pytest.mark.both_databases


def test_only_what_a_person_changed_can_be_in_conflict(database: Database, begun: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "old", "b": "old", "c": "old"}, {}, now)
        seen = {"a": 1, "b": 1, "c": 1, "d": 0}
        save_answers(session, begun, {"a": "theirs", "b": "theirs", "c": None, "d": "theirs"}, seen, now)
        saved = save_answers(session, begun, {"a": "mine", "b": "old", "c": "old", "d": None}, seen, now)
        assert {conflict.question for conflict in saved.conflicts} == {"a", "b", "c", "d"}
        real = real_conflicts(session, begun, Part.ANSWER, saved.conflicts, seen)
    assert [(conflict.question, conflict.yours, conflict.theirs) for conflict in real] == [("a", "mine", "theirs")]

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from assess.assessments.removing import delete_assessment
from assess.kit.db import Database
from assess.plans.register.keeping import Change, change
from assess.plans.register.models import EvidenceRow, RegisterEvent, RegisterItem
from assess.plans.register.state import EvidenceNote

pytestmark = pytest.mark.both_databases

NOTE = EvidenceNote(0, "Folder in the office", "records", "2026-11-01", None, "said")


@pytest.mark.parametrize(
    "statement", ["UPDATE tracked_action_event SET revision = 7", "DELETE FROM tracked_action_event"]
)
def test_the_history_is_never_altered(database: Database, kept: Any, now: datetime, statement: str) -> None:
    with database.writing() as session:
        change(session, kept.id, "core_documents", Change(response="accepted"), 0, now)
    with database.writing() as session, pytest.raises(IntegrityError):
        session.execute(text(statement))


def test_all_of_it_goes_with_the_assessment(database: Database, kept: Any, now: datetime) -> None:
    def rows() -> list[int]:
        with database.reading() as look:
            return [
                look.scalar(select(func.count()).select_from(table)) or 0
                for table in (RegisterItem, EvidenceRow, RegisterEvent)
            ]

    with database.writing() as session:
        change(session, kept.id, "core_documents", Change(response="accepted", notes=(NOTE,)), 0, now)
    assert rows() == [1, 1, 1]
    with database.writing() as session:
        delete_assessment(session, kept.assessment_id)
    assert rows() == [0, 0, 0]

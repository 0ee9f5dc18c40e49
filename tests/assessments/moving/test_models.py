from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment
from assess.assessments.moving.keeping import move, undo_all
from assess.assessments.moving.models import EditionMove
from tests.assessments.moving.conftest import Two

pytestmark = pytest.mark.both_databases


def test_a_move_is_never_changed_and_goes_only_with_its_assessment(session: Session, two: Two, now: datetime) -> None:
    move(session, two.assessment_id, two.old_id, two.new_id, now)
    session.commit()
    for forbidden in (update(EditionMove).values(before={}), delete(EditionMove)):
        with pytest.raises(IntegrityError):
            session.execute(forbidden)
        session.rollback()
    undo_all(session, two.assessment_id, now)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(update(EditionMove).values(undone_at=None))
    session.rollback()
    session.execute(delete(Assessment))
    assert session.scalars(select(EditionMove)).all() == []

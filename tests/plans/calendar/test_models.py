from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.plans.calendar.models import CalendarFeed

pytestmark = pytest.mark.both_databases


def test_an_address_hangs_on_an_assessment(session: Session, now: datetime) -> None:
    session.add(CalendarFeed(assessment_id=uuid.UUID(int=7), token_hash="0" * 64, made_at=now))
    with pytest.raises(IntegrityError):
        session.flush()


def test_nothing_about_who_fetches_it_can_be_stored() -> None:
    assert set(CalendarFeed.__table__.columns.keys()) == {
        "id",
        "assessment_id",
        "token_hash",
        "made_at",
        "ended_at",
        "opened",
        "last_opened_at",
    }
    assert select(CalendarFeed).whereclause is None

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.delegation.answers import keep
from assess.assessments.delegation.models import DelegatedAnswer, Delegation, DelegationEvent
from assess.assessments.models import Visit
from assess.assessments.removing import delete_assessment
from assess.assessments.visits import open_delegation

pytestmark = pytest.mark.both_databases


def test_everything_goes_with_the_assessment(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    delegation = linked.delegation
    keep(session, delegation, {"q": "a"}, (), now)
    open_delegation(session, delegation, now)
    delete_assessment(session, begun)
    session.expire_all()
    for table in (Delegation, DelegatedAnswer, DelegationEvent, Visit):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_visit_opens_one_thing(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    delegation = linked.delegation
    both = {"assessment_id": begun, "delegation_id": delegation.id}
    for opens in (both, {}):
        visit = insert(Visit).values(token_hash="x", opened_at=now, used_at=now, until=now, **opens)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(visit)

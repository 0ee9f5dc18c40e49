"""An assessment that stays with an edition, in a database of its own; and one begun in a browser, as a person does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.queries import open_for_guest
from assess.assessments.services import start_assessment


@pytest.fixture
def another(session: Session, edition_id: int, now: datetime) -> uuid.UUID:
    """The id of somebody else's assessment."""
    found = start_assessment(session, edition_id, quick=False, now=now).id
    session.commit()
    return found


@pytest.fixture
def begin(visit: Any) -> Callable[..., str]:
    """`begin()` starts an assessment in this browser and gives its address, like "/assessments/…/"."""

    def begin_one(bank: str = "car_washes", length: str = "full", who: Any = visit) -> str:
        who(f"/start?bank={bank}")
        page = who.send(length=length)
        assert page.status == 200, page.text
        return str(page.address.split("/questions")[0].rstrip("/")) + "/"

    return begin_one


@pytest.fixture
def identify(visit: Any) -> Callable[[str], None]:
    """Give the name and the area that a submission needs."""

    def give(home: str) -> None:
        visit(f"{home}business")
        assert visit.send(name="Fen Edge Hand Wash", area="norfolk").status == 200

    return give


def submission_numbers(session: Session, assessment_id: uuid.UUID) -> list[int]:
    wanted = select(Submission.number).where(Submission.assessment_id == assessment_id)
    return list(session.scalars(wanted.order_by(Submission.number)))


def may_open_assessment(session: Session, token: str | None, assessment_id: uuid.UUID, now: datetime) -> bool:
    """Whether the guest session of this token opens it. Commits, for this is read beside the session."""
    session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    return open_for_guest(engine, token, assessment_id, now) is not None


def id_of(home: str) -> uuid.UUID:
    """Of an address like "/assessments/…/"."""
    return uuid.UUID(home.split("/")[2])


def submit(visit: Any, home: str) -> None:
    visit(f"{home}check")
    assert visit.send("/submit", reread="yes", follow=False).status == 303

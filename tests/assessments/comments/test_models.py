from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.comments.keeping import Author, write
from assess.assessments.comments.models import Comment
from assess.assessments.removing import delete_assessment

pytestmark = pytest.mark.both_databases


def test_comments_go_with_the_assessment(session: Session, begun: uuid.UUID, now: datetime) -> None:
    write(session, begun, "q", "Hello", Author(None), now, for_delegate=False)
    delete_assessment(session, begun)
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Comment)) == 0

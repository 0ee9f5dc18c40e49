from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from assess.assessments.comments import keeping
from assess.assessments.comments.keeping import (
    Author,
    CommentStaysError,
    TooManyCommentsError,
    for_delegates,
    last_of,
    open_counts,
    settle,
    take_away,
    thread_of,
    write,
)
from assess.people.models import Person

pytestmark = pytest.mark.both_databases

HOLDER = Author(None)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def member(session: Session, now: datetime) -> Author:
    person = Person(email="kim@fen.example", name="Kim", made_at=now)
    session.add(person)
    session.flush()
    return Author(person.id)


def words(session: Session, assessment_id: uuid.UUID, question: str = "q") -> list[str]:
    return [comment.words for comment in thread_of(session, assessment_id, question)]


def test_a_thread_is_one_question_of_one_business(
    session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    write(session, begun, "q", "One", HOLDER, now, for_delegate=False)
    write(session, begun, "q", "Two", HOLDER, now + MINUTE, for_delegate=True)
    write(session, begun, "r", "Elsewhere", HOLDER, now, for_delegate=True)
    write(session, another, "q", "Somebody else", HOLDER, now, for_delegate=True)
    assert words(session, begun) == ["One", "Two"]
    assert open_counts(session, begun) == {"q": 2, "r": 1}
    assert [comment.words for comment in for_delegates(session, begun, {"q"})] == ["Two"]
    settle(session, begun, "q", now)
    assert open_counts(session, begun) == {"r": 1}
    assert list(for_delegates(session, begun, {"q"})) == []
    assert words(session, begun) == ["One", "Two"], "what was said stays to be read"


def test_one_takes_away_ones_own_while_nobody_has_answered(
    session: Session, begun: uuid.UUID, another: uuid.UUID, member: Author, now: datetime
) -> None:
    mine = write(session, begun, "q", "Mine", member, now, for_delegate=False).id
    for assessment_id, author in ((begun, HOLDER), (another, member)):
        with pytest.raises(CommentStaysError):
            take_away(session, assessment_id, "q", mine, author)
    theirs = write(session, begun, "q", "Theirs", HOLDER, now + MINUTE, for_delegate=False).id
    with pytest.raises(CommentStaysError):
        take_away(session, begun, "q", mine, member)
    take_away(session, begun, "q", theirs, HOLDER)
    take_away(session, begun, "q", mine, member)
    assert words(session, begun) == []


def test_what_is_settled_stays(session: Session, begun: uuid.UUID, now: datetime) -> None:
    mine = write(session, begun, "q", "Mine", HOLDER, now, for_delegate=False).id
    settle(session, begun, "q", now)
    with pytest.raises(CommentStaysError):
        take_away(session, begun, "q", mine, HOLDER)


def test_what_somebody_without_an_account_any_more_wrote_is_nobodys(
    session: Session, begun: uuid.UUID, member: Author, now: datetime
) -> None:
    write(session, begun, "q", "Mine", member, now, for_delegate=False)
    session.execute(delete(Person))
    session.expire_all()
    assert last_of(thread_of(session, begun, "q"), HOLDER) is None


def test_so_many_comments_are_enough(
    session: Session, begun: uuid.UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_OF_A_QUESTION", 1)
    write(session, begun, "q", "One", HOLDER, now, for_delegate=False)
    with pytest.raises(TooManyCommentsError):
        write(session, begun, "q", "Two", HOLDER, now, for_delegate=False)

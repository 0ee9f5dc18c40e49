from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from assess.assessments import comments as assessments_comments
from assess.assessments.comments import (
    CommentAuthor,
    CommentNotRemovableError,
    TooManyCommentsError,
    add_comment,
    close_thread,
    comments_for_delegates,
    delete_comment,
    get_thread,
    open_comment_counts,
    removable_comment_id,
)
from assess.identity.models import Person

pytestmark = pytest.mark.both_databases

HOLDER = CommentAuthor(None)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def member(session: Session, now: datetime) -> CommentAuthor:
    person = Person(email="kim@fen.example", name="Kim", made_at=now)
    session.add(person)
    session.flush()
    return CommentAuthor(person.id)


def words(session: Session, assessment_id: uuid.UUID, question: str = "q") -> list[str]:
    return [comment.words for comment in get_thread(session, assessment_id, question)]


def test_a_thread_is_one_question_of_one_business(
    session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    add_comment(session, begun, "q", "One", HOLDER, now, for_delegate=False)
    add_comment(session, begun, "q", "Two", HOLDER, now + MINUTE, for_delegate=True)
    add_comment(session, begun, "r", "Elsewhere", HOLDER, now, for_delegate=True)
    add_comment(session, another, "q", "Somebody else", HOLDER, now, for_delegate=True)
    assert words(session, begun) == ["One", "Two"]
    assert open_comment_counts(session, begun) == {"q": 2, "r": 1}
    assert [comment.words for comment in comments_for_delegates(session, begun, {"q"})] == ["Two"]
    close_thread(session, begun, "q", now)
    assert open_comment_counts(session, begun) == {"r": 1}
    assert list(comments_for_delegates(session, begun, {"q"})) == []
    assert words(session, begun) == ["One", "Two"], "what was said stays to be read"


def test_one_takes_away_ones_own_while_nobody_has_answered(
    session: Session, begun: uuid.UUID, another: uuid.UUID, member: CommentAuthor, now: datetime
) -> None:
    mine = add_comment(session, begun, "q", "Mine", member, now, for_delegate=False).id
    for assessment_id, author in ((begun, HOLDER), (another, member)):
        with pytest.raises(CommentNotRemovableError):
            delete_comment(session, assessment_id, "q", mine, author)
    theirs = add_comment(session, begun, "q", "Theirs", HOLDER, now + MINUTE, for_delegate=False).id
    with pytest.raises(CommentNotRemovableError):
        delete_comment(session, begun, "q", mine, member)
    delete_comment(session, begun, "q", theirs, HOLDER)
    delete_comment(session, begun, "q", mine, member)
    assert words(session, begun) == []


def test_what_is_settled_stays(session: Session, begun: uuid.UUID, now: datetime) -> None:
    mine = add_comment(session, begun, "q", "Mine", HOLDER, now, for_delegate=False).id
    close_thread(session, begun, "q", now)
    with pytest.raises(CommentNotRemovableError):
        delete_comment(session, begun, "q", mine, HOLDER)


def test_what_somebody_without_an_account_any_more_wrote_is_nobodys(
    session: Session, begun: uuid.UUID, member: CommentAuthor, now: datetime
) -> None:
    add_comment(session, begun, "q", "Mine", member, now, for_delegate=False)
    session.execute(delete(Person))
    session.expire_all()
    assert removable_comment_id(get_thread(session, begun, "q"), HOLDER) is None


def test_so_many_comments_are_enough(
    session: Session, begun: uuid.UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessments_comments, "MAX_COMMENTS_PER_QUESTION", 1)
    add_comment(session, begun, "q", "One", HOLDER, now, for_delegate=False)
    with pytest.raises(TooManyCommentsError):
        add_comment(session, begun, "q", "Two", HOLDER, now, for_delegate=False)
